"""Reports over time entries in memory as rendering gets them: their head and their parts."""

from typing import Any, Literal

from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import SheetPart

from services.generation.servicers.part_streams import time_head
from services.generation.timetracking.sheets import sheets_of
from services.generation.timetracking.time_report import OfWorkspace, Source
from tests.builders.time_report_service import time_report_service
from tests.fakes.time_entries import MemoryTimeEntries


async def time_file(
    stored: MemoryTimeEntries, source: Source, layout: Literal["data", "print"] = "print", **service: Any
) -> tuple[ReportHead, list[SheetPart]]:
    """Return a report as `time_report_service` makes it with these arguments."""
    reports = time_report_service(stored, **service)
    async with reports.opened(source, None, "print" if layout == "print" else "export") as report:
        sheets = await sheets_of(report, layout)
        return time_head(report, sheets, sheets.file_name), [part async for part in sheets.parts]


def over(first: str, last: str, report_type: Any = "detailed", **params: Any) -> OfWorkspace:
    """Return a report over the workspace of `tests.builders.time_entries`."""
    return OfWorkspace(1, report_type, {"start_date": first, "end_date": last, **params})
