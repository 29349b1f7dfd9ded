"""Flow meters: consumption by counters that may begin again and may be wrong for a while (reference 6.7)."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Flags, Floats, Ints
from services.generation.domain.fuel_events import FuelEvents
from services.generation.domain.level_days import EdgeLevels
from services.generation.domain.tank_levels import Period
from services.generation.domain.value_series import Readings


def glitches(counter: Floats) -> Flags:
    """Return of each value whether it does not count.

    Values after a fall do not when the counter comes back to the old value in one step of at least half the fall.
    """
    wrong = np.zeros(len(counter), np.bool_)
    falls = np.flatnonzero(np.diff(counter) < 0) + 1
    back = next_at_least(counter, falls, counter[falls - 1])
    comes_back = back < len(counter)
    at = np.where(comes_back, back, falls)
    is_step = comes_back & (counter[at] - counter[at - 1] >= (counter[falls - 1] - counter[falls]) / 2)
    reached = 0
    for first, end in zip(falls[is_step].tolist(), back[is_step].tolist(), strict=True):
        if first >= reached:
            wrong[first:end] = True
            reached = end
    return wrong


def rises(counter: Floats) -> Floats:
    """Return by how much each value without glitches shows more than the one before; after a fall it began at 0."""
    steps = np.diff(counter, prepend=counter[:1])
    return np.where(steps < 0, counter, steps)


def next_at_least(values: Floats, start: Ints, least: Floats) -> Ints:
    """Return the first row from each start at which a value is at least so much, the number of rows without any."""
    levels = [values]
    while len(levels[-1]) > 1:
        below = np.append(levels[-1], np.full(len(levels[-1]) % 2, -np.inf))
        levels.append(np.maximum(below[::2], below[1::2]))
    found, height = start.copy(), np.zeros(len(start), np.int64)
    open_ = np.ones(len(start), np.bool_)
    for level, most in enumerate(levels):  # upwards, until a node reaches far enough; those passed do not
        rows = np.flatnonzero(open_ & (height == level))
        inside = rows[found[rows] < len(most)]
        done = inside[most[found[inside]] >= least[inside]]
        open_[done] = False
        rest = rows[open_[rows]]
        found[rest] = (found[rest] + 1) // 2
        height[rest] += 1
    for level in range(len(levels) - 1, 0, -1):  # downwards, to the first that does
        rows = np.flatnonzero(~open_ & (height == level))
        left = 2 * found[rows]
        found[rows] = np.where(levels[level - 1][left] >= least[rows], left, left + 1)
        height[rows] -= 1
    return np.where(open_, len(values), found)


@dataclass(frozen=True, slots=True)
class Flow:
    """Readings of a flow meter at the start and the end of each row, their number, and the consumption between them."""

    start: Floats
    end: Floats
    consumed: Floats
    count: Ints


def find_flow(readings: Readings, period: Period) -> Flow:
    """Return the flow in the rows of a period; what is consumed over their edges belongs to the row of the reading."""
    rows, size = period.rows, len(period.rows)
    edges = EdgeLevels(rows, None, period.end_ms, before=True)
    consumed, count = np.zeros(size), np.zeros(size, np.int64)
    for block in readings.blocks(period.start_ms, period.end_ms):
        kept = block.values[~glitches(block.values.value)]
        edges.add(kept[kept.time_ms < block.end_ms])
        row = np.where(block.holds(kept.time_ms), rows.at(kept.time_ms), -1)
        inside = row >= 0
        consumed += np.bincount(row[inside], rises(kept.value)[inside], minlength=size)
        count += np.bincount(row[inside], minlength=size)
    return Flow(*edges.levels(FuelEvents.empty()), consumed, count)
