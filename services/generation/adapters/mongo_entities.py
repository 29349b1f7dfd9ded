"""What a worker process reads about a tracker, and where it writes the sheets it made."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial

import numpy as np
from daybook.report.v1.sheet_pb2 import SheetPart
from numpy.typing import NDArray
from pymongo.database import Database

from services.errors import NonexistentEntities
from services.generation.adapters.mongo import BULK_SECONDS, Document, store_errors
from services.generation.adapters.mongo_fleet import employee_of, tracker_of, vehicle_of
from services.generation.adapters.mongo_track_reader import MongoTrackReader
from services.generation.adapters.sheet_documents import part_document
from services.generation.domain.detection import Parking
from services.generation.domain.recordings import Recording
from services.generation.ports import Geocoder
from services.generation.records import Employee, Report, Tracker, Vehicle

SHEETS_OUTLIVE = timedelta(days=1)  # sheets go a day after their report


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a worker finds what it reads; points are read `chunk_days` at a time."""

    database: Database[Document]
    geocoder: Geocoder
    chunk_days: int


class TrackerData:
    """Fills the port EntityData for one tracker of a report."""

    def __init__(self, shelf: Shelf, report: Report, tracker_id: int) -> None:
        self._database = shelf.database
        self._geocoder = shelf.geocoder
        self._chunk_days = shelf.chunk_days
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
        return Recording(partial(reader.read, tracker_id), reader.span(tracker_id), self._chunk_days)

    def drivers(self, moments_ms: NDArray[np.int64]) -> list[str]:
        """Return who drove at each moment, empty where nobody is known."""
        if not len(moments_ms):
            return []
        wanted = {"tracker_id": self.entity_id, "owner_id": self._report.account_id}
        until = {"start_time": {"$lte": datetime.fromtimestamp(int(moments_ms.max()) / 1000, UTC)}}
        with store_errors():
            found = self._database.assignments.find(wanted | until).sort("start_time").to_list()
        employees = self._employees({one["employee_id"] for one in found})
        starts = np.array([one["start_time"].timestamp() * 1000 for one in found])
        names = [
            "",
            *(employees[one["employee_id"]].full_name if one["employee_id"] in employees else "" for one in found),
        ]
        return [names[place] for place in np.searchsorted(starts, moments_ms, side="right").tolist()]

    def _employees(self, ids: Iterable[int | None]) -> dict[int, Employee]:
        wanted = {"_id": {"$in": list(ids)}, "owner_id": self._report.account_id}
        with store_errors():
            return {found["_id"]: employee_of(found) for found in self._database.employees.find(wanted)}

    def addresses(self, lat: NDArray[np.float64], lng: NDArray[np.float64]) -> Sequence[str]:
        """Return the address of each place."""
        return self._geocoder.addresses(lat, lng, self._report.locale.locale)


class SheetStore:
    """Where a worker writes the parts of one attempt at a report."""

    def __init__(self, database: Database[Document], report: Report, keep: timedelta) -> None:
        self._database = database
        self._report = report
        self._expire_time = datetime.now(UTC) + keep + SHEETS_OUTLIVE

    def put(self, parts: Iterable[SheetPart]) -> int:
        """Store the parts of a sheet and return their number. Parts that a lost answer left behind are replaced."""
        documents = [part_document(part, self._report.id, self._report.attempt, self._expire_time) for part in parts]
        key = {"report_id": self._report.id, "attempt": self._report.attempt, "sheet": documents[0]["sheet"]}
        with store_errors(BULK_SECONDS):
            self._database.report_sheets.delete_many(key)
            for document in documents:
                self._database.report_sheets.insert_one(document)
        return len(documents)

    def is_wanted(self, percent: int | None = None) -> bool:
        """Say whether the report is still being made by this attempt, raising its percentage when one is given."""
        mine = {"_id": self._report.id, "state": "running", "attempt": self._report.attempt}
        with store_errors():
            if percent is None:
                return self._database.reports.find_one(mine, {"_id": 1}) is not None
            return bool(self._database.reports.update_one(mine, {"$max": {"percent": percent}}).matched_count)
