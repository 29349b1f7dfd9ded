"""Ports: reports as streams of sheet parts, and the state of the mail server."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from daybook.generation.v1.generation_service_pb2 import ReportHead, StreamedPart, StreamPartsRequest
from daybook.rendering.v1.rendering_service_pb2 import MailServerState
from daybook.savedreport.v1.time_report_pb2 import Source


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A finished report that generation keeps, and those whose sheets follow in the same file."""

    report_id: int
    more_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeReport:
    """A report over time entries, which is made while it is read; the layout says what its sheets are for."""

    source: Source
    layout: StreamPartsRequest.Layout.ValueType


ReportSource = StoredReport | TimeReport


@dataclass(frozen=True, slots=True)
class OpenReport:
    """A report while it is read: its head, and its parts in order, once, as they are stored."""

    head: ReportHead
    parts: AsyncGenerator[StreamedPart, None]


class ReportReader(Protocol):
    """Reader of reports, wherever they come from."""

    def open(
        self,
        source: ReportSource,
        authorization: str | None,
        *,
        public_json: bool = False,
        chart_point_limit: int = 0,
    ) -> AbstractAsyncContextManager[OpenReport]:
        """Open a report for the holder of the credentials; leaving the context ends the reading.

        Lines of line charts have at most so many points, where a limit is given; it goes with messages alone.
        Parts hold their messages, or their public JSON where that is asked for. Entering fails when the report cannot
        be read, `parts` when it breaks off.
        """


class MailServer(Protocol):
    """Mail server of scheduled reports."""

    async def state(self) -> MailServerState.ValueType:
        """Return whether it can be used."""
