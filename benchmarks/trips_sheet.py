"""A sheet of trips from stored points to the stored sheet, against trackintel, and against reading the points."""

import asyncio
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from secrets import token_hex

import geopandas
import numpy as np
import pandas as pd
import trackintel
from daybook.input.v1.fleet_pb2 import Tracker
from pymongo import MongoClient
from pymongo.database import Database

from benchmarks.figure import Figure, in_turns
from benchmarks.server import own_mongodb
from benchmarks.van import FIRST_DAY, every_second, months
from services.generation.domain.samples import Samples
from services.generation.domain.tracks import neighbour_km
from services.generation.executors.worker import make_sheet
from services.generation.inputs.points import POINTS
from services.generation.inputs.trackers import TRACKERS
from services.generation.reporting.report import Report, TimeFilter
from services.generation.reporting.units import SheetUnit, WorkerSettings
from services.generation.settings import Settings
from services.generation.store.indexes import create_indexes
from services.generation.store.mongo import Document, opened
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_series import MongoSeries
from services.generation.store.report_documents import document_of
from services.generation.words.language import Locale

DATABASE = "benchmark"
OWNER = TRACKER = REPORT = 1
MONTHS = 3  # as long as a report may be
OTHERS_POINTS = 20_000  # the first of the same points
OTHERS_ROUNDS = 3
BATCH = 20_000
FASTER, AT_MOST = 100.0, 2.5


def measure() -> list[Figure]:
    """Make the sheet in this process, with its addresses, on a server of the run's own."""
    points = every_second(months(MONTHS))
    with stored(points) as (unit, database):
        made = make_sheet(unit)
        ours = partial(make_sheet, unit)
        some = points.take(slice(OTHERS_POINTS))
        others = in_turns(ours, trackintel_trips(some), OTHERS_ROUNDS)
        reading = in_turns(ours, lambda: read_and_measure(database))
    what = f"trips of 90 days at a point a second, from stored buckets to the stored sheet of {made.cell_count:,} cells"
    count = len(points)
    return [
        Figure(
            *(what, "trackintel's staypoints and trips", FASTER, *others, count, "points"),
            faster=True,
            reference_count=len(some),
        ),
        Figure(what, "reading the bytes, one haversine pass", AT_MOST, *reading, count, "points"),
    ]


@contextmanager
def stored(points: Samples) -> Iterator[tuple[SheetUnit, Database[Document]]]:
    """Give the unit of work for a report over points in a database, and that database."""
    with own_mongodb() as uri:
        asyncio.run(_store(uri, points))
        report = report_of(points)
        with MongoClient[Document](uri, tz_aware=True) as client:
            database = client[DATABASE]
            database.reports.insert_one({"_id": REPORT, **document_of(report)})
            yield SheetUnit(worker_settings(uri), report, TRACKER, 0, alone=True), database


def read_and_measure(database: Database[Document]) -> float:
    """Return the length of everything stored, in km."""
    columns = [one["columns"] for one in database.track_buckets.find({"tracker_id": TRACKER}).sort("to_ms")]
    lat, lng = (np.frombuffer(b"".join(one[name] for one in columns)) for name in ("lat", "lng"))
    return float(neighbour_km(lat, lng).sum())


def trackintel_trips(points: Samples) -> Callable[[], object]:
    """Return what makes staypoints and trips of points, with our own limits for stops and gaps in minutes."""
    moments = pd.to_datetime(points.time_ms, unit="ms", utc=True)
    places = geopandas.points_from_xy(points.column("lng"), points.column("lat"))
    rows = {"user_id": TRACKER, "tracked_at": moments}
    fixes = trackintel.Positionfixes(geopandas.GeoDataFrame(rows, geometry=places, crs="EPSG:4326"))

    def work() -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its own use of pandas
            located, stays = fixes.generate_staypoints(gap_threshold=10, time_threshold=5)
            _, legs = located.generate_triplegs(stays)
            stays = stays.create_activity_flag(time_threshold=5)
            return trackintel.preprocessing.generate_trips(stays, legs, gap_threshold=10)

    return work


async def _store(uri: str, points: Samples) -> None:
    async with opened(uri, DATABASE) as database:
        await create_indexes(database)
        tracker = TRACKERS.document(Tracker(id=TRACKER, label="Van"))
        await MongoInputs(database).put(TRACKERS, OWNER, [tracker])
        tracks = MongoSeries(database)
        for place in range(0, len(points), BATCH):
            await tracks.add(POINTS, TRACKER, points.take(slice(place, place + BATCH)))


def report_of(points: Samples) -> Report:
    """Return a running report of trips over all the points."""
    return Report(
        id=REPORT,
        owner_id=OWNER,
        account_id=OWNER,
        title="Trips report",
        create_time=datetime.now(UTC),
        from_time=FIRST_DAY,
        to_time=FIRST_DAY + timedelta(milliseconds=int(points.time_ms[-1] - points.time_ms[0])),
        time_filter=TimeFilter(),
        plugin_id=4,
        options={"hide_empty_tabs": True, "show_seconds": False},
        locale=Locale(),
        tracker_ids=(TRACKER,),
        geocoder="offline",
        state="running",
        attempt=1,
    )


def worker_settings(uri: str) -> WorkerSettings:
    """Return the default settings of a worker."""
    return WorkerSettings.of(Settings(mongodb_uri=uri, mongodb_database=DATABASE, operator_token=token_hex(8)))
