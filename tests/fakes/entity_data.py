"""Trackers and employees in memory, as reports read them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from daybook.input.v1.fleet_pb2 import Vehicle
from daybook.input.v1.sensors_pb2 import Sensor
from google.protobuf.timestamp_pb2 import Timestamp

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.detection import Parking
from services.generation.domain.drivers import Handover, drivers_at, handovers_of, windows_by_driver
from services.generation.domain.odometer_lines import OdometerLine
from services.generation.domain.recordings import Recording, silent
from services.generation.domain.samples import Samples
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows
from services.generation.inputs.assignments import ASSIGNMENTS
from services.generation.inputs.counters import COUNTERS, odometer_lines
from services.generation.inputs.employees import EMPLOYEES, full_name
from services.generation.inputs.input_kind import InputKind, M
from services.generation.inputs.readings import READINGS
from services.generation.inputs.series import Series
from services.generation.kit.entity_data import Region, RegionLevel
from services.generation.words.numbers import UNKNOWN
from tests.builders.tracks import recording


def towns(lat: Floats, lng: Floats, known: Sequence[str] = ()) -> list[str]:
    """Return addresses: towns named after their latitude, or those that are known."""
    assert len(lat) == len(lng)
    names = [UNKNOWN if np.isnan(degrees) else f"{degrees:.2f}ville" for degrees in lat]
    return [own or name for own, name in zip(known or [""] * len(names), names, strict=True)]


def degrees_of_latitude(lat: Floats, lng: Floats, level: RegionLevel) -> Ints:
    """Return regions: one for each degree of latitude, a country for each ten; none below 0."""
    assert len(lat) == len(lng)
    return np.maximum(np.floor(lat / (10 if level == "country" else 1)).astype(np.int64), -1)


def region(number: int, level: RegionLevel) -> Region:
    """Return the region of a number."""
    return Region(f"{level} {number}", f"{level.title()} {number}", "Land")


@dataclass
class FakeInputs:
    """Records of an account by the name of their kind, and samples by series and record, in memory."""

    stored: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    sampled: Mapping[tuple[str, int], Samples] = field(default_factory=dict)

    def records(self, kind: InputKind[M], **by: Any) -> list[M]:
        return [one for one in self.stored.get(kind.name, ()) if all(_has(one, *pair) for pair in by.items())]

    def employee_names(self, ids: Iterable[int]) -> list[str]:
        known = {one.id: full_name(one) for one in self.records(EMPLOYEES)}
        return [known.get(one, UNKNOWN) for one in ids]

    def samples(self, series: Series, record_id: int, start_ms: int, end_ms: int) -> Samples:
        found = self.sampled.get((series.name, record_id), series.samples(()))
        return found.take((start_ms <= found.time_ms) & (found.time_ms < end_ms))

    def span(self, series: Series, record_id: int) -> tuple[int, int] | None:
        found = self.sampled.get((series.name, record_id))
        return (int(found.time_ms[0]), int(found.time_ms[-1])) if found and len(found) else None


def _has(record: Any, name: str, value: Any) -> bool:
    own = getattr(record, name)
    own = own.ToMilliseconds() if isinstance(own, Timestamp) else own
    if isinstance(value, tuple):
        return bool(value[0] <= own < value[1])
    return own in value if isinstance(value, list | set | frozenset) else bool(own == value)


class Entity:
    """Everything that trackers and employees have alike."""

    inputs: FakeInputs
    on_progress = staticmethod(silent)
    addresses = staticmethod(towns)
    regions = staticmethod(degrees_of_latitude)
    region = staticmethod(region)

    def records(self, kind: InputKind[M], **by: Any) -> list[M]:
        return self.inputs.records(kind, **by)

    def samples(self, series: Series, record_id: int, start_ms: int, end_ms: int) -> Samples:
        return self.inputs.samples(series, record_id, start_ms, end_ms)

    def span(self, series: Series, record_id: int) -> tuple[int, int] | None:
        return self.inputs.span(series, record_id)

    def employee_names(self, ids: Iterable[int]) -> list[str]:
        return self.inputs.employee_names(ids)


@dataclass
class FakeTracker(Entity):
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

    def readings(self, sensor: Sensor, start_ms: int, end_ms: int) -> Samples:
        return self.inputs.samples(READINGS, sensor.id, start_ms, end_ms)

    def ignition(self, start_ms: int, end_ms: int) -> tuple[Ints, Floats]:
        known = self.track[~np.isnan(self.track.ignition)]
        first = max(int(np.searchsorted(known.time_ms, start_ms)) - 1, 0)
        within = known[first : int(np.searchsorted(known.time_ms, end_ms))]
        return within.time_ms, within.ignition.astype(np.float64)

    def driver_ids_at(self, moments: Ints) -> Ints:
        handovers = [
            Handover(one.start_time.ToMilliseconds(), one.employee_id or None, one.tracker_id)
            for one in self.records(ASSIGNMENTS)
        ]
        return drivers_at(handovers_of(self.entity_id, handovers), moments)

    @property
    def odometer_lines(self) -> Sequence[OdometerLine]:
        return odometer_lines(self.records(COUNTERS, tracker_id=self.entity_id))

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
class FakeEmployee(Entity):
    """Fills the port EntityData for an employee, with the tracker driven in each span of milliseconds UTC."""

    spans: Sequence[tuple[FakeTracker, tuple[int, int]]]
    entity_id: int = 9
    label: str = "Samantha"
    inputs: FakeInputs = field(default_factory=FakeInputs)

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
