"""Running medians: of the neighbours of each value, or of windows of any length."""

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.columnar import Flags, Floats, Ints

Narrow = NDArray[np.int32]

AROUND = 11
HALF = AROUND // 2
SAMPLED = 5  # windows in the width of one
BLOCK = 8_192  # medians found at once, so that columns stay in the processor's cache
_NETWORK = (
    (0, 9), (1, 6), (2, 4), (3, 7), (5, 8), (0, 1), (3, 5), (4, 10), (6, 9), (7, 8), (1, 3), (2, 5), (4, 7), (8, 10),
    (0, 4), (1, 2), (3, 7), (5, 9), (6, 8), (0, 1), (2, 6), (4, 5), (7, 8), (9, 10), (2, 4), (3, 6), (5, 7), (8, 9),
    (1, 2), (3, 4), (5, 6), (7, 8), (2, 3), (4, 5), (6, 7),
)  # fmt: skip  # exchanges that sort 11 values


def _needed() -> tuple[tuple[int, int, bool, bool], ...]:
    """Return the exchanges that decide about the median, each with whether its lower and upper value are needed."""
    wanted, kept = {HALF}, []
    for low, high in reversed(_NETWORK):
        if low in wanted or high in wanted:
            kept.append((low, high, low in wanted, high in wanted))
            wanted |= {low, high}
    return tuple(reversed(kept))


_EXCHANGES = _needed()


def medians_around(values: Floats) -> Floats:
    """Return the median of the 11 values around each, of fewer at the ends."""
    count = len(values)
    medians = np.empty(count)
    for place in [*range(min(HALF, count)), *range(max(count - HALF, HALF), count)]:
        medians[place] = np.median(values[max(place - HALF, 0) : place + HALF + 1])
    for first in range(HALF, count - HALF, BLOCK):
        end = min(first + BLOCK, count - HALF)
        lanes = [values[first + shift : end + shift].copy() for shift in range(-HALF, HALF + 1)]
        for low, high, needs_low, needs_high in _EXCHANGES:
            smaller = np.minimum(lanes[low], lanes[high]) if needs_low else lanes[low]
            if needs_high:
                np.maximum(lanes[low], lanes[high], out=lanes[high])
            lanes[low] = smaller
        medians[first:end] = lanes[HALF]
    return medians


def with_medians(values: Floats, windows: tuple[Ints, Ints], rows: Ints, most: float) -> Floats:
    """Return values of which those of some rows are medians where these differ by more than `most`.

    The windows, from a first row to before an end, never fall. Few medians are computed: those of a sample of windows
    say in which bounds others lie.
    """
    result = values.copy()
    for start in range(0, len(rows), BLOCK):
        own = rows[start : start + BLOCK]
        first, end = windows[0][own], windows[1][own]
        low, high = _bounds(values, first, end)
        asked = np.flatnonzero((values[own] - low > most) | (high - values[own] > most))
        if len(asked):
            begin = int(first[asked[0]])
            medians = _medians(values[begin : int(end[asked[-1]])], first[asked] - begin, end[asked] - begin)
            far = np.abs(values[own[asked]] - medians) > most
            result[own[asked[far]]] = medians[far]
    return result


def _bounds(values: Floats, first: Ints, end: Ints) -> tuple[Floats, Floats]:
    """Return bounds of the median of each window, by every so many windows in which all values are sorted."""
    width = int((end - first).max())
    step = max(width // SAMPLED, 1)
    sample = np.minimum(np.arange(step // 2, len(first) + step // 2, step), len(first) - 1)
    lengths = (end - first)[sample]
    place = np.minimum(first[sample, np.newaxis] + np.arange(width), len(values) - 1)
    ordered = values[place]
    if lengths.min() < width:
        ordered[np.arange(width) >= lengths[:, np.newaxis]] = np.inf
    ordered.sort(axis=1)
    group = np.repeat(np.arange(len(sample)), step)[: len(first)]
    other_first, other_end = first[sample][group], end[sample][group]
    added = np.maximum(end - other_end, 0) + np.maximum(other_first - first, 0)
    lost = np.maximum(other_end - end, 0) + np.maximum(first - other_first, 0)
    low, high = (end - first - 1) // 2 - added, (end - first) // 2 + lost
    least = np.where(low >= 0, ordered[group, np.maximum(low, 0)], -np.inf)
    return least, np.where(high < width, ordered[group, np.minimum(high, width - 1)], np.inf)


def _medians(values: Floats, first: Ints, end: Ints) -> Floats:
    """Return the medians of windows by their ranks, found bit by bit from the highest."""
    order = np.argsort(values, kind="stable")
    ranks: Narrow = np.empty(len(values), np.int32)
    ranks[order] = np.arange(len(values))
    lengths = end - first
    even = lengths % 2 == 0
    picked = np.concatenate([(lengths - 1) // 2, lengths[even] // 2])
    starts, ends = np.concatenate([first, first[even]]), np.concatenate([end, end[even]])
    found = values[order[_ranks_at(ranks, starts, ends, picked)]]
    medians: Floats = found[: len(first)]
    medians[even] = (medians[even] + found[len(first) :]) / 2
    return medians


def _ranks_at(ranks: Narrow, first: Ints, end: Ints, place: Ints) -> Narrow:
    """Return for each window the rank that stands at a place when its ranks are sorted (a wavelet matrix)."""
    low, high, rest = (column.astype(np.int32) for column in (first, end, place))
    result: Narrow = np.zeros(len(first), np.int32)
    zeros_before = np.zeros(len(ranks) + 1, np.int32)
    for bit in range(max(len(ranks) - 1, 1).bit_length() - 1, -1, -1):
        is_zero: Flags = (ranks >> bit) & 1 == 0
        np.cumsum(is_zero, out=zeros_before[1:])
        zero_low, zero_high, total = zeros_before[low], zeros_before[high], zeros_before[-1]
        zeros = zero_high - zero_low
        above = rest >= zeros
        rest -= zeros * above
        result |= above.astype(np.int32) << bit
        low = np.where(above, low - zero_low + total, zero_low)
        high = np.where(above, high - zero_high + total, zero_high)
        ranks = np.concatenate([ranks[is_zero], ranks[~is_zero]])
    return result
