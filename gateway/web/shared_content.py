"""Content of a shared report: what a token opens, and the head and one sheet of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from daybook.generation.v1.generation_service_pb2 import (
    OpenLinkRequest,
    OpenLinkResponse,
    ReportHead,
    RowRange,
    StreamPartsRequest,
)
from daybook.rendering.v1.rendering_service_pb2 import Format, RenderRequest
from daybook.savedreport.v1.time_report_pb2 import LinkedSource, Source

from gateway.clients import Caller, message_of
from gateway.errors import Code, PublicError
from gateway.web.page_endpoint import PageRequest
from gateway.web.static_sheets import FIRST_ROWS, row_count
from services.runtime.codec import struct_of

CHART_POINTS = 20  # of a line, the fewest that can be asked for


@dataclass(frozen=True, slots=True)
class Shared:
    """Report that a token opens, and how its content is asked for."""

    token: str
    opened: OpenLinkResponse
    period: Mapping[str, Any]

    @property
    def caller(self) -> Caller:
        """Credentials of calls about it: none for a saved report, whose token is in the source."""
        return Caller() if self.opened.WhichOneof("target") == "saved_report" else Caller(f"Link {self.token}")

    @property
    def is_tracker_report(self) -> bool:
        """Whether it is a stored report, whose rows can be read in ranges."""
        return self.opened.WhichOneof("target") == "report"

    @property
    def has_period(self) -> bool:
        """Whether readers may choose another period."""
        return self.opened.WhichOneof("target") == "saved_report" and not self.opened.saved_report.fixed_daterange

    @property
    def locale(self) -> str:
        """Locale of the owner, in which the report is written."""
        target = self.opened.WhichOneof("target") or "report"
        return str(getattr(self.opened, target).locale_info.locale)

    def source(self) -> dict[str, Any]:
        """Return the source of a request for its content."""
        if self.is_tracker_report:
            return {"report_id": self.opened.report.id}
        if self.opened.WhichOneof("target") == "time_report":
            return {"time_report": Source(linked=LinkedSource())}
        return {"time_report": Source(token=self.token, params=struct_of(self.period) if self.has_period else None)}

    def parts_request(self, sheet: int) -> StreamPartsRequest:
        """Return the request for the first rows of a sheet."""
        return first_rows(sheet, **self.source())

    def render_request(self, format_: Format.ValueType, *, full: bool) -> RenderRequest:
        """Return the request for a file."""
        return RenderRequest(**self.source(), format=format_, full=full)


def first_rows(sheet: int, **source: Any) -> StreamPartsRequest:
    """Return the request for the first rows of a sheet of a report."""
    request = StreamPartsRequest(**source, sheet_index=sheet, with_outlines=True)
    if request.WhichOneof("source") == "report_id":
        request.chart_point_limit = CHART_POINTS  # no points of a chart stand between the first rows
    else:
        request.layout = StreamPartsRequest.LAYOUT_PRINT
        request.rows.CopyFrom(RowRange(first=0, count=FIRST_ROWS + 1))  # the last tells whether there are more
    return request


async def shared_by(page: PageRequest, *, is_use: bool = True) -> Shared:
    """Return what the token in the path opens, which may count as a use. Raises AioRpcError when it opens nothing."""
    token = page.words["token"]
    request = OpenLinkRequest(token=token, uncounted=not is_use)
    opened = await page.services.call(page.services.generation.OpenLink, request, Caller())
    if opened.WhichOneof("target") is None:
        raise PublicError(Code.NOT_FOUND)
    return Shared(token, opened, period_of(page.query))


def period_of(query: Mapping[str, str]) -> dict[str, Any]:
    """Return the parameters of the period in an address: its name, or its days."""
    if query.get("period"):
        return {"period": query["period"], "start_date": None, "end_date": None}
    if query.get("from") and query.get("to"):
        return {"start_date": query["from"], "end_date": query["to"], "period": None}
    return {}


async def content_of(page: PageRequest, shared: Shared, sheet: int) -> tuple[ReportHead, list[bytes]]:
    """Return the head of a shared report and the parts with the first rows of a sheet."""
    return await streamed(page, shared.parts_request(sheet), shared.caller)


async def streamed(page: PageRequest, message: StreamPartsRequest, caller: Caller) -> tuple[ReportHead, list[bytes]]:
    """Return the head of a report and the parts that are asked for, as far as a document shows them."""
    settings = page.services.settings
    call = page.services.stream(page.services.generation.StreamParts, message, caller)
    head, parts, rows = ReportHead(), list[bytes](), 0
    try:
        found = await message_of(call, settings.first_message_seconds)
        while found is not None and rows <= FIRST_ROWS:
            if found.HasField("head"):
                head = found.head
            else:
                parts.append(found.part.message)
                rows += row_count(found.part.message)
            found = await message_of(call, settings.idle_seconds)
    finally:
        call.cancel()
    return head, parts
