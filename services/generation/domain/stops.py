"""Stops, cut exactly at the edges of windows."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Columns, Flags, Floats, Ints
from services.generation.domain.findings import Findings
from services.generation.domain.runs import Stretches
from services.generation.domain.segments import Segments
from services.generation.domain.windows import Pieces, Windows


@dataclass(frozen=True, slots=True)
class Stops(Columns):
    """Stops in time order, in ms, degrees and seconds."""

    start_ms: Ints
    end_ms: Ints
    lat: Floats  # where it begins, or the last known place before its start where a window cuts it
    lng: Floats
    ignition_on_s: Floats
    ignition_known: Flags


def stops_of(found: Findings, windows: Windows) -> Stops:
    """Return the stops, cut by the windows.

    Time between two points counts as with ignition on when it was on at the earlier one.
    """
    segments, stops = found.segments, found.stretches[found.stretches.is_stop]
    parts = windows.cut(stops.start_ms, stops.end_ms)
    if not len(parts):
        return Stops.empty()
    stop = stops[parts.span]
    whole = parts.start_ms == stop.start_ms
    lat, lng = found.line.last_places_before(parts.start_ms)
    return Stops(
        start_ms=parts.start_ms,
        end_ms=parts.end_ms,
        lat=np.where(whole, stop.start_lat, lat),
        lng=np.where(whole, stop.start_lng, lng),
        ignition_on_s=_ignition_on_s(segments, parts.start_ms, parts.end_ms),
        ignition_known=_is_ignition_known(segments, stop, parts),
    )


def _is_ignition_known(segments: Segments, stops: Stretches, parts: Pieces) -> Flags:
    """Return whether a point of each part of a stop knows the ignition, or the last point before it where it is cut."""
    first = np.maximum(np.searchsorted(segments.first_ms, parts.start_ms), stops.begin)
    behind = np.where(parts.end_ms == stops.end_ms, stops.end, np.searchsorted(segments.first_ms, parts.end_ms))
    known = np.append(0, np.cumsum(segments.knows_ignition))
    before = np.maximum(first - 1, 0)
    goes_on = (first > 0) & (np.append(segments.first_ms, -1)[first] != parts.start_ms)
    goes_on &= segments.last_on[before] | segments.last_off[before]
    is_known: Flags = goes_on | (known[np.maximum(behind, first)] > known[first])
    return is_known


def _ignition_on_s(segments: Segments, start_ms: Ints, end_ms: Ints) -> Floats:
    """Return for how long ignition was on in each span; the ends of spans are at, or between, ends of segments."""
    moments = np.column_stack([segments.first_ms, segments.last_ms]).ravel()
    between = np.append(0, (segments.first_ms[1:] - segments.last_ms[:-1]) * segments.last_on[:-1])
    on_ms = np.cumsum(np.column_stack([between, segments.on_ms]).ravel())
    lasted_ms: Floats = np.interp(end_ms, moments, on_ms) - np.interp(start_ms, moments, on_ms)
    return lasted_ms / 1000
