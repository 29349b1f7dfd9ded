"""Trackers and employees as reports read them, in a worker process."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from pymongo.database import Database

from services.errors import NonexistentEntities
from services.generation.domain.columns import Floats
from services.generation.domain.detection import Parking
from services.generation.domain.drivers import ALWAYS_MS, Handover, handovers_of, windows_by_driver
from services.generation.domain.recordings import Recording
from services.generation.domain.windows import Windows
from services.generation.inputs.records import Employee, Tracker, Vehicle
from services.generation.kit.entity_data import EntityData, Geocoder, TrackerData
from services.generation.kit.kind import Entity
from services.generation.reporting.report import Report
from services.generation.store.mongo import Document, store_errors
from services.generation.store.mongo_fleet import employee_of, tracker_of, vehicle_of
from services.generation.store.mongo_track_reader import MongoTrackReader


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
    """Collections of a report's account."""

    def __init__(self, stores: DataSources, report: Report) -> None:
        self._database = stores.database
        self._owner_id = report.account_id

    def first(self, collection: str, **wanted: Any) -> Document | None:
        """Return the latest document that matches."""
        with store_errors():
            return self._database[collection].find_one({**wanted, "owner_id": self._owner_id}, sort={"_id": -1})

    def all(self, collection: str, **wanted: Any) -> list[Document]:
        """Return all documents that match."""
        with store_errors():
            return self._database[collection].find({**wanted, "owner_id": self._owner_id}).to_list()

    def assignments(self, **wanted: Any) -> list[Handover]:
        """Return the assignments that match."""
        return [
            Handover(round(one["start_time"].timestamp() * 1000), one["employee_id"], one["tracker_id"])
            for one in self.all("assignments", **wanted)
        ]

    def employees(self, ids: Iterable[int | None]) -> Mapping[int, Employee]:
        """Return the employees among the ids."""
        return {found["_id"]: employee_of(found) for found in self.all("employees", _id={"$in": list(ids)})}

    def handovers(self, tracker_id: int) -> list[Handover]:
        """Return the handovers of a tracker, in time order.

        Without any assignment the employee who has the tracker drove it since ever.
        """
        own = self.assignments(tracker_id=tracker_id)
        if not own:
            holder = self.first("employees", tracker_id=tracker_id)
            own = [] if holder is None else [Handover(-ALWAYS_MS, holder["_id"], tracker_id)]
        drivers = {one.driver_id for one in own} - {None}
        elsewhere = self.assignments(employee_id={"$in": list(drivers)}, tracker_id={"$ne": tracker_id})
        return handovers_of(tracker_id, [*own, *elsewhere])


class _Entity:
    """Data that trackers and employees have in common."""

    def __init__(self, stores: DataSources, report: Report, entity_id: int) -> None:
        self._stores = stores
        self._report = report
        self._account = _Account(stores, report)
        self.entity_id = entity_id
        self.on_progress: Callable[[float], None] = lambda _: None

    def addresses(self, lat: Floats, lng: Floats) -> Sequence[str]:
        """Return the address of each place."""
        return self._stores.geocoder.addresses(lat, lng, self._report.locale.locale)


class MongoTrackerData(_Entity):
    """Fills the port TrackerData."""

    @cached_property
    def _tracker(self) -> Tracker:
        found = self._account.first("trackers", _id=self.entity_id)
        if found is None:
            raise NonexistentEntities(f"The tracker {self.entity_id} was deleted")
        return tracker_of(found)

    @cached_property
    def vehicle(self) -> Vehicle | None:
        """The vehicle that the tracker is in."""
        found = self._account.first("vehicles", tracker_id=self.entity_id)
        return None if found is None else vehicle_of(found)

    @property
    def label(self) -> str:
        """The tracker's label."""
        return self._tracker.label

    @cached_property
    def header(self) -> str:
        """The sheet's name: "Employee (tracker)" when an employee has the tracker, else its label (reference 4.1)."""
        found = self._account.first("employees", tracker_id=self.entity_id)
        return self.label if found is None else f"{employee_of(found).full_name} ({self.label})"

    @property
    def parking(self) -> Parking:
        """When the tracker counts as parked."""
        parking = self._tracker.parking
        return Parking(parking.idle_speed_kmh, parking.min_idle_minutes * 60, parking.ignition_aware)

    @property
    def first_odometer_km(self) -> float | None:
        """The odometer at the tracker's first point."""
        return self._tracker.odometer_km

    @cached_property
    def recording(self) -> Recording:
        """The tracker's points."""
        reader, tracker_id = MongoTrackReader(self._stores.database), self.entity_id
        read, odometer_before = partial(reader.read, tracker_id), partial(reader.odometer_before, tracker_id)
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
        return [("" if one is None else employees[one].full_name, own[one]) for one in own]


class MongoEmployeeData(_Entity):
    """Fills the port EntityData for an employee."""

    @cached_property
    def _employee(self) -> Employee:
        found = self._account.first("employees", _id=self.entity_id)
        if found is None:
            raise NonexistentEntities(f"The employee {self.entity_id} was deleted")
        return employee_of(found)

    @property
    def label(self) -> str:
        """The employee's name."""
        return self._employee.full_name

    @property
    def header(self) -> str:
        """The employee's name."""
        return self._employee.full_name

    def trackers(self, windows: Windows) -> Sequence[tuple[TrackerData, Windows]]:
        """Return the trackers that the employee was assigned to, with the windows of each, in their order."""
        ids = {one.tracker_id for one in self._account.assignments(employee_id=self.entity_id)}
        if self._employee.tracker_id is not None:
            ids.add(self._employee.tracker_id)
        found = []
        for known in self._account.all("trackers", _id={"$in": list(ids)}):
            tracker_id = known["_id"]
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
