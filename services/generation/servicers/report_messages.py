"""Reports and requests for them as messages."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import cast

from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest, ReportHead
from daybook.report.v1 import report_pb2 as pb
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from services.errors import InvalidParameters, Violation
from services.generation.reporting.report import Progress, Report, State, TimeFilter
from services.generation.reporting.report_conditions import (
    account_name,
    all_rows_text,
    conditions_of,
    file_name,
    is_summary_only,
    moment_text,
    no_data_text,
    period_text,
)
from services.generation.reporting.report_request import ReportRequest
from services.generation.servicers.locale_messages import locale_values
from services.generation.servicers.record_messages import message_of
from services.generation.words.catalogue import mark as _
from services.generation.words.conditions import rows_left_out_pattern
from services.generation.words.data_titles import data_titles
from services.generation.words.language import Language
from services.runtime.codec import datetime_of, mapping_of, struct_of
from services.runtime.enum_words import numbers_of, read_word

STATES = numbers_of(pb.State.DESCRIPTOR)
CREATED = _("Created")
NO_DATA_OF, PER_DAY, PER_WEEK = _("No data: {names}"), _("{name} per day"), _("{name} per week")
ALL_IN, MOSTLY_IN = _("all in {place}"), _("in {place} where nothing else is said")
PROGRESS = {"id", "state", "percent"}  # fields that need no whole report
CONTENTS = _("Contents")
PAGE = _("Page {page} of {pages}")


def request_of(request: GenerateReportRequest, unread: Sequence[Violation] = ()) -> ReportRequest:
    """Read a request for a new report; `unread` are the fields that its sender could not put into the message."""
    window = request.time_filter
    unreadable = [*unread]
    return ReportRequest(
        period_start=_renamed(request, "from", "period_start", unreadable),
        period_end=_renamed(request, "to", "period_end", unreadable),
        title=request.title,
        plugin_id=request.plugin.id,
        options=mapping_of(request.plugin.options, "plugin", unreadable),
        tracker_ids=request.tracker_ids,
        employee_ids=request.employee_ids,
        time_filter=TimeFilter(window.start_time_of_day, window.end_time_of_day, tuple(window.weekdays))
        if request.HasField("time_filter")
        else None,
        geocoder=read_word(pb.Geocoder.DESCRIPTOR, request.geocoder, "geocoder", unreadable),
        include_places_in_address=not request.HasField("include_places_in_address")
        or request.include_places_in_address,
        include_zones_in_address=not request.HasField("include_zones_in_address") or request.include_zones_in_address,
        type=read_word(pb.ReportType.DESCRIPTOR, request.type, "type", unreadable),
        locale=request.locale,
        request_id=request.request_id,
        unreadable=unreadable,
    )


def _renamed(request: GenerateReportRequest, old: str, new: str, found: list[Violation]) -> str:
    """Return the value of a field that had another name, which may still be used in its place."""
    values = {value for name in (old, new) if (value := getattr(request, name))}
    if len(values) > 1:
        found.append(Violation(old, f"must be left out, or be the same as {new}"))
    return values.pop() if values else ""


def states_of(numbers: Iterable[int]) -> list[State]:
    """Return the states of a filter. Raises InvalidParameters."""
    found: list[Violation] = []
    words = [read_word(pb.State.DESCRIPTOR, number, "states", found) for number in numbers]
    if found or "" in words:
        raise InvalidParameters(found or [Violation("states", "must not be STATE_UNSPECIFIED")])
    return cast("list[State]", words)


def moment_of(timestamp: Timestamp, field: str) -> datetime:
    """Return a moment of a filter. Raises InvalidParameters."""
    try:
        return datetime_of(timestamp)
    except ValueError as error:
        raise InvalidParameters.one(field, str(error)) from error


def message(report: Report) -> pb.Report:
    """Return a report as a message."""
    return message_of(
        pb.Report,
        report,
        state=STATES[report.state],
        geocoder=numbers_of(pb.Geocoder.DESCRIPTOR)[report.geocoder],
        type=numbers_of(pb.ReportType.DESCRIPTOR)[report.type],
        plugin=pb.Plugin(id=report.plugin_id, options=struct_of(report.options)),
        locale_info=pb.LocaleInfo(**locale_values(report.locale)),
        conditions=[pb.Condition(**asdict(one)) for one in conditions_of(report, Language.of(report.locale))],
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
    cover = pb.Cover(
        contents_title=language.t(CONTENTS),
        created=pb.Condition(name=language.t(CREATED), text=moment_text(report.create_time, language)),
        page_pattern=language.t(PAGE),
        period=period_text(report, language),
        place_pattern=language.t(ALL_IN),
        usual_place_pattern=language.t(MOSTLY_IN),
        no_data=no_data_text(report, language),
        no_data_pattern=language.t(NO_DATA_OF),
        per_day_pattern=language.t(PER_DAY),
        per_week_pattern=language.t(PER_WEEK),
        data_title=all_rows_text(report, language),
        data_column_titles=data_titles(language.t),
        is_summary_only=is_summary_only(report),
        author=account_name(report, language),
        rows_left_out_pattern=rows_left_out_pattern(language),
    )
    return ReportHead(
        report=message(report),
        cover=cover,
        sheet_headers=report.sheet_headers,
        cell_count=report.cell_count,
        file_name=file_name(report, language),
        attempt=report.attempt,
    )
