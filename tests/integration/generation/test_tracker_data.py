"""Data of a tracker as a worker reads them."""

from datetime import timedelta
from typing import Any

import pytest
from daybook.input.v1.fleet_pb2 import Assignment, Employee, Parking, Tracker, Vehicle
from pymongo import MongoClient

from services.errors import NonexistentEntities
from services.generation.domain.windows import Windows
from services.generation.inputs.assignments import ASSIGNMENTS
from services.generation.inputs.employees import EMPLOYEES
from services.generation.inputs.trackers import TRACKERS
from services.generation.inputs.vehicles import VEHICLES
from services.generation.store.mongo import connect_worker, journalled_worker
from services.generation.store.tracker_data import TrackerData, WorkerStores
from services.runtime.codec import timestamp_of
from tests.builders.people import NOON, report
from tests.integration.generation.estates import Estates

HOUR_MS = 3_600_000
NOON_MS = round(NOON.timestamp() * 1000)


def minutes(data: TrackerData, windows: Windows) -> list[tuple[str, list[tuple[int, int]]]]:
    """Return the drivers and their windows in minutes since noon."""
    return [
        (
            name,
            [
                ((start - NOON_MS) // 60_000, (end - NOON_MS) // 60_000)
                for start, end in zip(own.start_ms, own.end_ms, strict=True)
            ],
        )
        for name, own in data.drivers(windows)
    ]


def driven(hours: int, employee_id: int = 0) -> Assignment:
    moment = timestamp_of(NOON + timedelta(hours=hours))
    return Assignment(tracker_id=7, start_time=moment, employee_id=employee_id)


async def test_a_worker_reads_its_tracker(
    db: Any, mongo_client: MongoClient[Any], mongodb_uri: str, database: str
) -> None:
    """A sheet's header, vehicle, parking and drivers are those of the report's account alone."""
    estates = Estates(db, mongo_client)
    parking = Parking(min_idle_minutes=3, idle_speed_kmh=4.5, ignition_aware=True)
    focus = Vehicle(id=2, label="Focus", tracker_id=7, norm_avg_fuel_consumption=6.5, currency_code="EUR")
    sam = Employee(id=3, first_name="Sam", last_name="Hill", tracker_id=7)
    await estates.put(TRACKERS, 1, Tracker(id=7, label="Ford", odometer_km=12.5, parking=parking))
    await estates.put(VEHICLES, 1, focus)
    await estates.put(EMPLOYEES, 1, sam, Employee(id=4, first_name="Ann"))
    await estates.put(ASSIGNMENTS, 1, driven(0, 4), driven(1), driven(2, 3), driven(3, 99))
    day = Windows.of([(NOON_MS - HOUR_MS, NOON_MS + 3 * HOUR_MS)])
    with connect_worker(mongodb_uri) as client:
        stores = WorkerStores(journalled_worker(client, database), None, 7)  # type: ignore[arg-type] # no address is asked
        data, foreign = TrackerData(stores, report(), 7), TrackerData(stores, report(account_id=2), 7)

        assert ("Ford", "Sam Hill (Ford)", 12.5) == (data.label, data.header, data.first_odometer_km)
        assert (4.5, 180, True) == (data.parking.idle_kmh, data.parking.shortest_s, data.parking.ignition_aware)
        assert focus == data.vehicle
        assert [("", [(-60, 0), (60, 120)]), ("Ann", [(0, 60)]), ("Sam Hill", [(120, 180)])] == minutes(data, day)
        assert (None, [("", [(-60, 180)])]) == (foreign.vehicle, minutes(foreign, day))
        with pytest.raises(NonexistentEntities):
            _ = foreign.label
