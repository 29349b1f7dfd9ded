"""Ports to stored reports: as their owners see them, and as the workers' queue."""

from collections.abc import AsyncGenerator, Collection, Mapping
from typing import Protocol

from services.generation.domain.paging import Page
from services.generation.reporting.report import PartSelection, Progress, QueueStats, Report, ReportResult, StoredPart


class Reports(Protocol):
    """Reports as their owners see them."""

    async def queue(self, report: Report) -> int:
        """Store a report as queued and return its id, or the id of the one with the same request id.

        Raises TooManyReports when as many reports of the owner are unfinished as may be at once, and NotFound when the
        owner is being removed.
        """

    async def find(self, owner_id: int, report_id: int) -> Report | None:
        """Return an owner's report."""

    async def progress(self, owner_id: int, report_id: int) -> Progress | None:
        """Return the state and the percentage of an owner's report."""

    async def page(self, owner_id: int, page: Page) -> list[Report]:
        """Return an owner's reports for its list, newest first, without those of type "service"."""

    async def changed(self, seen: Mapping[int, tuple[str, int]]) -> Mapping[int, Report | None]:
        """Return the reports whose state or percent differ from those seen; None for one that is gone."""

    async def remove(self, owner_id: int, report_id: int) -> bool:
        """Remove a report and its parts; return whether there was one."""

    def parts(self, report: Report, selection: PartSelection) -> AsyncGenerator[StoredPart, None]:
        """Return parts of a finished report in order. Raises UnknownSchema."""


class Queue(Protocol):
    """Reports as workers see them. A worker owns a report until its lease ends."""

    async def claim(self, worker_id: str, running: Collection[int] = ()) -> Report | None:
        """Take over the report that waited longest, or one whose worker's lease ended; None when there is none.

        Those that the worker is `running` are left to it, even when it could not renew their leases.
        """

    async def reclaim(self, worker_id: str, running: Collection[int]) -> Report | None:
        """Take over a report that the worker owns without running it: it was claimed, and the answer was lost."""

    async def renew(self, report: Report, worker_id: str) -> bool:
        """Renew the lease; False when the report is no longer this worker's."""

    async def advance(self, report: Report, worker_id: str, percent: int) -> bool:
        """Raise the percentage; False when the report is no longer this worker's."""

    async def finish(self, report: Report, worker_id: str, result: ReportResult) -> bool:
        """Declare the report finished; False when it is no longer this worker's."""

    async def fail(self, report: Report, worker_id: str, failure: str) -> bool:
        """Declare the report failed; False when it is no longer this worker's."""

    async def hand_back(self, report: Report, worker_id: str) -> None:
        """Queue the report again without counting the attempt; its number stays, which fences its parts off."""

    async def stats(self) -> QueueStats:
        """Return the amount of work."""

    async def clear_parts(self, report: Report) -> None:
        """Delete the parts of earlier attempts, or all when the report is gone."""
