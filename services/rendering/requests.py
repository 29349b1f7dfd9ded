"""Requests to render: a report, the format and the options of its file, and the caller's credentials."""

from collections.abc import Iterable
from dataclasses import dataclass

from daybook.generation.v1.generation_service_pb2 import StreamPartsRequest
from daybook.rendering.v1.rendering_service_pb2 import RenderRequest

from services.errors import InvalidParameters
from services.rendering.formats.base import Format, RenderOptions
from services.rendering.ports import ReportSource, StoredReport, TimeReport

MAX_MORE_REPORTS = 40


@dataclass(frozen=True, slots=True)
class RenderJob:
    """A report wanted as a file."""

    source: ReportSource
    format: Format
    options: RenderOptions
    authorization: str | None


class RenderRequests:
    """Reader of requests, which knows the formats by their numbers in the contract."""

    def __init__(self, formats: Iterable[Format]) -> None:
        self._formats = list(formats)

    def read(self, request: RenderRequest, authorization: str | None) -> RenderJob:
        """Return what is to be rendered.

        Raises InvalidParameters without a source, and for formats in which it is not rendered.
        """
        match request.WhichOneof("source"):
            case "report_id":
                return self._stored(request, authorization)
            case "time_report":
                return self._over_time(request, authorization)
        raise InvalidParameters.one("source", "is required")

    def _stored(self, request: RenderRequest, authorization: str | None) -> RenderJob:
        options = RenderOptions(
            headless=request.headless,
            iso_datetime=request.iso_datetime,
            accept_zstd=request.accept_zstd,
            full=request.full,
        )
        if not request.more_report_ids:
            format_ = _chosen(self._formats, request.format)
            return RenderJob(StoredReport(request.report_id), format_, options, authorization)
        if len(request.more_report_ids) > MAX_MORE_REPORTS:
            raise InvalidParameters.one("more_report_ids", f"must be at most {MAX_MORE_REPORTS}")
        format_ = _chosen([one for one in self._formats if not one.from_public_json], request.format)
        source = StoredReport(request.report_id, tuple(request.more_report_ids))
        return RenderJob(source, format_, options, authorization)

    def _over_time(self, request: RenderRequest, authorization: str | None) -> RenderJob:
        if request.more_report_ids:
            raise InvalidParameters.one("more_report_ids", "must be empty for a report over time entries")
        format_ = _chosen([one for one in self._formats if one.time_layout is not None], request.format)
        layout = format_.time_layout or StreamPartsRequest.LAYOUT_UNSPECIFIED
        options = RenderOptions(headless=True, data_only=layout == StreamPartsRequest.LAYOUT_DATA, full=request.full)
        return RenderJob(TimeReport(request.time_report, layout), format_, options, authorization)


def _chosen(formats: list[Format], number: int) -> Format:
    for one in formats:
        if one.number == number:
            return one
    raise InvalidParameters.one("format", f"must be one of {', '.join(one.suffix for one in formats)}")
