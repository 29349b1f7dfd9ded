"""Reports and requests for them as messages."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest, ReportHead
from daybook.report.v1 import report_pb2 as pb
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.json_format import MessageToDict, SerializeToJsonError
from google.protobuf.struct_pb2 import Struct

from services.errors import InvalidParameters, Violation
from services.generation.reporting.report import Progress, Report, TimeFilter
from services.generation.reporting.report_service import ReportRequest
from services.generation.reporting.title_page import title_page_lines
from services.generation.servicers.timestamps import timestamp
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language

STATES = {
    "queued": pb.STATE_QUEUED,
    "running": pb.STATE_RUNNING,
    "finished": pb.STATE_FINISHED,
    "failed": pb.STATE_FAILED,
}
PROGRESS = {"id", "state", "percent"}  # fields that need no whole report
CONTENTS = _("Contents")
PAGE = _("Page {page} of {pages}")


def request_of(request: GenerateReportRequest, unread: Sequence[Violation] = ()) -> ReportRequest:
    """Read a request for a new report; `unread` are the fields that its sender could not put into the message."""
    window = request.time_filter
    unreadable = [*unread]
    return ReportRequest(
        period_start=request.period_start,
        period_end=request.period_end,
        title=request.title,
        plugin_id=request.plugin.id,
        options=_options(request.plugin.options, unreadable),
        tracker_ids=request.tracker_ids,
        employee_ids=request.employee_ids,
        time_filter=TimeFilter(window.start_time_of_day, window.end_time_of_day, tuple(window.weekdays))
        if request.HasField("time_filter")
        else None,
        geocoder=request.geocoder,
        include_places_in_address=not request.HasField("include_places_in_address")
        or request.include_places_in_address,
        include_zones_in_address=not request.HasField("include_zones_in_address") or request.include_zones_in_address,
        type=request.type,
        locale=request.locale,
        request_id=request.request_id,
        unreadable=unreadable,
    )


def _options(options: Struct, unreadable: list[Violation]) -> Mapping[str, Any]:
    """Return options as JSON knows them, adding to `unreadable` the names of those that it cannot hold."""
    known = {}
    for name, value in options.fields.items():
        try:
            known[name] = MessageToDict(value)
        except (SerializeToJsonError, ValueError, RecursionError):  # such as a number that is not finite
            unreadable.append(Violation(f"plugin.{name}", "must be a value that JSON can hold"))
    return known


def message(report: Report) -> pb.Report:
    """Return a report as a message."""
    options = Struct()
    options.update(report.options)
    return pb.Report(
        id=report.id,
        title=report.title,
        state=STATES[report.state],
        percent=report.percent,
        create_time=timestamp(report.create_time),
        from_time=timestamp(report.from_time),
        to_time=timestamp(report.to_time),
        time_filter=pb.TimeFilter(**asdict(report.time_filter)),
        plugin=pb.Plugin(id=report.plugin_id, options=options),
        tracker_ids=report.tracker_ids,
        employee_ids=report.employee_ids,
        geocoder=report.geocoder,
        include_places_in_address=report.include_places_in_address,
        include_zones_in_address=report.include_zones_in_address,
        locale_info=pb.LocaleInfo(**asdict(report.locale)),
        type=report.type,
        failure=report.failure,
    )


def progress_message(report_id: int, progress: Progress) -> pb.Report:
    """Return the state and the percentage of a report as a message with no other fields."""
    return pb.Report(id=report_id, state=STATES[progress.state], percent=progress.percent)


def masked(whole: pb.Report, mask: FieldMask) -> pb.Report:
    """Return the fields of a report that a mask names. Raises InvalidParameters on a path that reports do not have."""
    if not mask.IsValidForDescriptor(pb.Report.DESCRIPTOR):
        raise InvalidParameters.one("read_mask", "must name fields of daybook.report.v1.Report")
    shown = pb.Report()
    mask.MergeMessage(whole, shown)
    return shown


def head(report: Report) -> ReportHead:
    """Return the head of a report, which a renderer needs before the first sheet."""
    language = Language.of(report.locale)
    lines = [pb.CoverLine(name=name, text=text) for name, text in title_page_lines(report, language)]
    return ReportHead(
        report=message(report),
        cover=pb.Cover(contents_title=language.t(CONTENTS), lines=lines, page_pattern=language.t(PAGE)),
        sheet_headers=report.sheet_headers,
        cell_count=report.cell_count,
    )
