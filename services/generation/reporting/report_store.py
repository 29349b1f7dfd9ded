"""Ports to stored reports: as their owners see them, and as the workers' queue."""

from collections.abc import AsyncGenerator, Collection, Mapping
from typing import Protocol

from daybook.report.v1.sheet_pb2 import SheetPart

from services.generation.domain.paging import Page
from services.generation.reporting.report import QueueStats, Report, ReportResult


class Reports(Protocol):
    """Reports as their owners see them."""

    async def queue(self, report: Report) -> int:
        """Store a report as queued and return its id, or the id of the one with the same request id.

        Raises TooManyReports when as many of the owner's are being made as may be at once.
        """

    async def find(self, owner_id: int, report_id: int) -> Report | None:
        """Return an owner's report."""

    async def page(self, owner_id: int, page: Page) -> list[Report]:
        """Return an owner's reports for its list, newest first."""

    async def changed(self, seen: Mapping[int, tuple[str, int]]) -> Mapping[int, Report | None]:
        """Return those reports whose state or percent differ from what was seen; None for one that is gone."""

    async def remove(self, owner_id: int, report_id: int) -> bool:
        """Remove a report and its parts; say whether there was one."""

    def parts(self, report: Report) -> AsyncGenerator[SheetPart, None]:
        """Return the parts of a finished report in order, sheets counted from 0."""


class Queue(Protocol):
    """Reports as those who make them see them. A maker's hold on a report ends with its lease."""

    async def claim(self, worker_id: str, running: Collection[int] = ()) -> Report | None:
        """Take over the report that waited longest, or one whose maker's lease ran out; None when there is none.

        Those that the maker is `running` are left to it, even when it could not renew their leases.
        """

    async def reclaim(self, worker_id: str, running: Collection[int]) -> Report | None:
        """Take over a report that the maker holds without running it: a claim was done, and its answer lost."""

    async def prolong(self, report: Report, worker_id: str) -> bool:
        """Renew the lease; False when the report is no longer this maker's."""

    async def progress(self, report: Report, worker_id: str, percent: int) -> bool:
        """Raise the percentage; False when the report is no longer this maker's."""

    async def finish(self, report: Report, worker_id: str, made: ReportResult) -> bool:
        """Declare the report finished; False when it is no longer this maker's."""

    async def fail(self, report: Report, worker_id: str, failure: str) -> bool:
        """Declare the report failed; False when it is no longer this maker's."""

    async def hand_back(self, report: Report, worker_id: str) -> None:
        """Queue the report again without counting the attempt."""

    async def depth(self) -> QueueStats:
        """Return how much work there is."""

    async def clear_parts(self, report: Report) -> None:
        """Delete what earlier attempts left, or everything when the report is gone."""
