"""Thinning of series: fewer points that look the same, without losing a peak."""

import numpy as np

from services.generation.domain.columnar import Flags, Floats, Ints

MOST_POINTS = 20_000
COLUMNS = MOST_POINTS // 4  # of each its first, smallest, largest and last value stay


def thinned(x: Floats | Ints, y: Floats, bounds: tuple[float, float]) -> Ints:
    """Return the rows of a series that stay when x, which does not fall, is cut into columns between two bounds.

    Of neighbouring unknown values (NaN) the first stays.
    """
    low, high = bounds
    column = np.floor((np.asarray(x, np.float64) - low) / max(high - low, 1.0) * COLUMNS).astype(np.int64)
    unknown = np.isnan(y)
    run = np.append(True, (column[1:] != column[:-1]) | (unknown[1:] != unknown[:-1]))[: len(y)]
    starts = np.flatnonzero(run)
    if not len(starts):
        return starts
    ends = np.append(starts[1:], len(y)) - 1
    group = np.repeat(np.arange(len(starts)), ends - starts + 1)
    extremes = [_firsts(y == reduced.reduceat(y, starts)[group], group) for reduced in (np.minimum, np.maximum)]
    repeats = np.append(False, unknown[1:] & unknown[:-1])[: len(y)]
    rows: Ints = np.unique(np.concatenate([starts, ends, *extremes]))
    kept: Ints = rows[~repeats[rows]]
    return kept


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
