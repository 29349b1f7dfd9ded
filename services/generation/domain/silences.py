"""Silences without data: times of which neither a trip nor a stop is known, cut by windows."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Columns, Floats, Ints
from services.generation.domain.findings import Findings
from services.generation.domain.windows import Windows


@dataclass(frozen=True, slots=True)
class Silences(Columns):
    """Silences without data in time order, in ms and km."""

    start_ms: Ints
    end_ms: Ints
    length_km: Floats  # between the points around it; of a part as much as its share of the time


def silences_of(found: Findings, windows: Windows) -> Silences:
    """Return the silences without data, cut by the windows."""
    rows = np.flatnonzero(found.segments.without_data[1:]) + 1
    start_ms, end_ms = found.segments.last_ms[rows - 1], found.segments.first_ms[rows]
    parts = windows.cut(start_ms, end_ms)
    share = (parts.end_ms - parts.start_ms) / (end_ms - start_ms)[parts.span]
    return Silences(parts.start_ms, parts.end_ms, found.segments.lost_km[rows][parts.span] * share)
