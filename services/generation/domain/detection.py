"""Rules of trips and stops: a tracker's parking, the limits of detection, the smart filter."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columns import Flags
from services.generation.domain.segments import Segments
from services.generation.domain.tracks import EARTH_RADIUS_KM


@dataclass(frozen=True, slots=True)
class Parking:
    """Bounds below which a tracker is parked (reference section 6.1). An `idle_kmh` of 0 switches stops off."""

    idle_kmh: float = 3.0
    shortest_s: float = 300
    ignition_aware: bool = False


@dataclass(frozen=True, slots=True)
class Detection:
    """Limits of gaps and jumps, and of the trips that the smart filter keeps (reference section 6.2)."""

    gap_s: float = 600
    jump_kmh: float = 200
    jump_memory_s: float = 300
    filter_min_length_m: float = 300
    filter_min_points: int = 4
    filter_min_diagonal_m: float = 200


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of trips and stops; `filter_on` switches the smart filter on."""

    parking: Parking = Parking()
    detection: Detection = Detection()
    filter_on: bool = False


def passes_smart_filter(trips: Segments, detection: Detection) -> Flags:
    """Return of each trip whether it is long enough, has enough points and does not circle around a place.

    It circles when the diagonal of its bounding box is short (reference section 6.2). A trip that passes still passes
    when it goes on.
    """
    width = np.radians(np.minimum(trips.east - trips.west, trips.east_far - trips.west_far))
    nearest_equator = np.where(trips.south * trips.north < 0, 0.0, np.minimum(abs(trips.south), abs(trips.north)))
    across_km = 2 * EARTH_RADIUS_KM * np.arcsin(np.cos(np.radians(nearest_equator)) * np.sin(width / 2))
    diagonal_km = np.hypot(across_km, EARTH_RADIUS_KM * np.radians(trips.north - trips.south))
    is_long: Flags = trips.inner_km * 1000 >= detection.filter_min_length_m
    is_rich: Flags = trips.count >= detection.filter_min_points
    is_wide: Flags = diagonal_km * 1000 >= detection.filter_min_diagonal_m
    return is_long & is_rich & is_wide
