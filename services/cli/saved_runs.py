"""JSON of saved reports in the shape of the public API."""

from collections.abc import Iterable
from typing import Any

from daybook.savedreport.v1.saved_report_service_pb2 import RunReportRequest, RunReportResponse
from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceStub
from daybook.savedreport.v1.time_report_pb2 import Dictionaries, Source

from services.cli.client import DOWNLOAD_WITHIN_S, Access, Metadata, service_at
from services.cli.errors import CommandFailed
from services.cli.output import plain

Json = dict[str, Any]

ROWS = {"detailed_rows": "rows", "summary_groups": "groups", "weekly_rows": "rows", "project_rows": "rows"}
KINDS = ("detailed", "summary", "weekly")


async def run_report(access: Access, caller: Metadata, source: Source) -> Json:
    """Run a report and return it as the public API's JSON has it. Raises CommandFailed."""
    async with service_at(access, "generation") as channel:
        request = RunReportRequest(source=source, extent=RunReportRequest.EXTENT_EVERYTHING)
        call = SavedReportServiceStub(channel).RunReport(request, metadata=caller, timeout=DOWNLOAD_WITHIN_S)
        return gathered([message async for message in call])


def gathered(messages: Iterable[RunReportResponse]) -> Json:
    """Return the report that a stream carries. Raises CommandFailed when its info is missing."""
    report: Json = {}
    named: dict[str, Json] = {"dictionaries": {}, "filter_dictionaries": {}}
    rows: list[Json] = []
    for message in messages:
        kind = message.WhichOneof("content")
        if kind == "info":
            report = plain(message.info)
        elif kind in named:
            _add_names(named[kind], getattr(message, kind))
        elif kind:
            _add_rows(rows, [plain(row) for row in getattr(getattr(message, kind), ROWS[kind])])
    if not report:
        raise CommandFailed("generation sent no report")
    totals = report.pop("totals")
    report["dictionaries"] = {**named["dictionaries"], "filters": named["filter_dictionaries"]}
    for type_ in KINDS:
        result = {"report": {"groups": rows} if type_ == "summary" else rows, "totals": totals}
        report[f"{type_}_results"] = result if type_ == report["report_type"] else None
    return report


def _add_names(known: Json, message: Dictionaries) -> None:
    for kind, things in plain(message).items():
        known.setdefault(kind, {}).update({str(thing["id"]): thing for thing in things})


def _add_rows(rows: list[Json], more: list[Json]) -> None:
    """Add rows; a group that continues in a later message stays one group."""
    for row in more:
        if row.pop("continued", False) and rows:
            rows[-1]["sub_groups"] += row["sub_groups"]
        else:
            rows.append(row)
