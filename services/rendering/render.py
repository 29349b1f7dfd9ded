"""Renderer: from the sheets of generation to the bytes of a file."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from concurrent.futures import Executor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import copy_context
from dataclasses import dataclass
from io import SEEK_END
from typing import BinaryIO

from services.errors import NotFound
from services.rendering.metrics import render_measured
from services.rendering.ports import OpenReport, ReportReader
from services.rendering.requests import RenderJob
from services.rendering.tenant_turns import TenantTurns
from services.rendering.thread_bridge import ByteStream, PartQueue
from services.runtime.limits import ConcurrencyLimit
from services.runtime.spool import Spool, SpooledFile
from services.runtime.spool_space import SpoolSpace
from services.runtime.spool_writer import SpoolWriter

FORBIDDEN = set('\\/:*?"<>|')
MAX_NAME = 120
MAX_NAME_BYTES = 240  # common file systems take 255
NAMELESS = "report"


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """A file on its way: its name and media type, its size in bytes where known already, and its bytes."""

    name: str
    media_type: str
    size_bytes: int | None
    chunks: AsyncGenerator[bytes, None]
    is_zstd: bool = False  # whether each chunk is whole zstd frames


@dataclass(frozen=True, slots=True)
class RenderLimits:
    """Slots of rendering, each free once its file is written; threads; and the space for what waits for readers."""

    files: ConcurrencyLimit
    streams: ConcurrencyLimit
    background: ConcurrencyLimit  # of streams whose readers are behind
    space: SpoolSpace
    threads: Executor  # at least as many as there are slots, suspended ones included
    chunk_bytes: int


class Renderer:
    """Renderer of reports. Each is read once and written once, part by part, in a thread of its own."""

    def __init__(self, reader: ReportReader, limits: RenderLimits) -> None:
        self._reader = reader
        self._limits = limits
        self._turns = TenantTurns()

    def render(self, job: RenderJob) -> AbstractAsyncContextManager[RenderedFile]:
        """Return the file while the context lasts; leaving it ends all work on it and leaves nothing behind.

        Raises TooMuch when too many renders wait or too many files wait for the tenant's readers, the errors of the
        format and those of reading the report; for formats that stream, a late failure comes from the chunks.
        """
        return self._streamed(job) if job.format.streams else self._whole(job)

    @asynccontextmanager
    async def _open(self, job: RenderJob) -> AsyncIterator[OpenReport]:
        """Open the report. Raises NotFound for a format that the link in the credentials does not allow."""
        async with self._reader.open(
            job.source,
            job.authorization,
            public_json=job.format.from_public_json,
            chart_point_limit=job.format.chart_point_limit,
        ) as report:
            allowed = report.head.allowed_formats
            if allowed and job.format.number not in allowed:
                raise NotFound
            yield report

    @asynccontextmanager
    async def _whole(self, job: RenderJob) -> AsyncIterator[RenderedFile]:
        async with self._open(job) as report:
            tenant = report.head.tenant
            self._limits.space.check(tenant)
            with SpooledFile(self._limits.space, tenant) as file:
                async with self._limits.files.slot(tenant), self._writing(job, report, file) as written:
                    await asyncio.shield(written)
                size = file.seek(0, SEEK_END)
                file.seek(0)
                chunks = _read(file, self._limits.chunk_bytes)
                yield RenderedFile(_name(report, job), job.format.media_type, size, chunks)

    @asynccontextmanager
    async def _streamed(self, job: RenderJob) -> AsyncIterator[RenderedFile]:
        async with self._open(job) as report:
            tenant = report.head.tenant
            self._limits.space.check(tenant)
            async with self._limits.streams.slot(tenant) as slot:
                with Spool(self._limits.space, tenant) as spool:
                    writer = SpoolWriter(spool, slot, self._limits.background)
                    is_zstd = job.format.writes_zstd(report.head, job.options)
                    chunk_bytes = None if is_zstd else self._limits.chunk_bytes
                    stream = ByteStream(chunk_bytes, writer, self._turns.of(tenant))
                    async with self._writing(job, report, stream, stream.finish) as written:
                        written.add_done_callback(writer.end)
                        try:
                            yield await self._begun(job, report, spool, written)
                        finally:
                            stream.stop()

    async def _begun(
        self, job: RenderJob, report: OpenReport, spool: Spool, written: asyncio.Future[None]
    ) -> RenderedFile:
        """Return a file whose first chunk is there."""
        first = await spool.take() or b""
        size, is_zstd = None, job.format.writes_zstd(report.head, job.options)
        if not is_zstd and len(first) < self._limits.chunk_bytes:  # the last one, or none at all
            await asyncio.shield(written)
            size = len(first)
        chunks = _sent(first, spool, written)
        return RenderedFile(_name(report, job), job.format.media_type, size, chunks, is_zstd)

    @asynccontextmanager
    async def _writing(
        self, job: RenderJob, report: OpenReport, out: BinaryIO, finish: Callable[[], None] = lambda: None
    ) -> AsyncIterator[asyncio.Future[None]]:
        """Write the file in a thread while the context lasts; leaving it ends the thread. Shield what is awaited."""
        turn = self._turns.of(report.head.tenant)
        queue = PartQueue(turn)

        def write() -> None:
            with turn.held(), render_measured(job.format.suffix, report.head.cell_count):
                job.format.write(report.head, queue.parts(), out, job.options)
                finish()

        filling = asyncio.ensure_future(queue.fill(report.parts))
        written = asyncio.get_running_loop().run_in_executor(self._limits.threads, copy_context().run, write)
        try:
            yield written
        finally:
            queue.stop()
            filling.cancel()
            await _ended(filling, written)


def _name(report: OpenReport, job: RenderJob) -> str:
    return file_name(report.head.file_name or report.head.report.title, job.format.suffix)


async def _read(file: BinaryIO, chunk_bytes: int) -> AsyncGenerator[bytes, None]:
    while chunk := await asyncio.to_thread(file.read, chunk_bytes):
        yield chunk


async def _sent(first: bytes, spool: Spool, written: asyncio.Future[None]) -> AsyncGenerator[bytes, None]:
    chunk = first or None
    while chunk is not None:
        yield chunk
        chunk = await spool.take()
    await asyncio.shield(written)


async def _ended(*work: asyncio.Future[None]) -> None:
    """Wait until all work has ended, even when cancelled meanwhile: a thread cannot be left alone with its file."""
    cancelled: asyncio.CancelledError | None = None
    while running := [future for future in work if not future.done()]:
        try:
            await asyncio.wait(running)
        except asyncio.CancelledError as error:
            cancelled = error
    for future in work:
        if not future.cancelled():
            future.exception()  # seen: the caller that waited for it has raised it, or does not want it any more
    if cancelled is not None:
        raise cancelled


def file_name(title: str, suffix: str) -> str:
    r"""Return a file name from a report's title: hyphens for spaces, no control characters and no \ / : * ? " < > |.

    At most 120 characters and 240 bytes of UTF-8, never without a stem.
    """
    plain = "-".join(title.split())
    safe = "".join(char for char in plain if char not in FORBIDDEN and char.isprintable())
    room = MAX_NAME - len(suffix) - 1
    cut = safe[:room].encode()[: MAX_NAME_BYTES - len(suffix) - 1].decode(errors="ignore")
    return f"{cut.strip('-.') or NAMELESS}.{suffix}"
