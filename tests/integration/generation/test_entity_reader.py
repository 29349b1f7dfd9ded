"""Trackers and employees as a worker reads them from a real MongoDB."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from daybook.input.v1.field_service_pb2 import Counter
from daybook.input.v1.fleet_pb2 import Employee, Parking, Tracker, Vehicle
from daybook.input.v1.landmarks_pb2 import Place, Zone
from daybook.input.v1.location_pb2 import Coordinates, Location
from daybook.input.v1.sensors_pb2 import Sensor, SensorParameters

from services.errors import NonexistentEntities
from services.generation.domain.odometer_lines import OdometerLine
from services.generation.domain.windows import Windows
from services.generation.inputs.assignments import ASSIGNMENTS
from services.generation.inputs.counters import COUNTERS
from services.generation.inputs.employees import EMPLOYEES
from services.generation.inputs.places import PLACES
from services.generation.inputs.points import POINTS
from services.generation.inputs.readings import READINGS
from services.generation.inputs.sensors import SENSORS
from services.generation.inputs.trackers import TRACKERS
from services.generation.inputs.vehicles import VEHICLES
from services.generation.inputs.zones import ZONES
from services.generation.kit.entity_data import EntityData
from services.generation.kit.kind import Entity
from services.generation.store.entity_reader import DataSources, MongoTrackerData, entity_data
from services.generation.store.mongo import connect_worker, journalled_worker
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_series import MongoSeries
from services.runtime.codec import timestamp_of
from tests.builders.inputs import assigned, put
from tests.builders.people import NOON, report
from tests.fakes.entity_data import towns

HOUR, HOUR_MS = timedelta(hours=1), 3_600_000
NOON_MS = round(NOON.timestamp() * 1000)
DAY = Windows.of([(NOON_MS - HOUR_MS, NOON_MS + 3 * HOUR_MS)])
PARKING = Parking(min_idle_minutes=3, idle_speed_kmh=4.5, ignition_aware=True, gap_minutes=30)
CAR = Tracker(id=7, label="Ford", odometer_km=12.5, parking=PARKING)
SEAT = Tracker(id=8, label="Seat")
FOCUS = Vehicle(id=2, label="Focus", tracker_id=7, norm_avg_fuel_consumption=6.5, fuel_cost=1.2, currency_code="EUR")

Spans = list[tuple[int, int]]


@pytest.fixture
def stores(mongodb_uri: str, database: str) -> Iterator[DataSources]:
    with connect_worker(mongodb_uri) as client:
        yield DataSources(journalled_worker(client, database), None, chunk_points=500_000)  # type: ignore[arg-type] # no address is asked


def minutes(windows: Windows) -> Spans:
    """Return windows in minutes since noon."""
    edges = zip(windows.start_ms.tolist(), windows.end_ms.tolist(), strict=True)
    return [((start - NOON_MS) // 60_000, (end - NOON_MS) // 60_000) for start, end in edges]


def drivers(data: EntityData) -> list[tuple[str, Spans]]:
    (tracker, _windows), *_ = data.trackers(DAY)
    return [(name, minutes(own)) for name, own in tracker.drivers(DAY)]


def driven(stores: DataSources, employee_id: int) -> list[tuple[str, Spans]]:
    """Return the trackers of an employee with their windows."""
    data = entity_data(Entity.EMPLOYEE, stores, report(), employee_id)
    return [(tracker.label, minutes(own)) for tracker, own in data.trackers(DAY)]


@pytest.mark.parametrize(("chunk_points", "days"), [(1_000, 1), (6_000, 3), (500_000, 92)])
async def test_a_track_is_read_in_chunks_of_so_many_points(
    db: Any, stores: DataSources, chunk_points: int, days: int
) -> None:
    """By its densest day, at least a day and at most as many as the longest report has."""
    moments = [NOON_MS + place * 1_000 for place in range(10)]
    await MongoSeries(db).add(POINTS, 7, POINTS.samples(moments, lat=[1.0] * 10, lng=[2.0] * 10))
    data = MongoTrackerData(replace(stores, chunk_points=chunk_points), report(), 7)

    assert days == data.recording.chunk_days


async def test_a_tracker_comes_from_the_reports_account(db: Any, stores: DataSources) -> None:
    """A sheet's header, vehicle, parking and drivers come from the fleet of the report's account alone."""
    await put(db, TRACKERS, 1, CAR)
    await put(db, VEHICLES, 1, FOCUS)
    sam = Employee(id=3, first_name="Sam", last_name="Hill", tracker_id=7)
    await put(db, EMPLOYEES, 1, sam, Employee(id=4, first_name="Ann"))
    await put(db, ASSIGNMENTS, 1, assigned(7, NOON, 4), assigned(7, NOON + HOUR), assigned(7, NOON + 2 * HOUR, 3))
    data, foreign = (MongoTrackerData(stores, report(account_id=account), 7) for account in (1, 2))

    assert ("Ford", "Sam Hill (Ford)", 12.5) == (data.label, data.header, data.first_odometer_km)
    assert (4.5, 180, True) == (data.parking.idle_kmh, data.parking.shortest_s, data.parking.ignition_aware)
    assert 1800 == data.parking.gap_s
    assert FOCUS == data.vehicle
    assert [("Ann", [(0, 60)]), ("Sam Hill", [(120, 180)]), ("", [(-60, 0), (60, 120)])] == drivers(data)
    assert (None, [("", [(-60, 180)])]) == (foreign.vehicle, drivers(foreign))
    with pytest.raises(NonexistentEntities):
        _ = foreign.label


async def test_of_several_vehicles_of_a_tracker_the_one_with_the_lowest_id_counts(db: Any, stores: DataSources) -> None:
    """In whatever order they came."""
    await put(db, TRACKERS, 1, CAR)
    await put(
        db, VEHICLES, 1, Vehicle(id=3, label="Van", tracker_id=7), FOCUS, Vehicle(id=1, label="Bus", tracker_id=8)
    )

    assert FOCUS == MongoTrackerData(stores, report(), 7).vehicle


async def test_an_employee_has_the_trackers_assigned_and_their_windows(db: Any, stores: DataSources) -> None:
    """An assignment lasts until the tracker's next, or until the employee is assigned to another tracker."""
    await put(db, TRACKERS, 1, CAR, SEAT)
    await put(db, EMPLOYEES, 1, Employee(id=3, first_name="Sam", last_name="Hill"), Employee(id=4, first_name="Ann"))
    await put(db, ASSIGNMENTS, 1, assigned(7, NOON, 3), assigned(8, NOON + HOUR, 3), assigned(8, NOON + 2 * HOUR, 4))
    await put(db, ASSIGNMENTS, 2, assigned(7, NOON - HOUR, 3))
    sam = entity_data(Entity.EMPLOYEE, stores, report(), 3)

    assert (3, "Sam Hill", "Sam Hill") == (sam.entity_id, sam.label, sam.header)
    assert [("Ford", [(0, 60)]), ("Seat", [(60, 120)])] == driven(stores, 3)
    assert [("Seat", [(120, 180)])] == driven(stores, 4)
    assert [("Sam Hill", [(0, 60)]), ("", [(-60, 0), (60, 180)])] == drivers(
        entity_data(Entity.TRACKER, stores, report(), 7)
    )


async def test_without_assignments_a_tracker_is_with_its_employee(db: Any, stores: DataSources) -> None:
    """The employee's own tracker counts since ever, but only while that tracker was never assigned."""
    await put(db, TRACKERS, 1, CAR, SEAT)
    sam, ann = (Employee(id=id_, first_name=name, tracker_id=id_ + 4) for id_, name in ((3, "Sam"), (4, "Ann")))
    await put(db, EMPLOYEES, 1, sam, ann)
    await put(db, ASSIGNMENTS, 1, assigned(8, NOON + HOUR, 3))

    assert [("Ford", [(-60, 60)]), ("Seat", [(60, 180)])] == driven(stores, 3)
    assert [] == driven(stores, 4)
    assert [("Sam", [(-60, 60)]), ("", [(60, 180)])] == drivers(entity_data(Entity.TRACKER, stores, report(), 7))


async def test_an_employee_who_was_deleted_fails_the_sheet(db: Any, stores: DataSources) -> None:
    """So does one of another account."""
    await put(db, EMPLOYEES, 2, Employee(id=3, first_name="Sam"))

    for missing in (3, 5):
        with pytest.raises(NonexistentEntities, match="employee"):
            _ = entity_data(Entity.EMPLOYEE, stores, report(), missing).label


async def test_a_report_reads_any_kind_of_input_and_any_series(db: Any, stores: DataSources) -> None:
    """Records come by the values of their fields, samples by record and interval, of the report's account alone."""
    await put(db, TRACKERS, 1, CAR, SEAT)
    await put(db, VEHICLES, 1, FOCUS, Vehicle(id=1, label="Van", tracker_id=8))
    times = [NOON_MS, NOON_MS + 1000, NOON_MS + 2000]
    points = POINTS.samples(times, lat=[1, 2, 3], lng=[4, 5, 6], speed_kmh=[7, 8, 9])
    await MongoSeries(db).add(POINTS, 7, points)
    data, foreign = (entity_data(Entity.TRACKER, stores, report(account_id=account), 7) for account in (1, 2))
    found = data.samples(POINTS, 7, NOON_MS, NOON_MS + 2000)

    assert [FOCUS] == data.records(VEHICLES, tracker_id=7)
    assert ["Van", "Focus"] == [one.label for one in data.records(VEHICLES)]
    assert ["Van"] == [one.label for one in data.records(VEHICLES, id=(1, 2))]
    assert (times[:2], [8.0]) == (found.time_ms.tolist(), found.column("speed_kmh")[1:].tolist())
    assert ([], 0) == (foreign.records(VEHICLES), len(foreign.samples(POINTS, 7, 0, NOON_MS + 2000)))


async def test_addresses_begin_with_the_places_and_zones_of_the_account(db: Any, stores: DataSources) -> None:
    """As far as the report includes them; an address that is known takes the place of the geocoder's."""
    await put(db, TRACKERS, 1, CAR)
    here = Coordinates(lat=1, lng=1)
    location = Location(lat=1, lng=1, radius=500)
    await put(db, PLACES, 1, *(Place(id=id_, label=label, location=location) for id_, label in ((6, "B"), (5, "A"))))
    for account, label in ((1, "North"), (2, "Foreign")):
        await put(db, ZONES, account, Zone(id=1, type=Zone.TYPE_CIRCLE, label=label, center=here, radius=90_000))
    lat, lng = np.array([1.0, 1.5, np.nan]), np.array([1.0, 1.0, np.nan])
    towned = replace(stores, geocoder=Towns())

    def found(**included: bool) -> list[str]:
        data = entity_data(Entity.TRACKER, towned, replace(report(), **included), 7)
        return list(data.addresses(lat, lng, ["", "Main 1", ""]))

    assert ["[A,B] [North] 1.00ville", "[North] Main 1", "—"] == found()
    assert ["[A,B] 1.00ville", "Main 1", "—"] == found(include_zones_in_address=False)
    assert ["[North] 1.00ville", "[North] Main 1", "—"] == found(include_places_in_address=False)


class Towns:
    """Geocoder that knows towns by their latitude."""

    def addresses(self, lat: Any, lng: Any, locale: str) -> list[str]:
        del locale
        return towns(lat, lng)


READ = [(NOON_MS, 1.0), (NOON_MS + 60_000, 0.0), (NOON_MS + 120_000, 7.0)]


async def readings(db: Any, sensor_id: int, *readings: tuple[int, float]) -> None:
    times, values = ([reading[part] for reading in readings] for part in (0, 1))
    entity = (await MongoInputs(db).entities(SENSORS, [sensor_id], 1))[sensor_id]
    await MongoSeries(db).add(READINGS, entity, READINGS.samples(times, value=values))


def sensor(id_: int, type_: "Sensor.SensorType.ValueType") -> Sensor:
    in_range = SensorParameters(calc_method=SensorParameters.CALC_METHOD_IN_RANGE, range_from=5)
    virtual = type_ == Sensor.SENSOR_TYPE_VIRTUAL_IGNITION
    kind = Sensor.KIND_VIRTUAL if virtual else Sensor.KIND_DISCRETE
    return Sensor(id=id_, tracker_id=7, name="x", kind=kind, sensor_type=type_, parameters=in_range)


async def test_ignition_is_read_by_a_sensor_when_no_point_has_one(db: Any, stores: DataSources) -> None:
    """A discrete one before a virtual one, among those with readings; points show it too."""
    await put(db, TRACKERS, 1, CAR)
    types = (Sensor.SENSOR_TYPE_VIRTUAL_IGNITION, Sensor.SENSOR_TYPE_IGNITION, Sensor.SENSOR_TYPE_IGNITION)
    await put(db, SENSORS, 1, *(sensor(id_, type_) for id_, type_ in enumerate(types, 1)))
    times = [NOON_MS - 1, NOON_MS + 1000, NOON_MS + 61_000]
    await MongoSeries(db).add(POINTS, 7, POINTS.samples(times, lat=[1, 2, 3], lng=[4, 5, 6]))

    def seen(start_ms: int = NOON_MS, end_ms: int = NOON_MS + HOUR_MS) -> list[tuple[int, float]]:
        moments, states = MongoTrackerData(stores, report(), 7).ignition(start_ms, end_ms)
        return list(zip(moments.tolist(), states.tolist(), strict=True))

    assert [] == seen()
    await readings(db, 1, *READ)
    assert [(NOON_MS, 0.0), (NOON_MS + 60_000, 0.0), (NOON_MS + 120_000, 1.0)] == seen()
    await readings(db, 3, *READ)
    assert [(NOON_MS, 1.0), (NOON_MS + 60_000, 0.0), (NOON_MS + 120_000, 1.0)] == seen()
    assert [(NOON_MS + 60_000, 0.0), (NOON_MS + 120_000, 1.0)] == seen(NOON_MS + 61_000)
    track = MongoTrackerData(stores, report(), 7).recording.read(NOON_MS - 1, NOON_MS + HOUR_MS)
    assert [0.0, 1.0, 0.0] == track.ignition.tolist()


async def test_ignition_of_points_comes_before_that_of_sensors(db: Any, stores: DataSources) -> None:
    """A sensor of ignition without any reading reads the points in return."""
    await put(db, TRACKERS, 1, CAR)
    await put(db, SENSORS, 1, sensor(1, Sensor.SENSOR_TYPE_IGNITION), sensor(2, Sensor.SENSOR_TYPE_IGNITION))
    await readings(db, 1, *READ)
    times, ignition = [NOON_MS - 1, NOON_MS + 1000, NOON_MS + 2000], [1, np.nan, 0]
    await MongoSeries(db).add(POINTS, 7, POINTS.samples(times, lat=[1, 2, 3], lng=[4, 5, 6], ignition=ignition))
    data = MongoTrackerData(stores, report(), 7)
    moments, states = data.ignition(NOON_MS, NOON_MS + HOUR_MS)
    own, other = (data.readings(sensor(id_, Sensor.SENSOR_TYPE_IGNITION), 0, NOON_MS + HOUR_MS) for id_ in (1, 2))

    assert ([NOON_MS - 1, NOON_MS + 2000], [1.0, 0.0]) == (moments.tolist(), states.tolist())
    assert [value for _, value in READ] == own.column("value").tolist()
    assert ([NOON_MS - 1, NOON_MS + 2000], [1.0, 0.0]) == (other.time_ms.tolist(), other.column("value").tolist())


async def test_the_last_known_ignition_goes_on(db: Any, stores: DataSources) -> None:
    """However long ago it was known; before the first known state it is off, and without any it is unknown."""
    await put(db, TRACKERS, 1, CAR, SEAT)
    hours = np.array([-51, -50, 0, 1, 2, 3])
    ignition = np.array([np.nan, 1, np.nan, np.nan, 0, np.nan])

    async def add(tracker_id: int, rows: slice, **columns: Any) -> None:
        place = np.ones(len(hours[rows]))
        moments = NOON_MS + hours[rows] * HOUR_MS
        await MongoSeries(db).add(POINTS, tracker_id, POINTS.samples(moments, lat=place, lng=place, **columns))

    def read(start: int, end: int, tracker_id: int = 7) -> list[float]:
        data = MongoTrackerData(stores, report(), tracker_id)
        return data.recording.read(NOON_MS + start * HOUR_MS, NOON_MS + end * HOUR_MS).ignition.tolist()

    await add(8, slice(None))
    for rows in (slice(0, 2), slice(2, 6)):
        await add(7, rows, ignition=ignition[rows])

    assert [0, 1, 1, 1, 0, 0] == read(-51, 4)
    assert ([1, 1], [1], [0]) == (read(0, 2), read(1, 2), read(3, 4))
    assert np.isnan(read(-51, 4, tracker_id=8)).all()


async def test_drivers_vehicle_and_odometer_lines_are_those_of_the_tracker(db: Any, stores: DataSources) -> None:
    """Of several vehicles the one with the lowest id; a driver by moment, whose name may be unknown."""
    await put(db, TRACKERS, 1, CAR)
    await put(db, VEHICLES, 1, Vehicle(id=9, label="Late", tracker_id=7), Vehicle(id=3, label="Early", tracker_id=7))
    await put(db, EMPLOYEES, 1, Employee(id=3, first_name="Sam", last_name="Hill"))
    await put(db, ASSIGNMENTS, 1, assigned(7, NOON, 3), assigned(7, NOON + HOUR, 5), assigned(7, NOON + 2 * HOUR))
    line = Counter(tracker_id=7, type=Counter.TYPE_ODOMETER, time=timestamp_of(NOON), value=12.5)
    hours = Counter(tracker_id=7, type=Counter.TYPE_ENGINE_HOURS, time=timestamp_of(NOON), value=1)
    await put(db, COUNTERS, 1, line, hours)
    data = MongoTrackerData(stores, report(), 7)
    drivers_then = data.driver_ids_at(NOON_MS + HOUR_MS * np.arange(-1, 3)).tolist()

    assert data.vehicle is not None
    assert "Early" == data.vehicle.label
    assert ([0, 3, 5, 0], ["—", "Sam Hill", "—", "—"]) == (drivers_then, data.employee_names(drivers_then))
    assert [OdometerLine(NOON_MS, 12.5, 1.0)] == data.odometer_lines
