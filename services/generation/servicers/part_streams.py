"""Streams of parts: of stored reports as they are stored, of reports over time entries as they are made."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, time
from math import isfinite
from typing import cast

from daybook.generation.v1 import generation_service_pb2 as pb
from daybook.report.v1 import report_pb2
from daybook.report.v1.sheet_pb2 import SheetOutline, SheetPart

from services.errors import InvalidParameters, Violation
from services.generation.domain.thinning import MOST_POINTS
from services.generation.reporting.chart_parts import ChartView, charts_viewed
from services.generation.reporting.report import PartSelection
from services.generation.reporting.report_service import ReportService
from services.generation.servicers.link_messages import format_numbers
from services.generation.servicers.locale_messages import locale_values
from services.generation.servicers.record_messages import message_of
from services.generation.servicers.report_callers import ReportReader
from services.generation.servicers.report_messages import head
from services.generation.servicers.spooled_stream import SpooledStreams
from services.generation.servicers.time_sources import TimeSources
from services.generation.timetracking.sheets import Layout, TimeSheets, sheets_of, toggl_file_name
from services.generation.timetracking.time_report import Extent, TimeReport
from services.generation.timetracking.time_report_service import TimeReportService
from services.runtime.codec import timestamp_of
from services.runtime.fair_threads import in_thread

ASKED = pb.StreamPartsRequest
EXTENTS: dict[Layout, Extent] = {"data": "export", "print": "print"}
NO_ROWS = (0, 0)
LEAST_POINTS = 20  # of a line
MAX_ROW = 2**63 - 1  # the largest number that the store compares
LAYOUTS: dict[int, Layout] = {ASKED.LAYOUT_DATA: "data", ASKED.LAYOUT_PRINT: "print"}


@dataclass(frozen=True, slots=True)
class PartStreams:
    """Both sources of parts behind one response."""

    reports: ReportService
    time_reports: TimeReportService
    sources: TimeSources
    spools: SpooledStreams
    toggl_file_names: bool = False

    async def stored(
        self, reader: ReportReader, request: pb.StreamPartsRequest, address: str
    ) -> AsyncGenerator[pb.StreamPartsResponse, None]:
        """Stream parts of a report to a user or the holder of a link."""
        selection, user = selection_of(request), reader.user
        report = await self.reports.finished(user, request.report_id)
        opening = head(report)
        opening.tenant = reader.tenant(address)
        has_section = request.HasField("section_index")
        view = view_of(request)
        wants_outlines = request.with_outlines or has_section or view is not None
        outlines = await self.reports.outlines(report) if wants_outlines else []
        if has_section:
            selection = of_section(selection, outlines, request.section_index)
        if request.with_outlines:
            opening.sheets.extend(outlines)
        if reader.opened is not None:
            opening.allowed_formats.extend(format_numbers(reader.opened.link))
        yield pb.StreamPartsResponse(head=opening)
        parts = self.reports.parts(user, report, selection)
        async with aclosing(parts if view is None else charts_viewed(parts, outlines, view)) as shown:
            async for part in shown:
                yield pb.StreamPartsResponse(part=message_of(pb.StreamedPart, part))

    async def over_time(
        self, request: pb.StreamPartsRequest, authorization: str | None, address: str
    ) -> AsyncGenerator[pb.StreamPartsResponse, None]:
        """Stream parts of a report over time entries, which is made meanwhile."""
        call = await self.sources.read(request.time_report, authorization, address)
        layout, selection = LAYOUTS.get(request.layout), selection_of(request)
        if layout is None:
            raise InvalidParameters.one("layout", "must be data or print")
        if selection.public_json:
            raise InvalidParameters.one("public_json", "must be false for a report over time entries")
        if request.HasField("section_index"):
            raise InvalidParameters.one("section_index", "must be absent for a report over time entries")
        async with self.time_reports.opened(call.source, call.caller, EXTENTS[layout], call.tenant) as report:
            sheets = await sheets_of(report, layout)
            file_name = toggl_file_name(report.query) if self.toggl_file_names else sheets.file_name
            opening = time_head(report, sheets, file_name)
            if request.with_outlines:
                opening.sheets.add(header=sheets.header)
            opening.tenant = call.tenant
            if call.link is not None:
                opening.allowed_formats.extend(format_numbers(call.link))
            yield pb.StreamPartsResponse(head=opening)
            parts = _selected(sheets.parts, selection)
            async with self.spools.spooled(parts, report.slot) as responses, aclosing(responses):
                async for response in responses:
                    yield cast("pb.StreamPartsResponse", response)


def time_head(report: TimeReport, sheets: TimeSheets, file_name: str) -> pb.ReportHead:
    """Return the head of a report over time entries, whose file has a name."""
    described = report_pb2.Report(
        title=sheets.title,
        state=report_pb2.STATE_FINISHED,
        percent=100,
        create_time=timestamp_of(_creation_of(report)),
        locale_info=report_pb2.LocaleInfo(**locale_values(report.locale)),
        conditions=[report_pb2.Condition(**asdict(one)) for one in sheets.conditions],
    )
    return pb.ReportHead(
        report=described,
        cover=report_pb2.Cover(
            contents_title=sheets.contents_title,
            page_pattern=sheets.page_pattern,
            logo=report.directory.workspace.logo,
            period=sheets.period,
            author=report.directory.workspace.name,
            rows_left_out_pattern=sheets.rows_left_out_pattern,
        ),
        sheet_headers=[sheets.header],
        cell_count=sheets.cell_count,
        file_name=file_name,
    )


def _creation_of(report: TimeReport) -> datetime:
    """Return when a saved report was made, else the beginning of the period, so that equal files have equal bytes."""
    saved = report.saved
    first = datetime.combine(report.query.days.first, time(), UTC)
    return saved.create_time or first if saved else first


def selection_of(request: pb.StreamPartsRequest) -> PartSelection:
    """Read which parts are wanted. Raises InvalidParameters."""
    found = []
    first, count = request.rows.first, request.rows.count
    has_rows = request.HasField("rows")
    if request.sheet_index < 0:
        found.append(Violation("sheet_index", "must be 0 or more"))
    view = view_of(request)
    if view is not None and (has_rows or request.public_json):
        found.append(Violation("chart_point_limit", "must be 0, without a chart_range, beside rows or public_json"))
    if request.HasField("section_index") and not (request.HasField("sheet_index") and request.section_index >= 0):
        found.append(Violation("section_index", "must be 0 or more, beside a sheet_index"))
    if has_rows and first < 0:
        found.append(Violation("rows.first", "must be 0 or more"))
    if has_rows and count < 1:
        found.append(Violation("rows.count", "must be 1 or more"))
    if has_rows and request.public_json:
        found.append(Violation("public_json", "must be false with a range of rows"))
    if found:
        raise InvalidParameters(found)
    return PartSelection(
        sheet_index=request.sheet_index if request.HasField("sheet_index") else None,
        rows=(first, min(first + count, MAX_ROW)) if has_rows else None,
        public_json=request.public_json,
    )


def view_of(request: pb.StreamPartsRequest) -> ChartView | None:
    """Read how line charts are wanted, None for as they are stored. Raises InvalidParameters."""
    limit, span = request.chart_point_limit, request.chart_range
    found = []
    if limit and not LEAST_POINTS <= limit <= MOST_POINTS:
        found.append(Violation("chart_point_limit", f"must be {LEAST_POINTS} to {MOST_POINTS}, or 0"))
    has_range = request.HasField("chart_range")
    if has_range and not (isfinite(span.start) and isfinite(span.end) and span.start < span.end):
        found.append(Violation("chart_range", "must have a finite start and a finite end behind it"))
    if found:
        raise InvalidParameters(found)
    return ChartView(limit, (span.start, span.end) if has_range else None) if limit or has_range else None


def of_section(selection: PartSelection, outlines: Sequence[SheetOutline], section_index: int) -> PartSelection:
    """Return the rows of a sheet that are the wanted ones of a section; none where there is no such section."""
    sheet_index = selection.sheet_index or 0
    sections = outlines[sheet_index].sections if sheet_index < len(outlines) else []
    if section_index >= len(sections):
        return replace(selection, rows=NO_ROWS)
    section = sections[section_index]
    first, behind = selection.rows or (0, section.row_count)
    first, behind = (section.first_row + min(row, section.row_count) for row in (first, behind))
    return replace(selection, rows=(first, behind) if first < behind else NO_ROWS)


async def _selected(
    parts: AsyncGenerator[SheetPart, None], selection: PartSelection
) -> AsyncGenerator[pb.StreamPartsResponse, None]:
    async with aclosing(parts):
        async for part in parts:
            if _is_selected(part, selection):
                yield await in_thread(_response, part)


def _is_selected(part: SheetPart, selection: PartSelection) -> bool:
    if selection.sheet_index not in (None, part.sheet_index):
        return False
    if selection.rows is None:
        return True
    first, behind = selection.rows
    return part.first_row < behind and part.first_row + part.row_count > first


def _response(part: SheetPart) -> pb.StreamPartsResponse:
    return pb.StreamPartsResponse(part=message_of(pb.StreamedPart, part, message=part.SerializeToString()))
