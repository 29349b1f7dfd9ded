"""Ports to stored reports: as their owners see them, and as the workers' queue."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from typing import Protocol

from services.generation.domain.paging import Page
from services.generation.reporting.report import (
    PartSelection,
    Progress,
    QueueStats,
    Report,
    ReportFilter,
    ReportResult,
    StoredPart,
)


class Reports(Protocol):
    """Reports as their owners see them. Without an owner's id they are those of all accounts."""

    async def queue(self, report: Report) -> int:
        """Store a report as queued and return its id, or the id of the one with the same request id.

        Raises RequestIdReused when that one was asked for otherwise, TooManyReports when as many reports of the owner,
        or of the account with all its users, are unfinished as may be at once, and NotFound when the owner is being
        removed.
        """

    async def find(self, owner_id: int | None, report_id: int) -> Report | None:
        """Return an owner's report."""

    async def progress(self, owner_id: int | None, report_id: int) -> Progress | None:
        """Return the state and the percentage of an owner's report."""

    async def page(self, wanted: ReportFilter, page: Page) -> list[Report]:
        """Return reports for a list, newest first; an owner's list has none of type "service"."""

    async def changed(self, seen: Mapping[int, tuple[str, int]]) -> Mapping[int, Report | None]:
        """Return the reports whose state or percent differ from those seen; None for one that is gone."""

    async def cancel(self, owner_id: int | None, report_id: int) -> None:
        """Declare an unfinished report cancelled and remove its parts; one that is over, or gone, stays as it is."""

    async def remove(self, owner_id: int | None, report_id: int) -> bool:
        """Remove a report and its parts; return whether there was one."""

    async def outlines(self, report: Report) -> Sequence[bytes]:
        """Return the outlines of the sheets of a finished report, in order; none where it was made without."""

    def parts(self, report: Report, selection: PartSelection) -> AsyncGenerator[StoredPart, None]:
        """Return parts of a finished report in order. Raises UnknownSchema."""


class Queue(Protocol):
    """Reports as workers see them. A worker owns a report until its lease ends; then it is queued again, with a loss.

    After its second loss a report waits for 20 s, then 30 s and from the fourth loss on a minute, and only
    `claim_alone` takes it.
    """

    async def claim(
        self, worker_id: str, running: Collection[int] = (), *, new_accounts_only: bool = False
    ) -> Report | None:
        """Take over a report; None when there is none.

        It is one of the accounts with the fewest reports in the making by any worker; of equals, of the one whose turn
        was longest ago. With `new_accounts_only` it is of an account that has none in the making. Those that the
        worker is `running` are left to it, even when it could not renew their leases.
        """

    async def claim_alone(self, worker_id: str) -> Report | None:
        """Take over a report that has to run alone; None when none is due."""

    async def waits_alone(self) -> bool:
        """Return whether a report that has to run alone is due."""

    async def release(self, worker_name: str) -> None:
        """End the leases of the workers of this name, which are dead; their ids are the name, a colon and more."""

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
        """Queue the report again without a loss; the number of the attempt stays, which fences its parts off."""

    async def stats(self) -> QueueStats:
        """Return the amount of work."""

    async def clear_parts(self, report: Report) -> None:
        """Delete the parts of earlier attempts, or all when the report is gone."""
