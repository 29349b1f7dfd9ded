"""Reading a report over time entries as it is run, and sending it as JSON: whole when it is short, else as it comes."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

from aiohttp import web

from gateway.clients import SERVICES, RunCall, message_of
from gateway.errors import Code, PublicError
from gateway.settings import Settings
from gateway.shapes.time_answers import Frame, Opening
from gateway.shapes.time_rows import CONTENTS, rows_of
from gateway.streams import send

WHOLE_BYTES = 1024 * 1024  # a shorter answer is sent whole, with its length
JSON = "application/json; charset=utf-8"


async def opening_of(call: RunCall, settings: Settings) -> Opening:
    """Read what comes before the rows. Failures surface here, before headers are sent.

    Raises PublicError 6 when the stream does not begin with what the report is.
    """
    message = await message_of(call, settings.first_message_seconds)
    if message is None or not message.HasField("info"):
        call.cancel()
        raise PublicError(Code.UNEXPECTED)
    opening = Opening(message.info)
    while opening.rows is None and (message := await message_of(call, settings.idle_seconds)) is not None:
        content = message.WhichOneof("content")
        if content == "dictionaries":
            opening.dictionaries.append(message.dictionaries)
        elif content == "filter_dictionaries":
            opening.filters.append(message.filter_dictionaries)
        else:
            opening.rows = message
    return opening


async def send_rows(
    request: web.Request, call: RunCall, opening: Opening, frame: Frame, headers: Mapping[str, str], *, named: bool
) -> web.StreamResponse:
    """Answer with the rows in their frame. Once headers are out, a failure cuts the connection."""
    chunks = _chunks(call, opening, frame, request.app[SERVICES].settings, named=named)
    whole = {**headers, "Content-Type": JSON}
    held = bytearray()
    async with aclosing(chunks):
        async for chunk in chunks:
            held += chunk
            if len(held) > WHOLE_BYTES:
                return await send(request, web.StreamResponse(headers=whole), _after(bytes(held), chunks))
    return web.Response(body=bytes(held), headers=whole)


async def _after(held: bytes, chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    yield held
    async for chunk in chunks:
        yield chunk


async def _chunks(
    call: RunCall, opening: Opening, frame: Frame, settings: Settings, *, named: bool
) -> AsyncGenerator[bytes, None]:
    """Give the frame with the rows in it. Raises PublicError 6 when something else than these rows comes."""
    rows = rows_of(opening.info, named=named)
    message = opening.rows
    yield frame[0]
    while message is not None:
        if message.WhichOneof("content") != CONTENTS[opening.info.report_type]:
            raise PublicError(Code.UNEXPECTED)
        yield await asyncio.to_thread(rows.add, message)  # 2,000 rows take longer than others may wait
        message = await message_of(call, settings.idle_seconds)
    yield rows.end() + frame[1]
