"""Rules of trips and stops: bounds of a tracker's parking, limits of the server, and the smart filter's switch."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Flags, Readings


@dataclass(frozen=True, slots=True)
class Parking:
    """Bounds below which a tracker is parked (reference section 6.1). An `idle_kmh` of 0 switches stops off.

    A leg that takes longer than `gap_s` is a silence; None takes the server's limit.
    """

    idle_kmh: float = 3.0
    shortest_s: float = 300
    ignition_aware: bool = False
    gap_s: float | None = None

    def is_fast(self, speed_kmh: Readings) -> Flags:
        """Return of each speed whether it is at or above the idle speed; an unknown one is not.

        Speeds are compared as float32, the narrowest type they are stored in, so that 3.1 reaches 3.1 in every type.
        """
        fast: Flags = speed_kmh.astype(np.float32, copy=False) >= np.float32(self.idle_kmh)
        return fast


@dataclass(frozen=True, slots=True)
class Detection:
    """Limits of silences and jumps, and of the trips that the smart filter keeps (reference section 6.2)."""

    gap_s: float = 600
    jump_kmh: float = 200
    parked_km: float = 0.5  # a silence with ends no farther apart is a stop
    travel_s: float = 3600  # a longer silence is never a way
    filter_min_length_m: float = 300
    filter_min_points: int = 4
    filter_long_length_m: float = 1000  # from which the number of points does not matter
    filter_min_diagonal_m: float = 200
    filter_max_windings: float = 40  # of the way, in diagonals, unless it is plausible


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of trips and stops; `filter_on` switches the smart filter on."""

    parking: Parking = Parking()
    detection: Detection = Detection()
    filter_on: bool = False

    @property
    def gap_ms(self) -> float:
        """Time above which a leg is a silence."""
        gap_s = self.detection.gap_s if self.parking.gap_s is None else self.parking.gap_s
        return gap_s * 1000

    @property
    def shortest_ms(self) -> float:
        """Time from which a stop is one."""
        return self.parking.shortest_s * 1000
