"""Sheets of fuel and of sensors from ten million stored readings to the stored sheet, against a numpy median filter."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.input.v1.sensors_pb2 import Sensor, SensorParameters
from numpy.lib.stride_tricks import sliding_window_view
from pymongo import MongoClient

from benchmarks.figure import Figure, in_turns
from benchmarks.server import own_mongodb
from benchmarks.trips_sheet import BATCH, DATABASE, OWNER, REPORT, TRACKER, report_of, worker_settings
from benchmarks.van import FIRST_DAY
from services.generation.domain.columnar import Floats
from services.generation.domain.samples import Samples
from services.generation.executors.worker import make_sheet
from services.generation.inputs.readings import READINGS
from services.generation.inputs.sensors import SENSORS
from services.generation.inputs.trackers import TRACKERS
from services.generation.reporting.report import Report
from services.generation.reporting.units import SheetUnit, WorkerSettings
from services.generation.store.indexes import create_indexes
from services.generation.store.mongo import Document, opened
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_series import MongoSeries
from services.generation.store.report_documents import document_of

COUNT = 10_000_000
DAYS = 90  # as long as a report may be
AROUND, PIECE = 11, 100_000
ROUNDS = 3
GOAL = 3.0
SENSOR = 71
TANK = 400.0
KINDS: Mapping[str, tuple[int, dict[str, Any]]] = {
    "fuel volume": (10, {}),
    "fuel volume, surge filter and smoothing": (10, {"surge_filter": True, "smoothing": True}),
    "fuel volume 2.0": (95, {}),
    "measuring sensor": (9, {"sensors": [{"tracker_id": TRACKER, "sensor_id": SENSOR}]}),
}


def measure(count: int = COUNT) -> Iterator[Figure]:
    """Yield a figure for each report, made in this process on a server of the run's own."""
    readings = noisy_tank(count)
    levels = np.asarray(readings.column("value"), np.float64)
    with _stored(readings) as (settings, report):
        for name, (plugin_id, options) in KINDS.items():
            own = replace(report, plugin_id=plugin_id, options={**report.options, **options})
            unit = SheetUnit(settings, own, TRACKER, 0, alone=True)
            costs = in_turns(partial(make_sheet, unit), partial(filtered, levels), ROUNDS)
            what = f"{name} report of 90 days, from stored buckets to the stored sheet"
            filter_ = "np.median of the 11 readings around each"
            yield Figure(what, filter_, GOAL, *costs, count, "readings")


def noisy_tank(count: int) -> Samples:
    """Return readings of a tank over the whole period: consumption with noise, filled every three days."""
    time_ms = int(FIRST_DAY.timestamp() * 1000) + np.arange(count) * (DAYS * 86_400_000) // count
    hours = np.arange(count) * (DAYS * 24 / count)
    noise = np.random.default_rng(1).normal(0, 0.5, count)
    return READINGS.samples(time_ms, value=200 - (hours * 2) % 144 + noise)


def filtered(levels: Floats) -> None:
    """Filter readings with numpy, piece by piece."""
    for place in range(0, len(levels) - AROUND, PIECE):
        np.median(sliding_window_view(levels[place : place + PIECE + AROUND - 1], AROUND), axis=1)


@contextmanager
def _stored(readings: Samples) -> Iterator[tuple[WorkerSettings, Report]]:
    with own_mongodb() as uri:
        asyncio.run(_store(uri, readings))
        report = replace(report_of(readings), to_time=FIRST_DAY + timedelta(days=DAYS, seconds=-1))
        with MongoClient[Document](uri, tz_aware=True) as client:
            client[DATABASE].reports.insert_one({"_id": REPORT, **document_of(report)})
            yield worker_settings(uri), report


async def _store(uri: str, readings: Samples) -> None:
    sensor = Sensor(
        id=SENSOR,
        tracker_id=TRACKER,
        kind=Sensor.KIND_METERING,
        sensor_type=Sensor.SENSOR_TYPE_FUEL,
        name="Tank",
        parameters=SensorParameters(volume=TANK),
    )
    async with opened(uri, DATABASE) as database:
        await create_indexes(database)
        inputs, series = MongoInputs(database), MongoSeries(database)
        await inputs.put(TRACKERS, OWNER, [TRACKERS.document(Tracker(id=TRACKER, label="Van"))])
        await inputs.put(SENSORS, OWNER, [SENSORS.document(sensor)])
        entity = (await inputs.entities(SENSORS, [SENSOR], OWNER))[SENSOR]
        for place in range(0, len(readings), BATCH):
            await series.add(READINGS, entity, readings.take(slice(place, place + BATCH)))
