"""Trackers and employees as a worker reads them from a real MongoDB."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from daybook.input.v1.fleet_pb2 import Employee, Parking, Tracker, Vehicle

from services.errors import NonexistentEntities
from services.generation.domain.windows import Windows
from services.generation.inputs.assignments import ASSIGNMENTS
from services.generation.inputs.employees import EMPLOYEES
from services.generation.inputs.points import POINTS
from services.generation.inputs.trackers import TRACKERS
from services.generation.inputs.vehicles import VEHICLES
from services.generation.kit.entity_data import EntityData
from services.generation.kit.kind import Entity
from services.generation.store.entity_reader import DataSources, MongoTrackerData, entity_data
from services.generation.store.mongo import connect_worker, journalled_worker
from services.generation.store.mongo_series import MongoSeries
from tests.builders.inputs import assigned, put
from tests.builders.people import NOON, report

HOUR, HOUR_MS = timedelta(hours=1), 3_600_000
NOON_MS = round(NOON.timestamp() * 1000)
DAY = Windows.of([(NOON_MS - HOUR_MS, NOON_MS + 3 * HOUR_MS)])
PARKING = Parking(min_idle_minutes=3, idle_speed_kmh=4.5, ignition_aware=True)
CAR = Tracker(id=7, label="Ford", odometer_km=12.5, parking=PARKING)
SEAT = Tracker(id=8, label="Seat")
FOCUS = Vehicle(id=2, label="Focus", tracker_id=7, norm_avg_fuel_consumption=6.5, fuel_cost=1.2, currency_code="EUR")

Spans = list[tuple[int, int]]


@pytest.fixture
def stores(mongodb_uri: str, database: str) -> Iterator[DataSources]:
    with connect_worker(mongodb_uri) as client:
        yield DataSources(journalled_worker(client, database), None, 7)  # type: ignore[arg-type] # no address is asked


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
    assert FOCUS == data.vehicle
    assert [("", [(-60, 0), (60, 120)]), ("Ann", [(0, 60)]), ("Sam Hill", [(120, 180)])] == drivers(data)
    assert (None, [("", [(-60, 180)])]) == (foreign.vehicle, drivers(foreign))
    with pytest.raises(NonexistentEntities):
        _ = foreign.label


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
    assert [("", [(-60, 0), (60, 180)]), ("Sam Hill", [(0, 60)])] == drivers(
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
