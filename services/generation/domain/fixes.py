"""Fixes: the accepted points of a track, with the distance and the speed between neighbours."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columns import Columns, Flags, Floats, Ints, Readings
from services.generation.domain.detection import Detection
from services.generation.domain.jumps import Path, find_jumps
from services.generation.domain.tracks import MS_PER_HOUR, Track


@dataclass(frozen=True, slots=True)
class Fixes(Columns):
    """Accepted points in time order.

    Distances are whole multiples of 2^-30 km, a micrometre, so that sums of them are exact in any order.
    """

    time_ms: Ints
    lat: Floats
    lng: Floats
    ignition: Readings
    speed_kmh: Readings  # where unknown, distance over time since the accepted point before; 0 for the very first point
    step_km: Floats  # from the accepted point before, 0 after a gap
    gap_km: Floats  # across the gap before the point, 0 where there is none
    gap_before: Flags


def accept(track: Track, last: Fixes, detection: Detection) -> tuple[Fixes, Flags]:
    """Return the accepted points of the track, and a mask of the points that are refused as jumps.

    `last` is the accepted point before the track, or empty.
    """
    columns = ((getattr(last, name), getattr(track, name)) for name in ("time_ms", "lat", "lng"))
    path = Path.through(*(np.concatenate(pair) if len(last) else pair[1] for pair in columns))
    jumps = find_jumps(path, detection)
    known = slice(len(last), None)
    if jumps.any():
        path, jumps = path.without(jumps), jumps[known]
        track = track[~jumps]
    else:
        jumps = jumps[known]
    return _fixes(track, path[known], detection), jumps


def _fixes(track: Track, path: Path, detection: Detection) -> Fixes:
    gap_before = path.elapsed_ms > detection.gap_s * 1000
    gap_km = np.where(gap_before, path.step_km, 0.0)
    speed_kmh = track.speed_kmh
    unknown = np.isnan(speed_kmh)
    if unknown.any():
        speed_kmh = np.where(unknown, path.step_km / path.elapsed_ms * MS_PER_HOUR, speed_kmh)
    return Fixes(
        track.time_ms, track.lat, track.lng, track.ignition, speed_kmh, path.step_km - gap_km, gap_km, gap_before
    )
