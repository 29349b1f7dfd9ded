"""Messages of saved reports and of their queries."""

import json
from functools import cache
from typing import cast

from daybook.savedreport.v1 import saved_report_pb2 as pb
from daybook.savedreport.v1.saved_report_service_pb2 import ListSavedReportsRequest, ReportTypeInfo
from daybook.savedreport.v1.time_report_pb2 import Source as SourceMessage
from daybook.savedreport.v1.time_report_pb2 import TimeReportType

from services.errors import InvalidParameters, Violation
from services.errors.workspaces import ReportTypeMissing
from services.generation.servicers.record_messages import message_of
from services.generation.timetracking.parameters import MODELS, ReportType, parameters_schema
from services.generation.timetracking.saved_report_changes import SavedChange
from services.generation.timetracking.time_report import OfWorkspace, Shared, Source
from services.generation.timetracking.time_store import SavedReport, SavedReportOrder, SavedReportQuery
from services.runtime.codec import mapping_of, struct_of
from services.runtime.enum_words import numbers_of, read_word, words_of


def message(report: SavedReport) -> pb.SavedReport:
    """Return a saved report as a message."""
    return message_of(pb.SavedReport, report, params=struct_of(report.params))


def change_of(change: pb.SavedReportChange) -> SavedChange:
    """Read a change of a saved report. Raises InvalidParameters."""
    fields = change.DESCRIPTOR.fields
    given = [field.name for field in fields if not field.has_presence or change.HasField(field.name)]  # type: ignore[arg-type] # its own names
    values = {name: getattr(change, name) for name in given}
    params = mapping_of(change.params, "params") if "params" in values else None
    return SavedChange(**values | {"params": params})


def query_of(request: ListSavedReportsRequest, *, passed: int) -> SavedReportQuery:
    """Read the query of a list; `passed` reports were on earlier pages. Raises InvalidParameters."""
    found: list[Violation] = []
    order_by = read_word(ListSavedReportsRequest.Order.DESCRIPTOR, request.order_by, "order_by", found) or "id"
    if found:
        raise InvalidParameters(found)
    return SavedReportQuery(
        request.workspace_id,
        user_id=request.user_id or None,
        name=request.name,
        public=request.public if request.HasField("public") else None,
        fixed_daterange=request.fixed_daterange if request.HasField("fixed_daterange") else None,
        scheduled=request.scheduled if request.HasField("scheduled") else None,
        order_by=cast("SavedReportOrder", order_by),
        descending=request.descending,
        skip=passed + request.skip,
    )


def source_of(source: SourceMessage) -> Source:
    """Read the source of a report. Raises InvalidParameters, and ReportTypeMissing for an unknown kind of report."""
    params = mapping_of(source.params, "params")
    kind = source.WhichOneof("kind")
    if kind == "token":
        return Shared(source.token, params)
    if kind is None:
        raise InvalidParameters.one("source", "must be a token or a workspace")
    report_type = words_of(TimeReportType.DESCRIPTOR).get(source.workspace.report_type)
    if not report_type:
        raise ReportTypeMissing
    return OfWorkspace(source.workspace.workspace_id, cast("ReportType", report_type), params)


@cache
def report_types() -> list[ReportTypeInfo]:
    """Return the kinds of reports over time entries."""
    return [
        ReportTypeInfo(
            report_type=numbers_of(TimeReportType.DESCRIPTOR)[report_type],
            params_schema=json.dumps(parameters_schema(report_type)),
        )
        for report_type in MODELS
    ]
