"""What decides about trips and stops: a tracker's parking, the limits of detection, the smart filter."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parking:
    """When a tracker counts as parked (reference section 6.1). An `idle_kmh` of 0 switches stops off."""

    idle_kmh: float = 3.0
    shortest_s: float = 300
    ignition_aware: bool = False


@dataclass(frozen=True, slots=True)
class Detection:
    """What counts as a gap, as a jump, and as a trip that the smart filter keeps (reference section 6.2)."""

    gap_s: float = 600
    jump_kmh: float = 200
    jump_memory_s: float = 300
    filter_min_length_m: float = 300
    filter_min_points: int = 4
    filter_min_diagonal_m: float = 200


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that decides about trips and stops; `filter_on` asks for the smart filter."""

    parking: Parking = Parking()
    detection: Detection = Detection()
    filter_on: bool = False
