"""Fixes: positions of a tracker in time order, with the distance and the time between neighbours."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from services.generation.domain.columnar import Columns, Flags, Floats, Ints, Readings
from services.generation.domain.tracks import MS_PER_HOUR, Track, haversine_km, neighbour_km

HALF_TURN = 180  # degrees
STALE_MS = 300_000  # back to which a repeated fix may be as old as its first point
STEPS_PER_KM = 2.0**30
RECORDED = ("time_ms", "lat", "lng", "speed_kmh", "ignition")
AGREEMENT = (0.7, 1.3)  # of a derived speed with a reported one


@dataclass(frozen=True, slots=True)
class Fixes(Columns):
    """Positions in time order. A leg is the way into a position; that into the first is unknown until it is linked.

    Distances are whole multiples of 2^-30 km, a micrometre, so that sums of them are exact in any order.
    """

    time_ms: Ints
    lat: Floats
    lng: Floats
    speed_kmh: Readings  # as reported
    ignition: Readings
    step_km: Floats  # of the leg
    elapsed_ms: Floats  # of the leg, infinite for the first position of all
    unreachable: Flags  # the leg cannot be driven

    def followed_by(self, track: Track, known: int) -> "Fixes":
        """Return these positions and those of a track, without the ones at 0,0, which is no place.

        Legs between neighbours are measured from the row `known` on, the others stay as they are.
        """
        somewhere = (track.lat != 0) | (track.lng != 0)
        if not somewhere.all():
            track = track[somewhere]
        recorded = {name: _followed(getattr(self, name), getattr(track, name)) for name in RECORDED}
        time_ms, lat, lng = (recorded[name] for name in ("time_ms", "lat", "lng"))
        first, size = max(known, 1), len(time_ms)
        step_km, elapsed_ms, unreachable = np.empty(size), np.empty(size), np.zeros(size, np.bool_)
        step_km[:known], elapsed_ms[:known] = self.step_km[:known], self.elapsed_ms[:known]
        unreachable[: len(self)] = self.unreachable
        step_km[first:] = exact_km(neighbour_km(lat[first - 1 :], lng[first - 1 :]))
        np.subtract(time_ms[first:], time_ms[first - 1 : -1], out=elapsed_ms[first:])
        if not known:
            step_km[:1], elapsed_ms[:1] = 0.0, np.inf
        return Fixes(**recorded, step_km=step_km, elapsed_ms=elapsed_ms, unreachable=unreachable)

    def without(self, omitted: Flags) -> "Fixes":
        """Return the positions without those of a mask, with legs across them."""
        kept = np.flatnonzero(~omitted)
        fixes = self[kept]
        joints = np.flatnonzero(np.diff(kept) > 1) + 1
        before, after = fixes[joints - 1], fixes[joints]
        fixes.elapsed_ms[joints] = after.time_ms - before.time_ms
        fixes.step_km[joints] = exact_km(haversine_km(before.lat, before.lng, after.lat, after.lng))
        if len(kept) and kept[0] > 0:
            fixes.elapsed_ms[0], fixes.step_km[0] = np.inf, 0.0
        return fixes

    def repeats(self) -> Flags:
        """Return of each position whether it has exactly the coordinates of the one before."""
        repeated = np.zeros(len(self), np.bool_)
        repeated[1:] = (self.lat[1:] == self.lat[:-1]) & (self.lng[1:] == self.lng[:-1])
        return repeated

    def run_starts(self) -> Ints:
        """Return for each position the row of the first position in a run of identical coordinates."""
        return np.maximum.accumulate(np.where(self.repeats(), 0, np.arange(len(self))))

    def reaches(self, begin: Ints, end: Ints, run_ms: Ints, jump_kmh: float) -> Flags:
        """Return of legs between rows whether they can be driven, judged from the start of the run that each leaves.

        A speed above the jump limit is plausible where it agrees with a reported one at either end.
        """
        step_km = exact_km(haversine_km(self.lat[begin], self.lng[begin], self.lat[end], self.lng[end]))
        left_ms, reached_ms = self.time_ms[begin], self.time_ms[end]
        patient_ms = reached_ms - np.maximum(run_ms, left_ms - STALE_MS)
        possible: Flags = step_km * MS_PER_HOUR <= jump_kmh * patient_ms
        if possible.all():
            return possible
        for lasted_ms in (reached_ms - left_ms, patient_ms):
            derived_kmh = step_km * MS_PER_HOUR / lasted_ms
            for reported_kmh in (self.speed_kmh[begin], self.speed_kmh[end]):
                low, high = AGREEMENT
                possible |= (low * reported_kmh <= derived_kmh) & (derived_kmh <= high * reported_kmh)
        return possible


def _followed(column: Readings | Ints, more: Readings | Ints) -> Any:
    return np.concatenate([column, more]) if len(column) else more


def exact_km(distance_km: Floats) -> Floats:
    """Round to whole multiples of 2^-30 km, so that sums are exact in any order."""
    return np.rint(distance_km * STEPS_PER_KM) / STEPS_PER_KM
