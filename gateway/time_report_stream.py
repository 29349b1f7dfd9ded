"""Stream of a report over time entries as JSON: sent whole when it is short, else as its rows come."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

import orjson
from aiohttp import web
from daybook.savedreport.v1.saved_report_service_pb2 import RunReportRequest, RunReportResponse
from daybook.savedreport.v1.time_report_pb2 import ReportInfo, SummaryGroup, TimeReportType
from grpc.aio import UnaryStreamCall

from gateway.clients import SERVICES, message_of
from gateway.errors import Code, PublicError
from gateway.http_responses import JSON_TYPE
from gateway.settings import Settings
from gateway.shapes.shape import Envelope, Shape
from gateway.shapes.toggl_responses import (
    GROUP,
    NAMED_ROW,
    PROJECT_ROW,
    ROW,
    SUB_GROUP,
    WEEKLY_ROW,
    WITHOUT_AMOUNTS,
    ReportStart,
)
from gateway.streams import send

RunCall = UnaryStreamCall[RunReportRequest, RunReportResponse]
WHOLE_BYTES = 1024 * 1024  # a shorter response is sent whole, with its length


class FlatRows:
    """Rows that each stand in a single message."""

    def __init__(self, content: str, shape: Shape) -> None:
        self.content = content
        self._shape = shape
        self._begun = False

    def add(self, message: RunReportResponse) -> bytes:
        """Return the rows of one more message."""
        text = orjson.dumps(self._shape.write_all(getattr(message, self.content).rows))[1:-1]
        comma = b"," if text and self._begun else b""
        self._begun = self._begun or bool(text)
        return comma + text

    def end(self) -> bytes:
        """Return nothing more."""
        return b""


class Groups:
    """Groups of a summary; a group that goes on in the next message becomes a single one."""

    content = "summary_groups"

    def __init__(self, *, hide_amounts: bool) -> None:
        self._shape = WITHOUT_AMOUNTS["SubGroup"] if hide_amounts else SUB_GROUP
        self._open: Envelope | None = None  # of the group that is written up to its last sub-group so far
        self._empty = True  # no sub-group of it is written

    def add(self, message: RunReportResponse) -> bytes:
        """Return the groups of one more message."""
        return b"".join(self._group(group) for group in message.summary_groups.groups)

    def end(self) -> bytes:
        """Return the end of the last group."""
        return self._open.after if self._open else b""

    def _group(self, group: SummaryGroup) -> bytes:
        inside = orjson.dumps(self._shape.write_all(group.sub_groups))[1:-1]
        if group.continued and self._open:
            comma = b"," if inside and not self._empty else b""
            self._empty = self._empty and not inside
            return comma + inside
        ended = self._open.after + b"," if self._open else b""
        self._open, self._empty = GROUP.envelope(group), not inside
        return ended + self._open.before + inside


def row_writer(info: ReportInfo, *, named: bool) -> FlatRows | Groups:
    """Return the writer of a report's rows; those of a detailed report bear names or do not."""
    match info.report_type:
        case TimeReportType.TIME_REPORT_TYPE_SUMMARY:
            return Groups(hide_amounts=info.hide_amounts)
        case TimeReportType.TIME_REPORT_TYPE_DETAILED:
            return FlatRows("detailed_rows", NAMED_ROW if named else ROW)
        case TimeReportType.TIME_REPORT_TYPE_WEEKLY:
            return FlatRows("weekly_rows", WEEKLY_ROW)
        case _:
            return FlatRows("project_rows", PROJECT_ROW)


async def start_of(call: RunCall, settings: Settings) -> ReportStart:
    """Read everything before the rows. Failures surface here, before headers are sent.

    Raises PublicError 6 when the stream does not begin with the report's info.
    """
    message = await message_of(call, settings.first_message_seconds)
    if message is None or not message.HasField("info"):
        call.cancel()
        raise PublicError(Code.UNEXPECTED)
    start = ReportStart(message.info)
    while start.rows is None and (message := await message_of(call, settings.idle_seconds)) is not None:
        content = message.WhichOneof("content")
        if content == "dictionaries":
            start.dictionaries.append(message.dictionaries)
        elif content == "filter_dictionaries":
            start.filters.append(message.filter_dictionaries)
        else:
            start.rows = message
    return start


async def send_rows(
    request: web.Request, chunks: AsyncGenerator[bytes, None], headers: Mapping[str, str]
) -> web.StreamResponse:
    """Respond with the text of a report. Once headers are out, a failure cuts the connection."""
    headers = {**headers, "Content-Type": JSON_TYPE}
    held = bytearray()
    async with aclosing(chunks):
        async for chunk in chunks:
            held += chunk
            if len(held) > WHOLE_BYTES:
                return await send(request, web.StreamResponse(headers=headers), _after(bytes(held), chunks))
    return web.Response(body=bytes(held), headers=headers)


async def _after(held: bytes, chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    yield held
    async for chunk in chunks:
        yield chunk


async def report_text(
    request: web.Request, call: RunCall, start: ReportStart, envelope: Envelope, *, named: bool
) -> AsyncGenerator[bytes, None]:
    """Give the envelope with the rows in it. Raises PublicError 6 when something else than these rows comes."""
    settings = request.app[SERVICES].settings
    rows = row_writer(start.info, named=named)
    message = start.rows
    yield envelope.before
    while message is not None:
        if message.WhichOneof("content") != rows.content:
            raise PublicError(Code.UNEXPECTED)
        yield await asyncio.to_thread(rows.add, message)  # 2,000 rows take longer than others may wait
        message = await message_of(call, settings.idle_seconds)
    yield rows.end() + envelope.after
