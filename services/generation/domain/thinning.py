"""Thinning of series: fewer points that look the same, without losing a peak."""

import numpy as np

from services.generation.domain.columnar import Flags, Floats, Ints

MOST_POINTS = 20_000
OF_COLUMN = 5  # its first and last point, its smallest and largest value, and an unknown one
COLUMNS = MOST_POINTS // OF_COLUMN


def thinned(x: Floats | Ints, y: Floats, bounds: tuple[float, float], columns: int = COLUMNS) -> Ints:
    """Return the rows of a series that stay when x, which does not fall, is cut into columns between two bounds.

    Of each column the first and the last row stay, the smallest and the largest value, and the first unknown one (NaN):
    at most OF_COLUMN rows. Of neighbouring unknown values the first stays, so that a gap is one of them. Points outside
    of the bounds belong to the column beside them.
    """
    low, high = bounds
    place = np.floor((np.asarray(x, np.float64) - low) / ((high - low) or 1.0) * columns)
    column = np.clip(place, 0, columns - 1)
    starts = np.flatnonzero(np.append(True, column[1:] != column[:-1])[: len(y)])
    if not len(starts):
        return starts
    ends = np.append(starts[1:], len(y)) - 1
    group, unknown = np.repeat(np.arange(len(starts)), ends - starts + 1), np.isnan(y)
    with np.errstate(invalid="ignore"):
        reduced = [extreme.reduceat(y, starts)[group] for extreme in (np.fmin, np.fmax)]
    chosen = [_firsts(flags, group) for flags in (*(y == one for one in reduced), unknown)]
    rows: Ints = np.unique(np.concatenate([starts, ends, *chosen]))
    is_gap = unknown[rows]
    kept: Ints = rows[~np.append(False, is_gap[1:] & is_gap[:-1])]
    return kept


def seen_between(x: Floats, bounds: tuple[float, float]) -> slice:
    """Return the rows of a series, whose x does not fall, that a drawing between two bounds needs.

    They are those inside, and one on either side, to which the line goes on.
    """
    low, high = np.searchsorted(x, bounds[0], "right"), np.searchsorted(x, bounds[1], "left")
    return slice(max(int(low) - 1, 0), int(high) + 1)


class Thinner:
    """Series that comes in pieces and is thinned when it has too many points."""

    def __init__(self, bounds: tuple[float, float]) -> None:
        self._bounds = bounds
        self._x: list[Floats] = []
        self._y: list[Floats] = []
        self._count = 0
        self._is_thinned = False

    def add(self, x: Floats | Ints, y: Floats) -> None:
        """Add the next points."""
        self._x.append(np.asarray(x, np.float64))
        self._y.append(np.asarray(y, np.float64))
        self._count += len(x)
        if self._count > 2 * MOST_POINTS:
            self._thin()

    def points(self) -> tuple[Floats, Floats]:
        """Return the points that stay: all where there are few."""
        if self._is_thinned or self._count > MOST_POINTS:
            self._thin()
        return np.concatenate([np.empty(0), *self._x]), np.concatenate([np.empty(0), *self._y])

    def _thin(self) -> None:
        x, y = np.concatenate(self._x), np.concatenate(self._y)
        rows = thinned(x, y, self._bounds)
        self._x, self._y, self._count, self._is_thinned = [x[rows]], [y[rows]], len(rows), True


def _firsts(flags: Flags, group: Ints) -> Ints:
    """Return the first row of each group that is flagged."""
    rows = np.flatnonzero(flags)
    return rows[np.unique(group[rows], return_index=True)[1]]
