"""Trackers and employees in memory, as reports read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from daybook.input.v1.fleet_pb2 import Vehicle

from services.generation.domain.columns import Floats
from services.generation.domain.detection import Parking
from services.generation.domain.drivers import Handover, windows_by_driver
from services.generation.domain.recordings import Recording, silent
from services.generation.domain.samples import Samples
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows
from services.generation.inputs.input_kind import InputKind, M
from services.generation.inputs.series import Series
from tests.builders.tracks import recording


def towns(lat: Floats, lng: Floats) -> list[str]:
    """Return addresses: towns named after their latitude."""
    assert len(lat) == len(lng)
    return [f"{degrees:.2f}ville" for degrees in lat]


@dataclass
class FakeInputs:
    """Records of an account by the name of their kind, and samples by series and record, in memory."""

    stored: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    sampled: Mapping[tuple[str, int], Samples] = field(default_factory=dict)

    def records(self, kind: InputKind[M], **by: Any) -> list[M]:
        return [one for one in self.stored.get(kind.name, ()) if all(_has(one, *pair) for pair in by.items())]

    def samples(self, series: Series, record_id: int, start_ms: int, end_ms: int) -> Samples:
        found = self.sampled.get((series.name, record_id), series.samples(()))
        return found.take((start_ms <= found.time_ms) & (found.time_ms < end_ms))


def _has(record: Any, name: str, value: Any) -> bool:
    own = getattr(record, name)
    if isinstance(value, tuple):
        return bool(value[0] <= own < value[1])
    return own in value if isinstance(value, list | set | frozenset) else bool(own == value)


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
    inputs: FakeInputs = field(default_factory=FakeInputs)
    on_progress = staticmethod(silent)
    addresses = staticmethod(towns)

    def records(self, kind: InputKind[M], **by: Any) -> list[M]:
        return self.inputs.records(kind, **by)

    def samples(self, series: Series, record_id: int, start_ms: int, end_ms: int) -> Samples:
        return self.inputs.samples(series, record_id, start_ms, end_ms)

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
    inputs: FakeInputs = field(default_factory=FakeInputs)
    on_progress = staticmethod(silent)
    addresses = staticmethod(towns)

    def records(self, kind: InputKind[M], **by: Any) -> list[M]:
        return self.inputs.records(kind, **by)

    def samples(self, series: Series, record_id: int, start_ms: int, end_ms: int) -> Samples:
        return self.inputs.samples(series, record_id, start_ms, end_ms)

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
