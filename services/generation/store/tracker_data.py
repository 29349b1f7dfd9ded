"""What a worker process reads about a tracker."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray
from pymongo.database import Database

from services.errors import NonexistentEntities
from services.generation.domain.detection import Parking
from services.generation.domain.drivers import Handover, windows_by_driver
from services.generation.domain.recordings import Recording
from services.generation.domain.windows import Windows
from services.generation.inputs.records import Employee, Tracker, Vehicle
from services.generation.kit.entity_data import Geocoder
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


class TrackerData:
    """Fills the port EntityData for one tracker of a report."""

    def __init__(self, sources: DataSources, report: Report, tracker_id: int) -> None:
        self._database = sources.database
        self._geocoder = sources.geocoder
        self._chunk_days = sources.chunk_days
        self._report = report
        self.entity_id = tracker_id
        self.on_progress: Callable[[float], None] = lambda _: None

    @cached_property
    def _tracker(self) -> Tracker:
        with store_errors():
            found = self._database.trackers.find_one({"_id": self.entity_id, "owner_id": self._report.account_id})
        if found is None:
            raise NonexistentEntities(f"The tracker {self.entity_id} was deleted")
        return tracker_of(found)

    @cached_property
    def vehicle(self) -> Vehicle | None:
        """The vehicle that the tracker is in."""
        wanted = {"tracker_id": self.entity_id, "owner_id": self._report.account_id}
        with store_errors():
            found = self._database.vehicles.find_one(wanted, sort={"_id": -1})
        return None if found is None else vehicle_of(found)

    @property
    def label(self) -> str:
        """The tracker's name."""
        return self._tracker.label

    @cached_property
    def header(self) -> str:
        """The sheet's name: "Employee (tracker)" when an employee is assigned, else the tracker's (reference 4.1)."""
        wanted = {"tracker_id": self.entity_id, "owner_id": self._report.account_id}
        with store_errors():
            found = self._database.employees.find_one(wanted, sort={"_id": -1})
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
        reader, tracker_id = MongoTrackReader(self._database), self.entity_id
        read, odometer_before = partial(reader.read, tracker_id), partial(reader.odometer_before, tracker_id)
        return Recording(read, reader.span(tracker_id), self._chunk_days, odometer_before)

    def drivers(self, windows: Windows) -> list[tuple[str, Windows]]:
        """Return who had the tracker and in which of the windows; the name is empty where nobody is known."""
        wanted = {"tracker_id": self.entity_id, "owner_id": self._report.account_id}
        with store_errors():
            found = self._database.assignments.find(wanted).sort("start_time").to_list()
        employees = self._employees({one["employee_id"] for one in found})
        handovers = [
            Handover(
                round(one["start_time"].timestamp() * 1000),
                one["employee_id"] if one["employee_id"] in employees else None,
            )
            for one in found
        ]
        own = windows_by_driver(handovers, windows)
        return [("" if one is None else employees[one].full_name, own[one]) for one in own]

    def _employees(self, ids: Iterable[int | None]) -> dict[int, Employee]:
        wanted = {"_id": {"$in": list(ids)}, "owner_id": self._report.account_id}
        with store_errors():
            return {found["_id"]: employee_of(found) for found in self._database.employees.find(wanted)}

    def addresses(self, lat: NDArray[np.float64], lng: NDArray[np.float64]) -> Sequence[str]:
        """Return the address of each place."""
        return self._geocoder.addresses(lat, lng, self._report.locale.locale)
