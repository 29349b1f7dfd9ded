"""Jumps: points that nothing on wheels can have reached from the last accepted one."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columns import Columns, Flags, Floats, Ints
from services.generation.domain.detection import Detection
from services.generation.domain.tracks import MS_PER_HOUR, haversine_km, neighbour_km

STEPS_PER_KM = 2.0**30
FIRST_LOOK = 16  # points


@dataclass(frozen=True, slots=True)
class Path(Columns):
    """Places in time order. The first one has an infinite time and no way behind it."""

    time_ms: Ints
    lat: Floats
    lng: Floats
    elapsed_ms: Floats  # since the place before
    way_km: Floats  # from the place before, in whole steps of 2^-30 km

    @classmethod
    def through(cls, time_ms: Ints, lat: Floats, lng: Floats) -> "Path":
        """Return the path through places in degrees."""
        elapsed_ms, way_km = np.full(len(time_ms), np.inf), np.zeros(len(time_ms))
        np.subtract(time_ms[1:], time_ms[:-1], out=elapsed_ms[1:])
        way_km[1:] = _whole_steps(neighbour_km(lat, lng))
        return cls(time_ms, lat, lng, elapsed_ms, way_km)

    def without(self, left_out: Flags) -> "Path":
        """Return the path that passes some places by."""
        kept = np.flatnonzero(~left_out)
        path = self[kept]
        torn = np.flatnonzero(np.diff(kept) > 1) + 1
        before, after = path[torn - 1], path[torn]
        path.elapsed_ms[torn] = after.time_ms - before.time_ms
        path.way_km[torn] = _whole_steps(haversine_km(before.lat, before.lng, after.lat, after.lng))
        return path


def find_jumps(path: Path, detection: Detection) -> Flags:
    """Return which places are jumps: too far from the last accepted place for the time since.

    The first place is accepted, and so is one that follows the last accepted place after more than `jump_memory_s`.
    """
    memory_ms = detection.jump_memory_s * 1000
    implausible = path.way_km * MS_PER_HOUR > detection.jump_kmh * path.elapsed_ms
    suspects = np.flatnonzero(implausible & (path.elapsed_ms <= memory_ms))
    jumps = np.zeros(len(path), np.bool_)
    place = 0
    while place < len(suspects):
        first = int(suspects[place])
        recovery_point = _landing(path, first - 1, detection)
        jumps[first:recovery_point] = True
        place = int(np.searchsorted(suspects, recovery_point, side="right"))
    return jumps


def _landing(path: Path, accepted: int, detection: Detection) -> int:
    """Return the index of the first place that is accepted after a jump away from `accepted`."""
    forgotten_ms = path.time_ms[accepted] + detection.jump_memory_s * 1000
    forgotten = int(np.searchsorted(path.time_ms, forgotten_ms, side="right"))
    first, look = accepted + 2, FIRST_LOOK
    while first < forgotten:
        near = path[first : min(first + look, forgotten)]
        way_km = _whole_steps(haversine_km(path.lat[accepted], path.lng[accepted], near.lat, near.lng))
        reached = way_km * MS_PER_HOUR <= detection.jump_kmh * (near.time_ms - path.time_ms[accepted])
        if reached.any():
            return first + int(reached.argmax())
        first, look = first + look, look * 2
    return max(forgotten, accepted + 2)


def _whole_steps(way_km: Floats) -> Floats:
    """Round to whole steps of a micrometre, so that sums are exact in whatever order they are taken."""
    return np.rint(way_km * STEPS_PER_KM) / STEPS_PER_KM
