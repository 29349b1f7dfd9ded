"""Rendering a report: from the sheets of generation to the bytes of a file."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from concurrent.futures import Executor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import copy_context
from dataclasses import dataclass
from io import SEEK_END
from tempfile import TemporaryFile
from typing import BinaryIO

from services.errors import InvalidParameters
from services.rendering.file_names import file_name
from services.rendering.formats.base import Format, RenderOptions
from services.rendering.metrics import render_measured
from services.rendering.ports import OpenReport, Sheets
from services.rendering.requests import RenderRequest
from services.rendering.thread_bridge import ByteStream, PartQueue
from services.runtime.places import Places


@dataclass(frozen=True, slots=True)
class File:
    """A file on its way: what it is, its size in bytes where known already, and its bytes."""

    name: str
    media_type: str
    size_bytes: int | None
    chunks: AsyncGenerator[bytes, None]


@dataclass(frozen=True, slots=True)
class RenderLimits:
    """What rendering works with. Places for files are free again before the file is sent, those for streams after."""

    files: Places
    streams: Places
    threads: Executor  # at least as many as there are places
    chunk_bytes: int


class Renderer:
    """Renderer reports. Each is read once and written once, part by part, in a thread of its own."""

    def __init__(self, sheets: Sheets, formats: Mapping[int, Format], means: RenderLimits) -> None:
        self._sheets = sheets
        self._formats = formats
        self._means = means

    def render(self, ask: RenderRequest) -> AbstractAsyncContextManager[File]:
        """Return the file while the context lasts; leaving it ends all work on it and leaves nothing behind.

        Raises InvalidParameters without a format, TooMuch when too many renders wait, what the format raises, and what
        the reading of the report raises; for formats that stream, a late failure comes from the chunks.
        """
        chosen = self._formats.get(ask.format)
        if chosen is None:
            raise InvalidParameters.one("format", "must be one of json, csv, xlsx, xls, pdf")
        return self._streamed(chosen, ask) if chosen.streams else self._whole(chosen, ask)

    @asynccontextmanager
    async def _whole(self, chosen: Format, ask: RenderRequest) -> AsyncIterator[File]:
        with TemporaryFile() as file:
            async with self._sheets.open(ask.subject, ask.authorization) as report, self._means.files.taken():
                name = _name(report, chosen)
                async with self._writing(chosen, report, ask.options, file) as written:
                    await asyncio.shield(written)
            size = file.seek(0, SEEK_END)
            file.seek(0)
            yield File(name, chosen.media_type, size, _read(file, self._means.chunk_bytes))

    @asynccontextmanager
    async def _streamed(self, chosen: Format, ask: RenderRequest) -> AsyncIterator[File]:
        async with self._sheets.open(ask.subject, ask.authorization) as report, self._means.streams.taken():
            stream = ByteStream(self._means.chunk_bytes)
            async with self._writing(chosen, report, ask.options, stream, stream.finish) as written:
                written.add_done_callback(stream.end)
                try:
                    first = await stream.take() or b""
                    size = None
                    if len(first) < self._means.chunk_bytes:  # the last one, or none at all
                        await asyncio.shield(written)
                        size = len(first)
                    yield File(_name(report, chosen), chosen.media_type, size, _sent(first, stream, written))
                finally:
                    stream.stop()

    @asynccontextmanager
    async def _writing(
        self,
        chosen: Format,
        report: OpenReport,
        options: RenderOptions,
        out: BinaryIO,
        finish: Callable[[], None] = lambda: None,
    ) -> AsyncIterator[asyncio.Future[None]]:
        """Write the file in a thread while the context lasts; leaving it ends the thread. Shield what is awaited."""
        queue = PartQueue()

        def write() -> None:
            with render_measured(chosen.suffix, report.head.cell_count):
                chosen.write(report.head, queue.parts(), out, options)
                finish()

        filling = asyncio.ensure_future(queue.fill(report.parts))
        written = asyncio.get_running_loop().run_in_executor(self._means.threads, copy_context().run, write)
        try:
            yield written
        finally:
            queue.stop()
            filling.cancel()
            await _ended(filling, written)


def _name(report: OpenReport, chosen: Format) -> str:
    return file_name(report.head.file_name or report.head.report.title, chosen.suffix)


async def _read(file: BinaryIO, chunk_bytes: int) -> AsyncGenerator[bytes, None]:
    while chunk := await asyncio.to_thread(file.read, chunk_bytes):
        yield chunk


async def _sent(first: bytes, stream: ByteStream, written: asyncio.Future[None]) -> AsyncGenerator[bytes, None]:
    chunk = first or None
    while chunk is not None:
        yield chunk
        chunk = await stream.take()
    await asyncio.shield(written)


async def _ended(*work: asyncio.Future[None]) -> None:
    """Wait until all work has ended, even when cancelled meanwhile: a thread cannot be left alone with its file."""
    cancelled: asyncio.CancelledError | None = None
    while running := [one for one in work if not one.done()]:
        try:
            await asyncio.wait(running)
        except asyncio.CancelledError as error:
            cancelled = error
    for one in work:
        if not one.cancelled():
            one.exception()  # seen: whoever waited for it has raised it, or does not want it any more
    if cancelled is not None:
        raise cancelled
