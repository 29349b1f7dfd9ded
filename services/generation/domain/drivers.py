"""Drivers of a tracker, and the windows of the report in which each had it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from services.generation.domain.windows import Windows

ALWAYS_MS = 2**62


@dataclass(frozen=True, slots=True)
class Handover:
    """Assignment of a tracker to a driver from `start_ms` on; None is an unknown driver."""

    start_ms: int
    driver_id: int | None


def windows_by_driver(handovers: Sequence[Handover], windows: Windows) -> dict[int | None, Windows]:
    """Return the windows of each driver in order of appearance; before the first handover the driver is unknown.

    Handovers are in time order; each lasts until the next.
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
    return {driver_id: Windows.of(own) for driver_id, own in spans.items()}
