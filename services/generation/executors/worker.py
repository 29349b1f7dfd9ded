"""Work of units in a worker process: load an entity's data, build its sheet, store the sheet's parts.

The service imports this module to send its functions to workers; stores and geocoders are loaded in workers only.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from daybook.report.v1.sheet_pb2 import Sheet, SheetPart

from services.errors import StoreUnavailable
from services.generation.kinds import find_kind
from services.generation.kit.kind import SheetContext
from services.generation.kit.options import Options
from services.generation.kit.parts import cell_count, cut, outline_of
from services.generation.reporting.public_json import SheetJson
from services.generation.reporting.report import Report
from services.generation.reporting.report_windows import ReportWindows
from services.generation.reporting.units import Abandoned, SheetResult, SheetUnit, SummaryUnit, WorkerSettings
from services.runtime import tracing

if TYPE_CHECKING:
    from services.generation.executors.worker_stores import WorkerStores
    from services.generation.store.mongo_parts import PartStore

LOOK_EVERY_S = 0.25
SUMMARY_INDEX = 0


def make_sheet(unit: SheetUnit) -> SheetResult:
    """Build one entity's sheet and store it. Raises Abandoned when the report is not wanted any more."""
    attributes = {"daybook.plugin_id": unit.report.plugin_id, "daybook.sheet": unit.sheet_index}
    with tracing.unit_span("make sheet", unit.report.trace_parent, attributes) as span:
        result = _make_sheet(unit)
        span.note({"daybook.cells": result.cell_count})
        return result


def make_summary(unit: SummaryUnit) -> SheetResult:
    """Build the summary sheet over the entities' rows and store it. Raises Abandoned like `make_sheet`."""
    with tracing.unit_span("make summary", unit.report.trace_parent, {"daybook.plugin_id": unit.report.plugin_id}):
        kind = find_kind(unit.report.plugin_id)
        context = _context(unit.settings, unit.report, kind.Options.model_validate(unit.report.options))
        sheet = kind.summary(context, unit.rows)
        if sheet is None:
            return SheetResult(None)
        return _stored(_stores(unit.settings).parts(unit.report), sheet, SUMMARY_INDEX)


def _make_sheet(unit: SheetUnit) -> SheetResult:
    report, stores = unit.report, _stores(unit.settings)
    kind = find_kind(report.plugin_id)
    parts, data = stores.parts(report), stores.entity_data(kind.entity, report, unit.entity_id)
    data.on_progress = _progress(parts, alone=unit.alone)
    context = _context(unit.settings, report, kind.Options.model_validate(report.options))
    built = kind.sheet(context, data)
    if built.sheet is None:
        return SheetResult(None, summary_row=built.summary_row, has_rows=built.has_rows)
    stored = _stored(parts, built.sheet, unit.sheet_index, built.summary_row)
    return replace(stored, has_rows=built.has_rows)


def _stores(settings: WorkerSettings) -> "WorkerStores":
    from services.generation.executors.worker_stores import WorkerStores  # noqa: PLC0415 - 50 MB that the service spares

    return WorkerStores(settings)


def _stored(store: "PartStore", sheet: Sheet, sheet_index: int, summary_row: Any = None) -> SheetResult:
    part_count = store.put(sheet_index, with_json(sheet, sheet_index))
    if not store.is_wanted():  # the report may have been deleted before these parts came
        store.withdraw()
        raise Abandoned
    outline = outline_of(sheet).SerializeToString()
    return SheetResult(sheet.header, sheet_index, part_count, cell_count(sheet), summary_row, outline)


def with_json(sheet: Sheet, sheet_index: int) -> Iterator[tuple[SheetPart, bytes]]:
    """Yield the parts of a sheet, each with its public JSON."""
    public_json = SheetJson(sheet)
    for part in cut(sheet, sheet_index):
        yield part, public_json.fragment(part)


def _progress(store: "PartStore", *, alone: bool) -> Callable[[float], None]:
    """Return the callback for the progress of a computation, 0 to 1. That of an only sheet moves the percentage."""
    looked_at = time.monotonic()

    def on_progress(fraction: float) -> None:
        nonlocal looked_at
        if time.monotonic() - looked_at < LOOK_EVERY_S:
            return
        looked_at = time.monotonic()
        with suppress(StoreUnavailable):  # the sheet is worth finishing
            if not store.is_wanted(int(99 * fraction) if alone else None):
                raise Abandoned

    return on_progress


def _context(settings: WorkerSettings, report: Report, options: Options) -> SheetContext[Any]:
    language, shown = options.language(report.locale), ReportWindows.of(report)
    return SheetContext(
        language,
        ZoneInfo(report.locale.time_zone),
        shown.windows,
        shown.start_ms,
        shown.end_ms,
        settings.detection,
        options,
        shown.daily,
    )
