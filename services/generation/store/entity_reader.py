"""Trackers and employees as reports read them, in a worker process."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from daybook.input.v1.fleet_pb2 import Employee, Tracker, Vehicle
from pymongo.database import Database

from services.errors import NonexistentEntities
from services.generation.domain.columns import Floats
from services.generation.domain.detection import Parking
from services.generation.domain.drivers import ALWAYS_MS, Handover, handovers_of, windows_by_driver
from services.generation.domain.recordings import Recording
from services.generation.domain.samples import Samples
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows
from services.generation.inputs.assignments import ASSIGNMENTS
from services.generation.inputs.employees import EMPLOYEES, full_name
from services.generation.inputs.input_kind import InputKind, M
from services.generation.inputs.points import POINTS, track_of
from services.generation.inputs.registry import find_kind
from services.generation.inputs.series import Series
from services.generation.inputs.trackers import TRACKERS
from services.generation.inputs.vehicles import VEHICLES
from services.generation.kit.entity_data import EntityData, Geocoder, TrackerData
from services.generation.kit.kind import Entity
from services.generation.reporting.report import Report
from services.generation.store.input_reader import MongoInputReader
from services.generation.store.mongo import Document
from services.generation.store.series_reader import MongoSeriesReader


@dataclass(frozen=True, slots=True)
class DataSources:
    """Sources of a worker's data; points are read `chunk_days` at a time."""

    database: Database[Document]
    geocoder: Geocoder
    chunk_days: int


def entity_data(entity: Entity, stores: DataSources, report: Report, entity_id: int) -> EntityData:
    """Return the data of an entity of a report."""
    if entity is Entity.EMPLOYEE:
        return MongoEmployeeData(stores, report, entity_id)
    return MongoTrackerData(stores, report, entity_id)


class _Account:
    """Inputs of a report's account."""

    def __init__(self, stores: DataSources, report: Report) -> None:
        self._database = stores.database
        self._reader = MongoInputReader(stores.database)
        self._owner_id = report.account_id

    def all(self, kind: InputKind[M], **by: Any) -> list[M]:
        """Return the records that match, by key."""
        return self._reader.read(kind, self._owner_id, **by)

    def last(self, kind: InputKind[M], **by: Any) -> M | None:
        """Return the record with the highest key of those that match."""
        found = self.all(kind, **by)
        return found[-1] if found else None

    def samples(self, series: Series, record_id: int, start_ms: int, end_ms: int) -> Samples:
        """Return what a series holds of a record, in time order."""
        kind = find_kind(series.kind)
        entity = None if kind is None else self._reader.stored_id(kind, self._owner_id, record_id)
        if entity is None:
            return series.samples(())
        time_ms, columns = MongoSeriesReader(self._database, series).read(entity, start_ms, end_ms)
        return series.samples(time_ms, **columns)

    def assignments(self, **by: Any) -> list[Handover]:
        """Return the assignments that match."""
        return [
            Handover(one.start_time.ToMilliseconds(), one.employee_id or None, one.tracker_id)
            for one in self.all(ASSIGNMENTS, **by)
        ]

    def employees(self, ids: Iterable[int | None]) -> Mapping[int, Employee]:
        """Return the employees among the ids."""
        return {found.id: found for found in self.all(EMPLOYEES, id=set(ids) - {None})}

    def handovers(self, tracker_id: int) -> list[Handover]:
        """Return the handovers of a tracker, in time order.

        Without any assignment the employee who has the tracker drove it since ever.
        """
        own = self.assignments(tracker_id=tracker_id)
        if not own:
            holder = self.last(EMPLOYEES, tracker_id=tracker_id)
            own = [] if holder is None else [Handover(-ALWAYS_MS, holder.id, tracker_id)]
        drivers = {one.driver_id for one in own} - {None}
        elsewhere = [one for one in self.assignments(employee_id=drivers) if one.tracker_id != tracker_id]
        return handovers_of(tracker_id, [*own, *elsewhere])


class _Entity:
    """Data that trackers and employees have in common."""

    def __init__(self, stores: DataSources, report: Report, entity_id: int) -> None:
        self._stores = stores
        self._report = report
        self._account = _Account(stores, report)
        self.entity_id = entity_id
        self.on_progress: Callable[[float], None] = lambda _: None

    def records(self, kind: InputKind[M], **by: Any) -> list[M]:
        """Return the account's records of a kind that match, by key."""
        return self._account.all(kind, **by)

    def samples(self, series: Series, record_id: int, start_ms: int, end_ms: int) -> Samples:
        """Return what a series holds of a record; nothing of a record that the account does not have."""
        return self._account.samples(series, record_id, start_ms, end_ms)

    def addresses(self, lat: Floats, lng: Floats) -> Sequence[str]:
        """Return the address of each place."""
        return self._stores.geocoder.addresses(lat, lng, self._report.locale.locale)


class MongoTrackerData(_Entity):
    """Fills the port TrackerData."""

    @cached_property
    def _tracker(self) -> Tracker:
        found = self._account.last(TRACKERS, id=self.entity_id)
        if found is None:
            raise NonexistentEntities(f"The tracker {self.entity_id} was deleted")
        return found

    @cached_property
    def vehicle(self) -> Vehicle | None:
        """The vehicle that the tracker is in."""
        return self._account.last(VEHICLES, tracker_id=self.entity_id)

    @property
    def label(self) -> str:
        """The tracker's label."""
        return self._tracker.label

    @cached_property
    def header(self) -> str:
        """The sheet's name: "Employee (tracker)" when an employee has the tracker, else its label (reference 4.1)."""
        found = self._account.last(EMPLOYEES, tracker_id=self.entity_id)
        return self.label if found is None else f"{full_name(found)} ({self.label})"

    @property
    def parking(self) -> Parking:
        """When the tracker counts as parked."""
        parking = self._tracker.parking
        return Parking(parking.idle_speed_kmh, parking.min_idle_minutes * 60, parking.ignition_aware)

    @property
    def first_odometer_km(self) -> float | None:
        """The odometer at the tracker's first point."""
        return self._tracker.odometer_km if self._tracker.HasField("odometer_km") else None

    @cached_property
    def recording(self) -> Recording:
        """The tracker's points."""
        reader, tracker_id = MongoSeriesReader(self._stores.database, POINTS), self.entity_id

        def read(start_ms: int, end_ms: int) -> Track:
            return track_of(*reader.read(tracker_id, start_ms, end_ms))

        odometer_before = partial(reader.last_with, "odometer_km", tracker_id)
        return Recording(read, reader.span(tracker_id), self._stores.chunk_days, odometer_before)

    def trackers(self, windows: Windows) -> Sequence[tuple[TrackerData, Windows]]:
        """Return the tracker itself with all windows."""
        return [(self, windows)]

    def drivers(self, windows: Windows) -> list[tuple[str, Windows]]:
        """Return the tracker's drivers with the windows of each; the name is empty where the driver is unknown."""
        handovers = self._account.handovers(self.entity_id)
        employees = self._account.employees({one.driver_id for one in handovers})
        known = [
            one if one.driver_id in employees else Handover(one.start_ms, None, one.tracker_id) for one in handovers
        ]
        own = windows_by_driver(known, windows)
        return [("" if one is None else full_name(employees[one]), own[one]) for one in own]


class MongoEmployeeData(_Entity):
    """Fills the port EntityData for an employee."""

    @cached_property
    def _employee(self) -> Employee:
        found = self._account.last(EMPLOYEES, id=self.entity_id)
        if found is None:
            raise NonexistentEntities(f"The employee {self.entity_id} was deleted")
        return found

    @property
    def label(self) -> str:
        """The employee's name."""
        return full_name(self._employee)

    @property
    def header(self) -> str:
        """The employee's name."""
        return full_name(self._employee)

    def trackers(self, windows: Windows) -> Sequence[tuple[TrackerData, Windows]]:
        """Return the trackers that the employee was assigned to, with the windows of each, in their order."""
        ids = {one.tracker_id for one in self._account.assignments(employee_id=self.entity_id)}
        if self._employee.tracker_id:
            ids.add(self._employee.tracker_id)
        found = []
        for tracker_id in (tracker.id for tracker in self._account.all(TRACKERS, id=ids)):
            own = windows_by_driver(self._account.handovers(tracker_id), windows).get(self.entity_id)
            if own is not None:
                found.append((int(own.start_ms[0]), tracker_id, own))
        return [
            (self._tracker(tracker_id), own) for _start_ms, tracker_id, own in sorted(found, key=lambda one: one[:2])
        ]

    def _tracker(self, tracker_id: int) -> MongoTrackerData:
        tracker = MongoTrackerData(self._stores, self._report, tracker_id)
        tracker.on_progress = self.on_progress
        return tracker
