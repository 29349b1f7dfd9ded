"""Work of a worker process: load an entity's data, build its sheet, store the sheet's parts."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from daybook.report.v1.sheet_pb2 import Sheet
from pymongo.database import Database

from services.errors import StoreUnavailable
from services.generation.domain.detection import Detection
from services.generation.domain.windows import Daily, windows_of
from services.generation.geocoding.address_services import AddressService, service_of
from services.generation.geocoding.offline_geocoder import OfflineGeocoder
from services.generation.geocoding.online_geocoder import OnlineGeocoder
from services.generation.kinds import find_kind
from services.generation.kit.entity_data import Geocoder
from services.generation.kit.kind import SheetContext
from services.generation.kit.options import Options
from services.generation.kit.parts import cell_count, cut
from services.generation.reporting.report import Report, TimeFilter
from services.generation.reporting.units import Abandoned, SheetMade, SheetUnit, SummaryUnit, WorkerSettings, run_number
from services.generation.store.entity_reader import WorkerStores, entity_data
from services.generation.store.mongo import Document, connect_worker, journalled_worker
from services.generation.store.mongo_addresses import MongoAddresses
from services.generation.store.mongo_sheets import SheetStore
from services.runtime import tracing

LOOK_EVERY_S = 0.25
SUMMARY_INDEX = 0


def make_sheet(unit: SheetUnit) -> SheetMade:
    """Build one entity's sheet and store it. Raises Abandoned when the report is not wanted any more."""
    attributes = {"daybook.plugin_id": unit.report.plugin_id, "daybook.sheet": unit.sheet_index}
    with tracing.unit_span("make sheet", unit.report.trace_parent, attributes) as span:
        made = _sheet(unit)
        span.note({"daybook.cells": made.cell_count})
        return made


def _sheet(unit: SheetUnit) -> SheetMade:
    report, database = unit.report, _database(unit.settings.mongodb_uri, unit.settings.mongodb_database)
    store = SheetStore(database, report, timedelta(days=unit.settings.keep_days), run_number.get())
    stores = WorkerStores(database, _geocoder(unit.settings, report.geocoder), unit.settings.chunk_days)
    kind = find_kind(report.plugin_id)
    data = entity_data(kind.entity, stores, report, unit.entity_id)
    data.on_progress = _progress(store, alone=unit.alone)
    context = _context(unit.settings, report, kind.Options.model_validate(report.options))
    built = kind.sheet(context, data)
    if built.sheet is None:
        return SheetMade(None, summary_row=built.summary_row)
    return _stored(store, built.sheet, unit.sheet_index, built.summary_row)


def make_summary(unit: SummaryUnit) -> SheetMade:
    """Build the summary sheet over the entities' rows and store it."""
    with tracing.unit_span("make summary", unit.report.trace_parent, {"daybook.plugin_id": unit.report.plugin_id}):
        return _summary(unit)


def _summary(unit: SummaryUnit) -> SheetMade:
    report, database = unit.report, _database(unit.settings.mongodb_uri, unit.settings.mongodb_database)
    store = SheetStore(database, report, timedelta(days=unit.settings.keep_days), run_number.get())
    kind = find_kind(report.plugin_id)
    context = _context(unit.settings, report, kind.Options.model_validate(report.options))
    sheet = kind.summary(context, unit.rows)
    return _stored(store, sheet, SUMMARY_INDEX)


def _stored(store: SheetStore, sheet: Sheet, sheet_index: int, summary_row: Any = None) -> SheetMade:
    part_count = store.put(sheet_index, cut(sheet, sheet_index))
    if not store.is_wanted():  # whoever deleted the report may have done so before these parts came
        store.withdraw()
        raise Abandoned
    return SheetMade(sheet.header, part_count, cell_count(sheet), summary_row)


def _progress(store: SheetStore, *, alone: bool) -> Callable[[float], None]:
    """Return what a computation tells its progress, 0 to 1. A sheet that is the whole report moves the percentage."""
    looked_at = time.monotonic()

    def tell(fraction: float) -> None:
        nonlocal looked_at
        if time.monotonic() - looked_at < LOOK_EVERY_S:
            return
        looked_at = time.monotonic()
        with suppress(StoreUnavailable):  # the sheet is worth finishing
            if not store.is_wanted(int(99 * fraction) if alone else None):
                raise Abandoned

    return tell


def _context(settings: WorkerSettings, report: Report, options: Options) -> SheetContext[Any]:
    language = options.language(report.locale)
    zone = ZoneInfo(report.locale.time_zone)
    from_ms, to_ms = (round(moment.timestamp() * 1000) for moment in (report.from_time, report.to_time))
    detection = Detection(
        gap_s=settings.gap_s,
        jump_kmh=settings.jump_kmh,
        filter_min_length_m=settings.filter_min_length_m,
        filter_min_points=settings.filter_min_points,
        filter_min_diagonal_m=settings.filter_min_diagonal_m,
    )
    windows = windows_of(from_ms, to_ms, _daily(report.time_filter), zone)
    return SheetContext(language, zone, windows, to_ms + 1000, detection, options)


def _daily(window: TimeFilter) -> Daily:
    return Daily(_seconds(window.start_time_of_day), _seconds(window.end_time_of_day), frozenset(window.weekdays))


def _seconds(time_of_day: str) -> int:
    hours, minutes, seconds = map(int, time_of_day.split(":"))
    return (hours * 60 + minutes) * 60 + seconds


@cache
def _database(uri: str, name: str) -> Database[Document]:
    return journalled_worker(connect_worker(uri), name)


def _geocoder(settings: WorkerSettings, name: str) -> Geocoder:
    """Return the geocoder of a sheet: the one its report names where that is configured, else the offline one."""
    service, offline = _address_service(settings, name), OfflineGeocoder()
    if service is None:
        return offline
    database = _database(settings.mongodb_uri, settings.mongodb_database)
    kept = MongoAddresses(database, timedelta(days=settings.geocoders.geocoder_keep_days))
    return OnlineGeocoder(service, kept, offline, settings.geocoders.geocoder_sheet_seconds)


@cache
def _address_service(settings: WorkerSettings, name: str) -> AddressService | None:
    """Return the process's one way to a service, so that its pace holds over all sheets."""
    per_second = settings.geocoders.geocoder_requests_per_second / settings.workers
    return service_of(name, settings.geocoders, per_second)
