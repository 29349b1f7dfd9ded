"""Fakes of rendering: a reader of reports that can break off or hang, and a format that records what it did."""

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import BinaryIO

from daybook.generation.v1.generation_service_pb2 import ReportHead, StreamedPart
from daybook.rendering.v1 import rendering_service_pb2 as contract
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_JSON

from services.rendering.formats.base import Format, RenderOptions
from services.rendering.ports import OpenReport, ReportSource
from tests.builders.tables import report_head


class FakeReportReader:
    """One report of so many parts. It counts what is open, how many parts were read, and who asked."""

    def __init__(
        self,
        parts: int = 3,
        *,
        refusal: Exception | None = None,
        failure: Exception | None = None,
        endless: bool = False,
        title: str = "Trip report",
        tenant: str = "",
        allowed_formats: Iterable[contract.Format.ValueType] = (),
    ) -> None:
        self._allowed_formats = allowed_formats
        self._parts, self._refusal, self._failure = parts, refusal, failure
        self._endless, self._title, self._tenant = endless, title, tenant
        self.open_now = 0
        self.read = 0
        self.asked: list[tuple[ReportSource, str | None]] = []
        self.point_limits: list[int] = []

    @asynccontextmanager
    async def open(
        self,
        source: ReportSource,
        authorization: str | None,
        *,
        public_json: bool = False,
        chart_point_limit: int = 0,
    ) -> AsyncIterator[OpenReport]:
        del public_json
        self.point_limits.append(chart_point_limit)
        self.asked.append((source, authorization))
        if self._refusal is not None:
            raise self._refusal
        self.open_now += 1
        try:
            head = report_head(["Sheet"], title=self._title)
            head.tenant = self._tenant
            head.allowed_formats.extend(self._allowed_formats)
            yield OpenReport(head, self._stream())
        finally:
            self.open_now -= 1

    async def _stream(self) -> AsyncGenerator[StreamedPart, None]:
        for index in range(self._parts):
            await asyncio.sleep(0)
            self.read += 1
            yield StreamedPart(part_index=index)
        if self._failure is not None:
            raise self._failure
        if self._endless:
            await asyncio.Event().wait()


class FakeFormat(Format):
    """Writes so many bytes for each part, all of them the part's number."""

    number = FORMAT_JSON
    suffix = "fake"
    chart_point_limit = 77

    def __init__(self, *, streams: bool, part_bytes: int = 3_000, failure: Exception | None = None) -> None:
        self.streams = streams
        self._part_bytes = part_bytes
        self._failure = failure
        self.writing = threading.Semaphore(0)
        self.ended: BaseException | None = None
        self.options: RenderOptions | None = None
        self.thread = ""

    def _write(self, _head: ReportHead, parts: Iterable[StreamedPart], out: BinaryIO, options: RenderOptions) -> None:
        self.options, self.thread = options, threading.current_thread().name
        if self._failure is not None:
            raise self._failure
        try:
            for part in parts:
                out.write(bytes([part.part_index % 256]) * self._part_bytes)
                self.writing.release()
        except BaseException as error:
            self.ended = error
            raise
