"""The smart filter: which trips are worth keeping (reference section 6.2)."""

import numpy as np

from services.generation.domain.columns import Flags
from services.generation.domain.detection import Detection
from services.generation.domain.segments import Segments
from services.generation.domain.tracks import EARTH_RADIUS_KM


def is_worth_keeping(trips: Segments, detection: Detection) -> Flags:
    """Say of each trip whether it is long enough, has points enough and does not circle around one place.

    It circles when the diagonal of its bounding box is short. A trip that once is worth keeping stays so as it goes on.
    """
    width = np.radians(np.minimum(trips.east - trips.west, trips.east_far - trips.west_far))
    nearest_equator = np.where(trips.south * trips.north < 0, 0.0, np.minimum(abs(trips.south), abs(trips.north)))
    across_km = 2 * EARTH_RADIUS_KM * np.arcsin(np.cos(np.radians(nearest_equator)) * np.sin(width / 2))
    diagonal_km = np.hypot(across_km, EARTH_RADIUS_KM * np.radians(trips.north - trips.south))
    is_long: Flags = trips.inner_km * 1000 >= detection.filter_min_length_m
    is_rich: Flags = trips.count >= detection.filter_min_points
    is_wide: Flags = diagonal_km * 1000 >= detection.filter_min_diagonal_m
    return is_long & is_rich & is_wide
