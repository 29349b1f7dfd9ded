"""Trackers and employees as reports read them, in a worker process."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from daybook.input.v1.fleet_pb2 import Employee, Tracker, Vehicle
from daybook.input.v1.sensors_pb2 import Sensor
from pymongo.database import Database

from services.errors import NonexistentEntities
from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.detection import Parking
from services.generation.domain.drivers import Handover, drivers_at, windows_by_driver
from services.generation.domain.odometer_lines import OdometerLine
from services.generation.domain.recordings import Recording
from services.generation.domain.samples import Samples
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows
from services.generation.inputs.counters import COUNTERS, odometer_lines
from services.generation.inputs.employees import EMPLOYEES, full_name
from services.generation.inputs.input_kind import InputKind, M
from services.generation.inputs.places import PLACES
from services.generation.inputs.places import area_of as area_of_place
from services.generation.inputs.points import POINTS, TRACK_COLUMNS, track_of
from services.generation.inputs.readings import READINGS
from services.generation.inputs.sensors import IGNITION_TYPES, SENSORS
from services.generation.inputs.series import Series
from services.generation.inputs.trackers import TRACKERS
from services.generation.inputs.vehicles import VEHICLES
from services.generation.inputs.zones import ZONES
from services.generation.inputs.zones import area_of as area_of_zone
from services.generation.kit.area_names import NamedAreas, prefixed
from services.generation.kit.entity_data import DataScope, EntityData, Geocoder, Region, RegionLevel, TrackerData
from services.generation.kit.kind import Entity
from services.generation.store.account_reader import AccountReader
from services.generation.store.ignition_reader import IgnitionReader
from services.generation.store.mongo import Document
from services.generation.store.series_reader import MongoSeriesReader
from services.generation.store.track_cache import TrackCache
from services.generation.words.numbers import UNKNOWN

MOST_DAYS = 92  # of points in memory at a time, however few they are: the longest report

KEPT_SHARE = 4  # of the points in memory at a time: a quarter may stay there


@dataclass(frozen=True, slots=True)
class DataSources:
    """Sources of a worker's data; points are read `chunk_points` at a time."""

    database: Database[Document]
    geocoder: Geocoder
    chunk_points: int


def entity_data(entity: Entity, stores: DataSources, scope: DataScope, entity_id: int) -> EntityData:
    """Return the data of an entity of a report or a list."""
    if entity is Entity.EMPLOYEE:
        return MongoEmployeeData(stores, scope, entity_id)
    return MongoTrackerData(stores, scope, entity_id)


class _Entity:
    """Data that trackers and employees have in common."""

    def __init__(self, stores: DataSources, scope: DataScope, entity_id: int) -> None:
        self._stores = stores
        self._scope = scope
        self._account = AccountReader(stores.database, scope.account_id)
        self.entity_id = entity_id
        self.on_progress: Callable[[float], None] = lambda _: None

    def records(self, kind: InputKind[M], **by: Any) -> list[M]:
        """Return the account's records of a kind that match, by key."""
        return self._account.all(kind, **by)

    def samples(self, series: Series, record_id: int, start_ms: int, end_ms: int) -> Samples:
        """Return what a series holds of a record; nothing of a record that the account does not have."""
        return self._account.samples(series, record_id, start_ms, end_ms)

    def span(self, series: Series, record_id: int) -> tuple[int, int] | None:
        """Return the moments of the first and the last sample of a record, None without samples."""
        return self._account.span(series, record_id)

    def addresses(self, lat: Floats, lng: Floats, known: Sequence[str] = ()) -> Sequence[str]:
        """Return the address of each place, behind the names of the places and zones around it."""
        found = list(known) or [""] * len(lat)
        sought = np.array([not address for address in found], np.bool_) & ~(np.isnan(lat) | np.isnan(lng))
        if sought.any():
            geocoded = self._stores.geocoder.addresses(lat[sought], lng[sought], self._scope.locale.locale)
            for place, address in zip(np.flatnonzero(sought).tolist(), geocoded, strict=True):
                found[place] = address
        return prefixed([address or UNKNOWN for address in found], lat, lng, self._areas)

    @cached_property
    def _areas(self) -> list[NamedAreas]:
        """Places and zones whose names are in addresses, as far as the scope includes them."""
        found = []
        if self._scope.include_places_in_address:
            places = self.records(PLACES)
            found.append(NamedAreas([one.label for one in places], [area_of_place(one) for one in places]))
        if self._scope.include_zones_in_address:
            zones = self.records(ZONES)
            found.append(NamedAreas([one.label for one in zones], [area_of_zone(one) for one in zones]))
        return found

    def employee_names(self, ids: Iterable[int]) -> list[str]:
        """Return the names of employees by their ids, "—" for unknown ones."""
        wanted = list(ids)
        known = self._account.employees(wanted)
        return [full_name(known[one]) if one in known else UNKNOWN for one in wanted]

    def regions(self, lat: Floats, lng: Floats, level: RegionLevel) -> Ints:
        """Return the number of the region of each place, -1 where it is unknown."""
        return self._stores.geocoder.regions(lat, lng, level)

    def region(self, number: int, level: RegionLevel) -> Region:
        """Return the region of a number."""
        return self._stores.geocoder.region(number, level, self._scope.locale.locale)


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
        """The vehicle that the tracker is in: of several, that with the lowest id."""
        return next(iter(self._account.all(VEHICLES, tracker_id=self.entity_id)), None)

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
        gap_s = parking.gap_minutes * 60 if parking.HasField("gap_minutes") else None
        return Parking(parking.idle_speed_kmh, parking.min_idle_minutes * 60, parking.ignition_aware, gap_s)

    @property
    def first_odometer_km(self) -> float | None:
        """The odometer at the tracker's first point."""
        return self._tracker.odometer_km if self._tracker.HasField("odometer_km") else None

    @cached_property
    def recording(self) -> Recording:
        """The tracker's points."""
        reader, tracker_id = MongoSeriesReader(self._stores.database, POINTS), self.entity_id

        def read(start_ms: int, end_ms: int) -> Track:
            return self._ignition.filled(track_of(*reader.read(tracker_id, start_ms, end_ms, TRACK_COLUMNS)))

        outlines = partial(reader.outlines, "odometer_km", tracker_id)
        chunk_days = max(1, min(MOST_DAYS, self._stores.chunk_points // max(1, reader.most_a_day(tracker_id))))
        cache = TrackCache(read, self._stores.chunk_points // KEPT_SHARE)
        return Recording(cache.read, reader.span(tracker_id), chunk_days, outlines)

    def trackers(self, windows: Windows) -> Sequence[tuple[TrackerData, Windows]]:
        """Return the tracker itself with all windows."""
        return [(self, windows)]

    @cached_property
    def _ignition(self) -> IgnitionReader:
        database = self._stores.database
        return IgnitionReader(
            MongoSeriesReader(database, POINTS),
            MongoSeriesReader(database, READINGS),
            self.entity_id,
            lambda: self.records(SENSORS, tracker_id=self.entity_id),
            lambda sensor: self._account.stored_id(SENSORS, sensor.id),
        )

    def ignition(self, start_ms: int, end_ms: int) -> tuple[Ints, Floats]:
        """Return the states of the ignition with their moments, the last one before the interval too."""
        return self._ignition.states(start_ms, end_ms)

    def readings(self, sensor: Sensor, start_ms: int, end_ms: int) -> Samples:
        """Return the readings of a sensor; an ignition sensor without any reading reads the points."""
        if sensor.sensor_type not in IGNITION_TYPES or self._ignition.has_readings(sensor):
            return self.samples(READINGS, sensor.id, start_ms, end_ms)
        moments, states = self._ignition.states(start_ms, end_ms)
        first = int(np.searchsorted(moments, start_ms))
        return READINGS.samples(moments[first:], value=states[first:])

    @cached_property
    def odometer_lines(self) -> Sequence[OdometerLine]:
        """The values of the odometer that were entered, in time order."""
        return odometer_lines(self.records(COUNTERS, tracker_id=self.entity_id))

    @cached_property
    def _handovers(self) -> list[Handover]:
        return self._account.handovers(self.entity_id)

    def driver_ids_at(self, moments: Ints) -> Ints:
        """Return the id of the driver at each moment, 0 where none is known."""
        return drivers_at(self._handovers, moments)

    def drivers(self, windows: Windows) -> list[tuple[str, Windows]]:
        """Return the drivers with their windows; last, under an empty name, those without a driver."""
        handovers = self._handovers
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
        tracker = MongoTrackerData(self._stores, self._scope, tracker_id)
        tracker.on_progress = self.on_progress
        return tracker
