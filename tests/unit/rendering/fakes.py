"""In-memory stand-ins: sheets that can break off or hang, and a format that tells what it did."""

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import BinaryIO

from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import SheetPart

from services.rendering.formats.base import RenderOptions
from services.rendering.ports import OpenReport, Subject
from tests.builders.tables import report_head


class FakeSheets:
    """One report of so many parts. It counts what is open, how many parts were read, and who asked."""

    def __init__(
        self,
        parts: int = 3,
        *,
        refusal: Exception | None = None,
        failure: Exception | None = None,
        endless: bool = False,
        title: str = "Trip report",
    ) -> None:
        self._parts, self._refusal, self._failure = parts, refusal, failure
        self._endless, self._title = endless, title
        self.open_now = 0
        self.read = 0
        self.asked: list[tuple[Subject, str | None]] = []

    @asynccontextmanager
    async def open(self, subject: Subject, authorization: str | None) -> AsyncIterator[OpenReport]:
        self.asked.append((subject, authorization))
        if self._refusal is not None:
            raise self._refusal
        self.open_now += 1
        try:
            yield OpenReport(report_head(["Sheet"], title=self._title), self._stream())
        finally:
            self.open_now -= 1

    async def _stream(self) -> AsyncGenerator[SheetPart, None]:
        for index in range(self._parts):
            await asyncio.sleep(0)
            self.read += 1
            yield SheetPart(part_index=index)
        if self._failure is not None:
            raise self._failure
        if self._endless:
            await asyncio.Event().wait()


class FakeFormat:
    """Writes so many bytes for each part, all of them the part's number."""

    suffix = "fake"
    media_type = "application/x-fake"

    def __init__(self, *, streams: bool, part_bytes: int = 3_000, failure: Exception | None = None) -> None:
        self.streams = streams
        self._part_bytes = part_bytes
        self._failure = failure
        self.writing = threading.Semaphore(0)
        self.ended: BaseException | None = None
        self.wishes: RenderOptions | None = None
        self.thread = ""

    def write(self, _head: ReportHead, parts: Iterable[SheetPart], out: BinaryIO, wishes: RenderOptions) -> None:
        self.wishes, self.thread = wishes, threading.current_thread().name
        if self._failure is not None:
            raise self._failure
        try:
            for part in parts:
                out.write(bytes([part.part_index % 256]) * self._part_bytes)
                self.writing.release()
        except BaseException as error:
            self.ended = error
            raise
