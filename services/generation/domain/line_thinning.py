"""Thinning of lines on a map: fewer points that look the same at a zoom."""

from collections.abc import Iterable

import numpy as np

from services.generation.domain.columnar import Flags, Floats, Ints
from services.generation.domain.track_lines import TrackLine

FINEST_ZOOM, COARSEST_ZOOM = 22, -9  # of the latter a single cell holds the world
TILE_PIXELS = 256
CELLS_PER_PIXEL = 2
FARTHEST_LAT = 89.99  # degrees; a map in Mercator's projection shows nothing beyond 85.06


def cells(lat: Floats, lng: Floats, zoom: int) -> tuple[Ints, Ints]:
    """Return the column and the row of the cell of each place, half a pixel wide at a zoom of a web map.

    A cell consists of four of those at the next zoom.
    """
    count = float(TILE_PIXELS * CELLS_PER_PIXEL) * 2.0**zoom
    sine = np.sin(np.radians(np.clip(lat, -FARTHEST_LAT, FARTHEST_LAT)))
    x, y = (lng + 180) / 360, 0.5 - np.arctanh(sine) / (2 * np.pi)
    return np.floor(x * count).astype(np.int64), np.floor(y * count).astype(np.int64)


class LineThinner:
    """Lines by number, each in pieces, without the points that would not be seen.

    Of points in a row in the same cell the first stays; a point that is left out lies less than half a pixel from it in
    either direction. The last and the fastest point of a line stay, and those behind a gap. While more than
    `point_limit` points stay, the zoom falls by one, and the cells grow. How the lines are cut changes nothing.
    """

    def __init__(self, zoom: int | None, point_limit: int) -> None:
        self.zoom = FINEST_ZOOM if zoom is None else zoom
        self._point_limit = point_limit
        self._lines: dict[int, _ThinLine] = {}

    def add(self, number: int, piece: TrackLine) -> None:
        """Add the next piece of a line."""
        if not len(piece):
            return
        self._lines.setdefault(number, _ThinLine()).add(piece, self.zoom)
        self._coarsen(sum(line.run_count for line in self._lines.values()))

    def lines(self) -> Iterable[tuple[int, TrackLine]]:
        """Return the lines that are not empty, by number."""
        found = {number: line.points() for number, line in sorted(self._lines.items())}
        while self._coarsen(sum(map(len, found.values()))):
            found = {number: self._lines[number].points() for number in found}
        return found.items()

    def fall_to(self, zoom: int) -> None:
        """Let the zoom be no larger than this one."""
        if zoom < self.zoom:
            self.zoom = zoom
            for line in self._lines.values():
                line.thin(zoom)

    def _coarsen(self, count: int) -> bool:
        """Let the zoom fall when so many points are too many; return whether it fell."""
        is_too_much = count > self._point_limit and self.zoom > COARSEST_ZOOM
        if is_too_much:
            self.fall_to(self.zoom - 1)
        return is_too_much


class _ThinLine:
    """First points of the runs of points in the same cell, the last point of all, and the fastest."""

    def __init__(self) -> None:
        self._pieces: list[TrackLine] = []
        self._last = self._fastest = TrackLine.empty()

    @property
    def run_count(self) -> int:
        """Number of the runs."""
        return sum(map(len, self._pieces))

    def add(self, piece: TrackLine, zoom: int) -> None:
        """Add the next points."""
        known = self._pieces[-1][-1:] if self._pieces else TrackLine.empty()
        rows = TrackLine.join([known, piece])
        starts = _run_starts(rows, zoom)[len(known) :]
        self._pieces.append(piece[starts])
        self._pieces = [one for one in self._pieces if len(one)]
        self._last = piece[-1:]
        contenders = TrackLine.join([self._fastest, piece])
        fastest = int(np.argmax(contenders.speed_kmh))
        self._fastest = contenders[fastest : fastest + 1]

    def thin(self, zoom: int) -> None:
        """Keep the first points of the runs in larger cells."""
        whole = TrackLine.join(self._pieces)
        self._pieces = [whole[_run_starts(whole, zoom)]]

    def points(self) -> TrackLine:
        """Return the points that stay."""
        found = TrackLine.join([*self._pieces, self._fastest, self._last])
        _, rows = np.unique(found.time_ms, return_index=True)
        return found[rows]


def _run_starts(line: TrackLine, zoom: int) -> Flags:
    """Return of each point whether it is in another cell than the one before, or behind a gap."""
    column, row = cells(line.lat, line.lng, zoom)
    starts = line.after_gap.copy()
    starts[:1] = True
    starts[1:] |= (column[1:] != column[:-1]) | (row[1:] != row[:-1])
    return starts
