"""Sheets of every kind of report that may last a month, at a point a second, against the sheet of trips."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from daybook.input.v1 import input_service_pb2 as contract
from daybook.input.v1.fleet_pb2 import Tracker
from pymongo import MongoClient

from benchmarks.figure import Figure, in_turns
from benchmarks.server import own_mongodb
from benchmarks.trips_sheet import BATCH, DATABASE, OWNER, REPORT, TRACKER, report_of, worker_settings
from benchmarks.van import FIRST_DAY, every_second, months
from services.cli.demo_records import demo_records
from services.cli.demo_work import Record, Van
from services.cli.json_records import fill
from services.cli.simulator import simulate
from services.generation.domain.samples import Samples
from services.generation.executors.worker import make_sheet
from services.generation.inputs.points import POINTS
from services.generation.inputs.readings import READINGS
from services.generation.inputs.registry import INPUT_KINDS
from services.generation.inputs.sensors import SENSORS
from services.generation.inputs.trackers import TRACKERS
from services.generation.kinds import KINDS, AnyKind, find_kind
from services.generation.kit.kind import Entity
from services.generation.reporting.report import Report
from services.generation.reporting.units import SheetUnit, WorkerSettings
from services.generation.store.indexes import create_indexes
from services.generation.store.mongo import Document, opened
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_series import MongoSeries
from services.generation.store.report_documents import document_of

DAYS = 30
ROUNDS = 3
GOAL = 3.0
TRIPS = 4
EMPLOYEE = VAN = 1
TANK, LIFT = 11, 13  # sensors of the demo's first van
OPTIONS: Mapping[int, dict[str, Any]] = {
    7: {"show_detailed": True},
    9: {"sensors": [{"tracker_id": TRACKER, "sensor_id": TANK}]},
    12: {"sensors": [{"tracker_id": TRACKER, "sensor_id": LIFT}]},
    22: {"sensors": [{"tracker_id": TRACKER, "sensor_id": TANK}]},
    77: {"shifts": [{"name": "Day", "start_time": "06:00", "end_time": "20:00"}]},
    84: {"zone_ids": [1, 2, 3, 4, 5]},
}


def measure() -> Iterator[Figure]:
    """Yield a figure for each kind, made in this process on a server of the run's own."""
    points = every_second(months(1))
    with _stored(points) as (settings, report):
        trips = _unit(settings, report, find_kind(TRIPS))
        for kind in KINDS:
            if kind.id != TRIPS and (kind.max_time_span is None or kind.max_time_span.days >= DAYS):
                unit = _unit(settings, report, kind)
                made = make_sheet(unit)
                costs = in_turns(partial(make_sheet, unit), partial(make_sheet, trips), ROUNDS)
                what = f"{kind.title} ({kind.id}) of 30 days at a point a second"
                yield Figure(
                    what, "the trips report", GOAL, *costs, len(points), "points", f"{made.cell_count:,} cells"
                )


def _unit(settings: WorkerSettings, report: Report, kind: AnyKind) -> SheetUnit:
    """Return the unit of work for a kind of report with its default options."""
    options = kind.Options(**OPTIONS.get(kind.id, {})).model_dump()
    is_on_people = kind.entity is Entity.EMPLOYEE
    subject = {"tracker_ids": (), "employee_ids": (EMPLOYEE,)} if is_on_people else {}
    own = replace(report, plugin_id=kind.id, options=options, **subject)
    return SheetUnit(settings, own, EMPLOYEE if is_on_people else TRACKER, 0, alone=True)


@contextmanager
def _stored(points: Samples) -> Iterator[tuple[WorkerSettings, Report]]:
    with own_mongodb() as uri:
        asyncio.run(_store(uri, points))
        report = report_of(points)
        with MongoClient[Document](uri, tz_aware=True) as client:
            client[DATABASE].reports.insert_one({"_id": REPORT, **document_of(report)})
        yield worker_settings(uri), report


async def _store(uri: str, points: Samples) -> None:
    """Store the points, and the records that the demo makes of a van like it."""
    records = dict(demo_records([Van(VAN, TRACKER, simulate(VAN, FIRST_DAY, DAYS))]))
    readings = records.pop("readings")
    async with opened(uri, DATABASE) as database:
        await create_indexes(database)
        inputs, series = MongoInputs(database), MongoSeries(database)
        await inputs.put(TRACKERS, OWNER, [TRACKERS.document(Tracker(id=TRACKER, label="Van"))])
        kinds = {kind.name: kind for kind in INPUT_KINDS}
        for name, some in records.items():
            for place in range(0, len(some), BATCH):
                documents = [kinds[name].document(_message(name, one)) for one in some[place : place + BATCH]]
                await inputs.put(kinds[name], OWNER, documents)
        for place in range(0, len(points), BATCH):
            await series.add(POINTS, TRACKER, points.take(slice(place, place + BATCH)))
        by_sensor = defaultdict(list)
        for one in readings:
            by_sensor[one["sensor_id"]].append(one)
        entities = await inputs.entities(SENSORS, [*by_sensor], OWNER)
        for sensor_id, some in by_sensor.items():
            await series.add(READINGS, entities[sensor_id], _readings(some))


def _message(kind: str, record: Record) -> Any:
    message = getattr(contract.Batch(), kind).items.add()
    fill(message, record)
    return message


def _readings(records: list[Record]) -> Samples:
    """Return the readings of a sensor."""
    moments = [datetime.fromisoformat(one["time"]).timestamp() * 1000 for one in records]
    return READINGS.samples([*map(round, moments)], value=[float(one["value"]) for one in records])
