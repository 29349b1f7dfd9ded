"""Trackers and employees in memory, as reports read them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from daybook.input.v1.fleet_pb2 import Vehicle

from services.generation.domain.columns import Floats
from services.generation.domain.detection import Parking
from services.generation.domain.drivers import Handover, windows_by_driver
from services.generation.domain.recordings import Recording, silent
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows
from tests.builders.tracks import recording


def towns(lat: Floats, lng: Floats) -> list[str]:
    """Return addresses: towns named after their latitude."""
    assert len(lat) == len(lng)
    return [f"{degrees:.2f}ville" for degrees in lat]


@dataclass
class FakeTracker:
    """Fills the port TrackerData from memory."""

    track: Track
    entity_id: int = 311852
    label: str = "Ford Focus"
    header: str = "Samantha (Ford Focus)"
    vehicle: Vehicle | None = None
    parking: Parking = field(default_factory=Parking)
    first_odometer_km: float | None = None
    drivers_by_ms: Sequence[tuple[int, str]] = ()
    on_progress = staticmethod(silent)
    addresses = staticmethod(towns)

    @property
    def recording(self) -> Recording:
        return recording(self.track)

    def drivers(self, windows: Windows) -> list[tuple[str, Windows]]:
        handovers = [Handover(start_ms, place) for place, (start_ms, _) in enumerate(self.drivers_by_ms)]
        own = windows_by_driver(handovers, windows)
        return [("" if one is None else self.drivers_by_ms[one][1], own[one]) for one in own]

    def trackers(self, windows: Windows) -> list[tuple["FakeTracker", Windows]]:
        return [(self, windows)]


@dataclass
class FakeEmployee:
    """Fills the port EntityData for an employee, with the tracker driven in each span of milliseconds UTC."""

    spans: Sequence[tuple[FakeTracker, tuple[int, int]]]
    entity_id: int = 9
    label: str = "Samantha"
    on_progress = staticmethod(silent)
    addresses = staticmethod(towns)

    @property
    def header(self) -> str:
        return self.label

    def trackers(self, windows: Windows) -> list[tuple[FakeTracker, Windows]]:
        found = []
        for tracker, (start_ms, end_ms) in self.spans:
            pieces = windows.cut(np.array([start_ms]), np.array([end_ms]))
            if len(pieces):
                found.append((tracker, Windows(pieces.start_ms, pieces.end_ms)))
        return found
