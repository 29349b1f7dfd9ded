"""What a worker process reads about a tracker."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from daybook.input.v1.fleet_pb2 import Tracker, Vehicle
from numpy.typing import NDArray
from pymongo.database import Database

from services.errors import NonexistentEntities
from services.generation.domain.detection import Parking
from services.generation.domain.drivers import Handover, windows_by_driver
from services.generation.domain.recordings import Recording
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows
from services.generation.inputs.assignments import ASSIGNMENTS
from services.generation.inputs.employees import EMPLOYEES, full_name
from services.generation.inputs.points import POINTS, track_of
from services.generation.inputs.trackers import TRACKERS
from services.generation.inputs.vehicles import VEHICLES
from services.generation.kit.entity_data import Geocoder
from services.generation.reporting.report import Report
from services.generation.store.input_reader import MongoInputReader
from services.generation.store.mongo import Document
from services.generation.store.series_reader import MongoSeriesReader


@dataclass(frozen=True, slots=True)
class WorkerStores:
    """Where a worker finds what it reads; points are read `chunk_days` at a time."""

    database: Database[Document]
    geocoder: Geocoder
    chunk_days: int


class TrackerData:
    """Fills the port EntityData for one tracker of a report."""

    def __init__(self, shelf: WorkerStores, report: Report, tracker_id: int) -> None:
        self._database = shelf.database
        self._inputs = MongoInputReader(shelf.database)
        self._geocoder = shelf.geocoder
        self._chunk_days = shelf.chunk_days
        self._report = report
        self.entity_id = tracker_id
        self.on_progress: Callable[[float], None] = lambda _: None

    @cached_property
    def _tracker(self) -> Tracker:
        found = self._inputs.read(TRACKERS, self._report.account_id, id=self.entity_id)
        if not found:
            raise NonexistentEntities(f"The tracker {self.entity_id} was deleted")
        return found[0]

    @cached_property
    def vehicle(self) -> Vehicle | None:
        """The vehicle that the tracker is in."""
        found = self._inputs.read(VEHICLES, self._report.account_id, tracker_id=self.entity_id)
        return found[-1] if found else None

    @property
    def label(self) -> str:
        """The tracker's name."""
        return self._tracker.label

    @cached_property
    def header(self) -> str:
        """The sheet's name: "Employee (tracker)" when an employee is assigned, else the tracker's (reference 4.1)."""
        found = self._inputs.read(EMPLOYEES, self._report.account_id, tracker_id=self.entity_id)
        return f"{full_name(found[-1])} ({self.label})" if found else self.label

    @property
    def parking(self) -> Parking:
        """When the tracker counts as parked."""
        parking = self._tracker.parking
        return Parking(parking.idle_speed_kmh, parking.min_idle_minutes * 60, parking.ignition_aware)

    @property
    def first_odometer_km(self) -> float | None:
        """The odometer at the tracker's first point."""
        tracker = self._tracker
        return tracker.odometer_km if tracker.HasField("odometer_km") else None

    @cached_property
    def recording(self) -> Recording:
        """The tracker's points."""
        reader, tracker_id = MongoSeriesReader(self._database, POINTS), self.entity_id

        def read(start_ms: int, end_ms: int) -> Track:
            return track_of(*reader.read(tracker_id, start_ms, end_ms))

        odometer_before = partial(reader.last_with, "odometer_km", tracker_id)
        return Recording(read, reader.span(tracker_id), self._chunk_days, odometer_before)

    def drivers(self, windows: Windows) -> list[tuple[str, Windows]]:
        """Return who had the tracker and in which of the windows; the name is empty where nobody is known."""
        account_id = self._report.account_id
        found = self._inputs.read(ASSIGNMENTS, account_id, tracker_id=self.entity_id)
        ids = {one.employee_id for one in found}
        names = {one.id: full_name(one) for one in self._inputs.read(EMPLOYEES, account_id, id=ids)}
        handovers = [
            Handover(one.start_time.ToMilliseconds(), one.employee_id if one.employee_id in names else None)
            for one in found
        ]
        own = windows_by_driver(handovers, windows)
        return [("" if one is None else names[one], own[one]) for one in own]

    def addresses(self, lat: NDArray[np.float64], lng: NDArray[np.float64]) -> Sequence[str]:
        """Return the address of each place."""
        return self._geocoder.addresses(lat, lng, self._report.locale.locale)
