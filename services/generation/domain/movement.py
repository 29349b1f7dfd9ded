"""Movement: classification of accepted points as moving or slow, and the segments they form."""

import numpy as np

from services.generation.domain.columns import Flags, Ints
from services.generation.domain.detection import Parking
from services.generation.domain.fixes import Fixes
from services.generation.domain.segments import Segments

HALF_TURN = 180  # degrees


def is_moving(fixes: Fixes, parking: Parking) -> Flags:
    """Return of each point whether it is at or above the threshold and, where ignition counts, not known to be off.

    Speeds are compared as float32, the narrowest type they are stored in, so that 3.1 reaches 3.1 in every type.
    """
    if parking.idle_kmh <= 0:
        return np.ones(len(fixes), np.bool_)
    fast = fixes.speed_kmh.astype(np.float32, copy=False) >= np.float32(parking.idle_kmh)
    return fast & (fixes.ignition != 0) if parking.ignition_aware else fast


def segments_of(fixes: Fixes, parking: Parking, edges_ms: Ints) -> Segments:
    """Return the longest segments that are all moving or all slow and cross neither a gap nor an edge.

    A segment does not cross the 180th meridian either, so its longitudes are a plain range.
    """
    if not len(fixes):
        return Segments.empty()
    moving = is_moving(fixes, parking)
    starts = _starts(fixes, moving, edges_ms)
    ends = np.append(starts[1:], len(fixes)) - 1
    first, last = fixes[starts], fixes[ends]
    known = ~np.isnan(fixes.ignition)
    on = known & (fixes.ignition != 0)
    bounds = {
        "south": np.minimum.reduceat(fixes.lat, starts),
        "north": np.maximum.reduceat(fixes.lat, starts),
        "west": np.minimum.reduceat(fixes.lng, starts),
        "east": np.maximum.reduceat(fixes.lng, starts),
    }
    both_sides = (bounds["west"] < 0) & (bounds["east"] >= 0)
    return Segments(
        first_ms=first.time_ms,
        first_lat=first.lat,
        first_lng=first.lng,
        first_kmh=first.speed_kmh.astype(np.float64),
        step_km=first.step_km,
        gap_before=first.gap_before,
        last_ms=last.time_ms,
        last_lat=last.lat,
        last_lng=last.lng,
        moving=moving[starts],
        inner_km=np.add.reduceat(fixes.step_km, starts) - first.step_km,
        max_kmh=np.maximum.reduceat(fixes.speed_kmh, starts).astype(np.float64),
        count=ends - starts + 1,
        west_far=np.where(both_sides, 0.0, bounds["west"] % 360),
        east_far=np.where(both_sides, 360.0, bounds["east"] % 360),
        **bounds,
        last_on=on[ends],
        on_ms=np.add.reduceat(_lasted_ms(fixes, on, ends), starts),
        has_off=np.logical_or.reduceat(fixes.ignition == 0, starts),
        knows_ignition=np.logical_or.reduceat(known, starts),
    )


def _starts(fixes: Fixes, moving: Flags, edges_ms: Ints) -> Ints:
    change = np.zeros(len(fixes), np.bool_)
    change[1:] = moving[1:] != moving[:-1]
    change |= fixes.gap_before
    change[1:] |= np.abs(fixes.lng[1:] - fixes.lng[:-1]) > HALF_TURN
    at_edges = np.searchsorted(fixes.time_ms, edges_ms)
    change[at_edges[at_edges < len(fixes)]] = True
    change[0] = True
    return np.flatnonzero(change)


def _lasted_ms(fixes: Fixes, mask: Flags, ends: Ints) -> Ints:
    """Return for each point of the mask the time to the next point, 0 for others and for the ends of segments."""
    lasted_ms = np.zeros(len(fixes), np.int64)
    lasted_ms[:-1] = np.diff(fixes.time_ms) * mask[:-1]
    lasted_ms[ends] = 0
    return lasted_ms
