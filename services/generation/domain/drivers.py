"""Drivers of a tracker, and the windows of the report in which each had it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from services.generation.domain.columnar import Ints
from services.generation.domain.windows import Windows

ALWAYS_MS = 2**62


@dataclass(frozen=True, slots=True)
class Handover:
    """From `start_ms` on the tracker was with a driver; None when the driver is unknown."""

    start_ms: int
    driver_id: int | None
    tracker_id: int = 0


def handovers_of(tracker_id: int, assignments: Iterable[Handover]) -> list[Handover]:
    """Return a tracker's handovers in time order, from the assignments of it and of its drivers to other trackers.

    A driver leaves the tracker at its next assignment, or when assigned to another tracker before.
    """
    own, elsewhere = [], defaultdict[int | None, list[int]](list)
    for one in sorted(assignments, key=lambda one: one.start_ms):
        if one.tracker_id == tracker_id:
            own.append(one)
        elif one.driver_id is not None:
            elsewhere[one.driver_id].append(one.start_ms)
    found = []
    for one, following in pairwise([*own, Handover(ALWAYS_MS, None)]):
        found.append(one)
        moments = elsewhere[one.driver_id]
        place = np.searchsorted(moments, one.start_ms, side="right")
        if place < len(moments) and moments[place] < following.start_ms:
            found.append(Handover(moments[place], None, tracker_id))
    return found


def drivers_at(handovers: Sequence[Handover], moments: Ints) -> Ints:
    """Return the driver at each moment, 0 where it is unknown. Handovers are in time order."""
    starts = np.array([one.start_ms for one in handovers], np.int64)
    drivers = np.array([0, *(one.driver_id or 0 for one in handovers)], np.int64)
    found: Ints = drivers[np.searchsorted(starts, moments, side="right")]
    return found


def windows_by_driver(handovers: Sequence[Handover], windows: Windows) -> dict[int | None, Windows]:
    """Return the windows of each driver in order of appearance, the unknown driver last.

    Handovers are in time order; each lasts until the next. Before the first one the driver is unknown.
    """
    known = [Handover(-ALWAYS_MS, None), *handovers, Handover(ALWAYS_MS, None)]
    starts, ends = (
        np.array(moments) for moments in zip(*((a.start_ms, b.start_ms) for a, b in pairwise(known)), strict=True)
    )
    pieces = windows.cut(starts, ends)
    spans: dict[int | None, list[tuple[int, int]]] = {}
    for span, start_ms, end_ms in zip(
        *(column.tolist() for column in (pieces.span, pieces.start_ms, pieces.end_ms)), strict=True
    ):
        spans.setdefault(known[span].driver_id, []).append((start_ms, end_ms))
    ordered = sorted(spans, key=lambda driver_id: driver_id is None)
    return {driver_id: Windows.of(spans[driver_id]) for driver_id in ordered}
