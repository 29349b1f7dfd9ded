"""A fleet at a point a minute: trips sheets from stored buckets to stored sheets, against reading the points."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from daybook.input.v1.fleet_pb2 import Tracker
from pymongo import MongoClient
from pymongo.database import Database

from benchmarks.figure import Figure, in_turns
from benchmarks.server import own_mongodb
from benchmarks.trips_sheet import DATABASE, OWNER, REPORT, report_of, worker_settings
from benchmarks.van import every_second, months
from services.generation.domain.samples import Samples
from services.generation.domain.tracks import neighbour_km
from services.generation.executors.worker import make_sheet
from services.generation.inputs.points import POINTS
from services.generation.inputs.trackers import TRACKERS
from services.generation.reporting.units import SheetUnit
from services.generation.store.indexes import create_indexes
from services.generation.store.mongo import Document, opened
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_series import MongoSeries
from services.generation.store.report_documents import document_of

FLEET = 40  # trackers of the same points; the cost of each is what counts
STEP = 60  # seconds between points
BATCH = 20_000
GOAL = 10.0


def measure() -> Iterator[Figure]:
    """Yield the figure, made in this process on a server of the run's own."""
    month = every_second(months(1))
    points = month.take(slice(0, len(month), STEP))
    with _stored(points) as (units, database):

        def ours() -> None:
            database.report_sheets.delete_many({})  # a sheet that is there already costs a second write
            for unit in units:
                make_sheet(unit)

        costs = in_turns(ours, lambda: [_read_and_measure(database, unit.entity_id) for unit in units])
    what = f"trips of {FLEET} trackers, 30 days at a point a minute, from stored buckets to stored sheets"
    yield Figure(what, "reading the bytes, one haversine pass a tracker", GOAL, *costs, FLEET * len(points), "points")


@contextmanager
def _stored(points: Samples) -> Iterator[tuple[list[SheetUnit], Database[Document]]]:
    with own_mongodb() as uri:
        asyncio.run(_store(uri, points))
        report = replace(report_of(points), tracker_ids=tuple(range(1, FLEET + 1)))
        with MongoClient[Document](uri, tz_aware=True) as client:
            database = client[DATABASE]
            database.reports.insert_one({"_id": REPORT, **document_of(report)})
            settings = worker_settings(uri)
            yield [SheetUnit(settings, report, one, one, alone=False) for one in report.tracker_ids], database


async def _store(uri: str, points: Samples) -> None:
    async with opened(uri, DATABASE) as database:
        await create_indexes(database)
        trackers = [TRACKERS.document(Tracker(id=one, label=f"Van {one}")) for one in range(1, FLEET + 1)]
        await MongoInputs(database).put(TRACKERS, OWNER, trackers)
        tracks = MongoSeries(database)
        for tracker_id in range(1, FLEET + 1):
            for place in range(0, len(points), BATCH):
                await tracks.add(POINTS, tracker_id, points.take(slice(place, place + BATCH)))


def _read_and_measure(database: Database[Document], tracker_id: int) -> float:
    """Return the length of everything stored of a tracker, in km."""
    buckets = database.track_buckets.find({"tracker_id": tracker_id}).sort("to_ms")
    columns = [one["columns"] for one in buckets]
    lat, lng = (np.frombuffer(b"".join(one[name] for one in columns)) for name in ("lat", "lng"))
    return float(neighbour_km(lat, lng).sum())
