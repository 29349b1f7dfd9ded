"""Stops, cut exactly at the edges of windows."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columns import Columns, Flags, Floats, Ints
from services.generation.domain.detection import Parking
from services.generation.domain.runs import runs_of
from services.generation.domain.segments import Segments
from services.generation.domain.windows import Windows


@dataclass(frozen=True, slots=True)
class Stops(Columns):
    """Stops in time order, in ms, degrees and seconds."""

    start_ms: Ints
    end_ms: Ints
    lat: Floats  # of its first point, or the last known before its start where a window cuts it
    lng: Floats
    ignition_on_s: Floats
    ignition_known: Flags


def stops_of(segments: Segments, parking: Parking, windows: Windows) -> Stops:
    """Return the stops of settled segments, cut by the windows. The segments are cut at the windows' edges.

    Time between two points counts as with ignition on when it was on at the earlier one.
    """
    runs = runs_of(segments, parking)
    runs = runs[runs.is_stop]
    parts = windows.cut(runs.start_ms, runs.end_ms)
    if not len(parts):
        return Stops.empty()
    opening = np.searchsorted(segments.first_ms, parts.start_ms, side="right") - 1
    closing = np.maximum(np.searchsorted(segments.first_ms, parts.end_ms) - 1, opening)
    known = np.append(0, np.cumsum(segments.knows_ignition))
    whole = segments.first_ms[opening] == parts.start_ms
    return Stops(
        start_ms=parts.start_ms,
        end_ms=parts.end_ms,
        lat=np.where(whole, segments.first_lat[opening], segments.last_lat[opening]),
        lng=np.where(whole, segments.first_lng[opening], segments.last_lng[opening]),
        ignition_on_s=_ignition_on_s(segments, parts.start_ms, parts.end_ms),
        ignition_known=known[closing + 1] > known[opening],
    )


def _ignition_on_s(segments: Segments, start_ms: Ints, end_ms: Ints) -> Floats:
    """Return for how long ignition was on in each span; the ends of spans are at, or between, ends of segments."""
    moments = np.column_stack([segments.first_ms, segments.last_ms]).ravel()
    between = np.append(0, (segments.first_ms[1:] - segments.last_ms[:-1]) * segments.last_on[:-1])
    on_ms = np.cumsum(np.column_stack([between, segments.on_ms]).ravel())
    lasted_ms: Floats = np.interp(end_ms, moments, on_ms) - np.interp(start_ms, moments, on_ms)
    return lasted_ms / 1000
