"""Jumps: points too far from the last accepted point for the time between them."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columns import Columns, Flags, Floats, Ints
from services.generation.domain.detection import Detection
from services.generation.domain.tracks import MS_PER_HOUR, haversine_km, neighbour_km

STEPS_PER_KM = 2.0**30
FIRST_LOOKAHEAD = 16  # points


@dataclass(frozen=True, slots=True)
class Path(Columns):
    """Positions in time order. The first has an infinite time and no distance behind it."""

    time_ms: Ints
    lat: Floats
    lng: Floats
    elapsed_ms: Floats  # since the position before
    step_km: Floats  # from the position before, in whole multiples of 2^-30 km

    @classmethod
    def through(cls, time_ms: Ints, lat: Floats, lng: Floats) -> "Path":
        """Return the path through positions in degrees."""
        elapsed_ms, step_km = np.full(len(time_ms), np.inf), np.zeros(len(time_ms))
        np.subtract(time_ms[1:], time_ms[:-1], out=elapsed_ms[1:])
        step_km[1:] = _exact(neighbour_km(lat, lng))
        return cls(time_ms, lat, lng, elapsed_ms, step_km)

    def without(self, omitted: Flags) -> "Path":
        """Return the path without the positions of a mask."""
        kept = np.flatnonzero(~omitted)
        path = self[kept]
        joints = np.flatnonzero(np.diff(kept) > 1) + 1
        before, after = path[joints - 1], path[joints]
        path.elapsed_ms[joints] = after.time_ms - before.time_ms
        path.step_km[joints] = _exact(haversine_km(before.lat, before.lng, after.lat, after.lng))
        return path


def find_jumps(path: Path, detection: Detection) -> Flags:
    """Return a mask of the jumps: positions too far from the last accepted one for the time since.

    The first position is accepted, and so is one that follows the last accepted one after more than `jump_memory_s`.
    """
    memory_ms = detection.jump_memory_s * 1000
    implausible = path.step_km * MS_PER_HOUR > detection.jump_kmh * path.elapsed_ms
    suspects = np.flatnonzero(implausible & (path.elapsed_ms <= memory_ms))
    jumps = np.zeros(len(path), np.bool_)
    index = 0
    while index < len(suspects):
        first = int(suspects[index])
        recovery_point = _recovery_point(path, first - 1, detection)
        jumps[first:recovery_point] = True
        index = int(np.searchsorted(suspects, recovery_point, side="right"))
    return jumps


def _recovery_point(path: Path, accepted: int, detection: Detection) -> int:
    """Return the index of the first position that is accepted after a jump away from `accepted`."""
    forgotten_ms = path.time_ms[accepted] + detection.jump_memory_s * 1000
    forgotten = int(np.searchsorted(path.time_ms, forgotten_ms, side="right"))
    first, lookahead = accepted + 2, FIRST_LOOKAHEAD
    while first < forgotten:
        near = path[first : min(first + lookahead, forgotten)]
        distance_km = _exact(haversine_km(path.lat[accepted], path.lng[accepted], near.lat, near.lng))
        reached = distance_km * MS_PER_HOUR <= detection.jump_kmh * (near.time_ms - path.time_ms[accepted])
        if reached.any():
            return first + int(reached.argmax())
        first, lookahead = first + lookahead, lookahead * 2
    return max(forgotten, accepted + 2)


def _exact(distance_km: Floats) -> Floats:
    """Round to whole multiples of 2^-30 km, so that sums are exact in any order."""
    return np.rint(distance_km * STEPS_PER_KM) / STEPS_PER_KM
