"""Port to generation: reports as streams of sheet parts."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import SheetPart
from daybook.savedreport.v1.saved_report_service_pb2 import StreamReportSheetsRequest
from daybook.savedreport.v1.time_report_pb2 import Source


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A finished report that generation keeps."""

    report_id: int


@dataclass(frozen=True, slots=True)
class TimeReport:
    """A report over time entries, which is made while it is read; the layout says what its sheets are for."""

    source: Source
    layout: StreamReportSheetsRequest.Layout.ValueType


ReportSource = StoredReport | TimeReport


@dataclass(frozen=True, slots=True)
class OpenReport:
    """A report while it is read: its head, and its parts in order, once."""

    head: ReportHead
    parts: AsyncGenerator[SheetPart, None]


class ReportReader(Protocol):
    """Reader of reports, wherever they come from."""

    def open(self, source: ReportSource, authorization: str | None) -> AbstractAsyncContextManager[OpenReport]:
        """Open a report for the holder of the credentials; leaving the context ends the reading.

        Entering fails when the report cannot be read, `parts` when it breaks off.
        """
