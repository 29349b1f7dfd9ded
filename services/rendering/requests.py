"""Requests to render: a report, the format and the options of its file, and the caller's credentials."""

from collections.abc import Iterable
from dataclasses import dataclass

from daybook.generation.v1.generation_service_pb2 import StreamPartsRequest
from daybook.savedreport.v1.time_report_pb2 import Source

from services.errors import InvalidParameters
from services.rendering.formats.base import Format, RenderOptions
from services.rendering.ports import ReportSource, StoredReport, TimeReport


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """A report wanted as a file."""

    source: ReportSource
    format: Format
    options: RenderOptions
    authorization: str | None


class RenderRequests:
    """Reader of requests, which knows the formats by their numbers in the contract."""

    def __init__(self, formats: Iterable[Format]) -> None:
        self._formats: dict[int, Format] = {one.number: one for one in formats}

    def stored(
        self, report_id: int, format_number: int, options: RenderOptions, authorization: str | None
    ) -> RenderRequest:
        """Return the request for a report that generation keeps.

        Raises InvalidParameters without a format.
        """
        return RenderRequest(StoredReport(report_id), _chosen(self._formats, format_number), options, authorization)

    def over_time(self, source: Source, format_number: int, authorization: str | None) -> RenderRequest:
        """Return the request for a report over time entries.

        Raises InvalidParameters for formats in which such reports are not rendered.
        """
        allowed = {number: one for number, one in self._formats.items() if one.time_layout is not None}
        chosen = _chosen(allowed, format_number)
        layout = chosen.time_layout or StreamPartsRequest.LAYOUT_UNSPECIFIED
        options = RenderOptions(headless=True, data_only=layout == StreamPartsRequest.LAYOUT_DATA)
        return RenderRequest(TimeReport(source, layout), chosen, options, authorization)


def _chosen(formats: dict[int, Format], number: int) -> Format:
    if number not in formats:
        raise InvalidParameters.one("format", f"must be one of {', '.join(one.suffix for one in formats.values())}")
    return formats[number]
