"""What rendering needs from outside: the sheets of finished reports."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import SheetPart


@dataclass(frozen=True, slots=True)
class OpenReport:
    """A finished report while it is read: its head, and its parts in order, once."""

    head: ReportHead
    parts: AsyncGenerator[SheetPart, None]


class Sheets(Protocol):
    """The sheets of finished reports, wherever they are kept."""

    def open(self, report_id: int, authorization: str | None) -> AbstractAsyncContextManager[OpenReport]:
        """Open a report for the holder of the credentials; leaving the context ends the reading.

        Entering fails when the report cannot be had, `parts` when it breaks off.
        """
