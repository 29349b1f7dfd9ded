"""What is asked of rendering: which report, in which format, how, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass

from daybook.rendering.v1.rendering_service_pb2 import FORMAT_CSV, FORMAT_PDF, FORMAT_XLSX
from daybook.savedreport.v1.saved_report_service_pb2 import StreamReportSheetsRequest
from daybook.savedreport.v1.time_report_pb2 import Source

from services.errors import InvalidParameters
from services.rendering.formats.base import RenderOptions
from services.rendering.ports import StoredReport, Subject, TimeReport

FOR_PROGRAMS = StreamReportSheetsRequest.LAYOUT_DATA, RenderOptions(headless=True, bare=True)
FOR_PEOPLE = StreamReportSheetsRequest.LAYOUT_PRINT, RenderOptions(headless=True)
TIME_REPORTS: Mapping[int, tuple[StreamReportSheetsRequest.Layout.ValueType, RenderOptions]] = {
    FORMAT_CSV: FOR_PROGRAMS,
    FORMAT_XLSX: FOR_PROGRAMS,
    FORMAT_PDF: FOR_PEOPLE,
}


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """A report wanted as a file of a format, which is a number of rendering.v1.Format."""

    subject: Subject
    format: int
    options: RenderOptions
    authorization: str | None


def stored_ask(report_id: int, format_number: int, options: RenderOptions, authorization: str | None) -> RenderRequest:
    """Return the ask for a report that generation keeps."""
    return RenderRequest(StoredReport(report_id), format_number, options, authorization)


def time_ask(source: Source, format_number: int, authorization: str | None) -> RenderRequest:
    """Return the ask for a report over time entries: for programs as CSV and XLSX, for people as PDF.

    Raises InvalidParameters for other formats.
    """
    if format_number not in TIME_REPORTS:
        raise InvalidParameters.one("format", "must be one of csv, xlsx, pdf")
    layout, options = TIME_REPORTS[format_number]
    return RenderRequest(TimeReport(source, layout), format_number, options, authorization)
