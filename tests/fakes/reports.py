"""Reports and their queue in memory."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.errors import TooManyReports
from services.generation.domain.paging import Page
from services.generation.reporting.report import (
    EVERYTHING,
    UNFINISHED,
    PartSelection,
    Progress,
    QueueStats,
    Report,
    ReportResult,
    StoredPart,
)

LEASE = timedelta(seconds=15)


class FakeReports:
    """The port Reports over a list; what is stored, its parts and its leases can be looked at and changed."""

    def __init__(self, *stored: Report, slots: int = 5, parts: int = 0) -> None:
        self.stored = {report.id: report for report in stored}
        self.parts_of: dict[int, list[StoredPart]] = {
            report.id: [StoredPart(0, place, place == parts - 1, place, 1) for place in range(parts)]
            for report in stored
        }
        self.owners: dict[int, tuple[str, datetime]] = {}  # worker ids and ends of leases
        self.polls = 0
        self.failures: list[Exception] = []  # raised by `changed`, one a call
        self.open_streams = 0
        self._slots = slots
        self._last_id = max(self.stored, default=0)

    def change(self, report_id: int, **changes: object) -> None:
        self.stored[report_id] = replace(self.stored[report_id], **changes)  # type: ignore[arg-type] # fields by name

    async def queue(self, report: Report) -> int:
        owned = [one for one in self.stored.values() if one.owner_id == report.owner_id]
        same = [one.id for one in owned if report.request_id and one.request_id == report.request_id]
        if same:
            return same[0]
        if sum(one.state in UNFINISHED for one in owned) >= self._slots:
            raise TooManyReports
        self._last_id += 1
        self.stored[self._last_id] = replace(report, id=self._last_id)
        return self._last_id

    async def find(self, owner_id: int, report_id: int) -> Report | None:
        report = self.stored.get(report_id)
        return report if report is not None and report.owner_id == owner_id else None

    async def progress(self, owner_id: int, report_id: int) -> Progress | None:
        report = await self.find(owner_id, report_id)
        return None if report is None else Progress(report.state, report.percent)

    async def page(self, owner_id: int, page: Page) -> list[Report]:
        owned = [one for one in self.stored.values() if one.owner_id == owner_id and one.type == "user"]
        before = [one for one in owned if not page.after or (one.create_time, one.id) < page.after]
        return sorted(before, key=lambda one: (one.create_time, one.id), reverse=True)[: page.size]

    async def changed(self, seen: Mapping[int, tuple[str, int]]) -> Mapping[int, Report | None]:
        self.polls += 1
        if self.failures:
            raise self.failures.pop()
        now = {report_id: self.stored.get(report_id) for report_id in seen}
        return {
            report_id: report
            for report_id, report in now.items()
            if report is None or (report.state, report.percent) != seen[report_id]
        }

    async def remove(self, owner_id: int, report_id: int) -> bool:
        if await self.find(owner_id, report_id) is None:
            return False
        del self.stored[report_id]
        self.parts_of.pop(report_id, None)
        return True

    async def parts(self, report: Report, selection: PartSelection = EVERYTHING) -> AsyncGenerator[StoredPart, None]:
        self.open_streams += 1
        try:
            for part in self.parts_of.get(report.id, []):
                first, behind = selection.rows or (0, part.first_row + 1)
                in_rows = part.first_row < behind and part.first_row + part.row_count > first
                if selection.sheet_index in (None, part.sheet_index) and in_rows:
                    yield part
        finally:
            self.open_streams -= 1


class FakeQueue:
    """The port Queue over reports in memory."""

    def __init__(self, reports: FakeReports, lease: timedelta = LEASE) -> None:
        self._reports = reports
        self._lease = lease

    async def claim(self, worker_id: str, running: Collection[int] = ()) -> Report | None:
        await asyncio.sleep(0)
        now = datetime.now(UTC)
        free = [
            one
            for one in self._reports.stored.values()
            if one.id not in running
            and (one.state == "queued" or (one.state == "running" and self._reports.owners[one.id][1] < now))
        ]
        return self._take(free, worker_id, counted=1)

    async def reclaim(self, worker_id: str, running: Collection[int]) -> Report | None:
        owned = [
            one
            for one in self._reports.stored.values()
            if one.id not in running and one.state == "running" and self._reports.owners[one.id][0] == worker_id
        ]
        return self._take(owned, worker_id, counted=0)

    def _take(self, free: list[Report], worker_id: str, *, counted: int) -> Report | None:
        if not free:
            return None
        first = min(free, key=lambda one: one.create_time)
        attempts = {"attempt": first.attempt + 1, "counted_attempts": first.counted_attempts + counted}
        self._reports.change(first.id, state="running", **attempts)
        self._reports.owners[first.id] = worker_id, datetime.now(UTC) + self._lease
        return self._reports.stored[first.id]

    async def renew(self, report: Report, worker_id: str) -> bool:
        if self._is_owned(report, worker_id):
            self._reports.owners[report.id] = worker_id, datetime.now(UTC) + self._lease
            return True
        return False

    async def advance(self, report: Report, worker_id: str, percent: int) -> bool:
        if not self._is_owned(report, worker_id):
            return False
        self._reports.change(report.id, percent=max(percent, self._reports.stored[report.id].percent))
        return True

    async def finish(self, report: Report, worker_id: str, result: ReportResult) -> bool:
        values = {name: getattr(result, name) for name in ReportResult.__slots__}
        return self._end(report, worker_id, state="finished", percent=100, **values)

    async def fail(self, report: Report, worker_id: str, failure: str) -> bool:
        return self._end(report, worker_id, state="failed", failure=failure)

    async def hand_back(self, report: Report, worker_id: str) -> None:
        if self._is_owned(report, worker_id):
            counted = self._reports.stored[report.id].counted_attempts - 1
            self._reports.change(report.id, state="queued", counted_attempts=counted)
            del self._reports.owners[report.id]

    async def stats(self) -> QueueStats:
        unfinished = [one for one in self._reports.stored.values() if one.state in UNFINISHED]
        queued = sum(one.state == "queued" for one in unfinished)
        now = datetime.now(UTC)
        oldest_s = max([(now - one.create_time).total_seconds() for one in unfinished], default=0.0)
        return QueueStats(queued, len(unfinished) - queued, len(unfinished), max(0.0, oldest_s))

    async def clear_parts(self, report: Report) -> None:
        if report.id not in self._reports.stored:
            self._reports.parts_of.pop(report.id, None)

    def _is_owned(self, report: Report, worker_id: str) -> bool:
        stored = self._reports.stored.get(report.id)
        owned = stored is not None and stored.state == "running" and stored.attempt == report.attempt
        return owned and self._reports.owners[report.id][0] == worker_id

    def _end(self, report: Report, worker_id: str, **changes: object) -> bool:
        if not self._is_owned(report, worker_id):
            return False
        self._reports.change(report.id, **changes)
        del self._reports.owners[report.id]
        return True
