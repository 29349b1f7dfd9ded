"""Reports and their queue in memory."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.errors import RequestIdReused
from services.errors.reports import TooManyReports
from services.generation.domain.paging import Page
from services.generation.reporting.report import (
    EVERYTHING,
    LOSSES_ALONE,
    UNFINISHED,
    PartSelection,
    Progress,
    QueueStats,
    Report,
    ReportFilter,
    ReportResult,
    StoredPart,
)
from services.generation.store.mongo_queue import BACK_OFF_S, OTHERS_BACK_OFF_S

LEASE = timedelta(seconds=15)
KEEP = timedelta(days=30)


class FakeReports:
    """The port Reports over a list; what is stored, its parts and its leases can be looked at and changed."""

    def __init__(self, *stored: Report, slots: int = 5, account_slots: int = 10, parts: int = 0) -> None:
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
        self._account_slots = account_slots
        self.turn_times: dict[int, datetime] = {}
        self.retry_times: dict[int, datetime] = {}
        self._last_id = max(self.stored, default=0)

        self.outlines_of: dict[int, Sequence[bytes]] = {}

    def change(self, report_id: int, **changes: object) -> None:
        self.stored[report_id] = replace(self.stored[report_id], **changes)  # type: ignore[arg-type] # fields by name

    async def queue(self, report: Report) -> int:
        owned = [one for one in self.stored.values() if one.owner_id == report.owner_id]
        same = [one for one in owned if report.request_id and one.request_id == report.request_id]
        if same and same[0].request_digest != report.request_digest:
            raise RequestIdReused
        if same:
            return same[0].id
        of_account = [one for one in self.stored.values() if one.account_id == report.account_id]
        if _unfinished(owned) >= self._slots or _unfinished(of_account) >= self._account_slots:
            raise TooManyReports
        self._last_id += 1
        self.stored[self._last_id] = replace(report, id=self._last_id)
        self.turn_times[self._last_id] = report.create_time
        return self._last_id

    async def find(self, owner_id: int | None, report_id: int) -> Report | None:
        report = self.stored.get(report_id)
        return report if report is not None and owner_id in (None, report.owner_id) else None

    async def progress(self, owner_id: int | None, report_id: int) -> Progress | None:
        report = await self.find(owner_id, report_id)
        return None if report is None else Progress(report.state, report.percent)

    async def page(self, wanted: ReportFilter, page: Page) -> list[Report]:
        found = [one for one in self.stored.values() if _is_wanted(one, wanted)]
        before = [one for one in found if not page.after or (one.create_time, one.id) < page.after]
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

    async def cancel(self, owner_id: int | None, report_id: int) -> None:
        report = await self.find(owner_id, report_id)
        if report is not None and report.state in UNFINISHED:
            now = datetime.now(UTC)
            times = {"finish_time": now, "expire_time": now + KEEP}
            self.change(report_id, state="cancelled", attempt=report.attempt + 1, **times)
            self.parts_of.pop(report_id, None)

    async def remove(self, owner_id: int | None, report_id: int) -> bool:
        if await self.find(owner_id, report_id) is None:
            return False
        del self.stored[report_id]
        self.parts_of.pop(report_id, None)
        return True

    async def outlines(self, report: Report) -> Sequence[bytes]:
        return self.outlines_of.get(report.id, ())

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


def _is_wanted(report: Report, wanted: ReportFilter) -> bool:
    if wanted.owner_id is not None and (report.owner_id != wanted.owner_id or report.type != "user"):
        return False
    if wanted.states and report.state not in wanted.states:
        return False
    is_early = wanted.create_time_from is not None and report.create_time < wanted.create_time_from
    is_late = wanted.create_time_before is not None and report.create_time >= wanted.create_time_before
    return not is_early and not is_late and _is_about(report, wanted)


def _is_about(report: Report, wanted: ReportFilter) -> bool:
    is_other_kind = wanted.plugin_ids and report.plugin_id not in wanted.plugin_ids
    is_of_others = wanted.tracker_ids and not set(wanted.tracker_ids) & set(report.tracker_ids)
    ends_before = wanted.period_from is not None and report.to_time < wanted.period_from
    begins_behind = wanted.period_before is not None and report.from_time >= wanted.period_before
    return not (is_other_kind or is_of_others or ends_before or begins_behind)


class FakeQueue:
    """The port Queue over reports in memory."""

    def __init__(self, reports: FakeReports, lease: timedelta = LEASE) -> None:
        self._reports = reports
        self._lease = lease

    async def claim(
        self, worker_id: str, running: Collection[int] = (), *, new_accounts_only: bool = False
    ) -> Report | None:
        await asyncio.sleep(0)
        now = datetime.now(UTC)
        self._queue_again([one for one in self._running() if one.id not in running and self._end_of(one) < now])
        making = Counter(one.account_id for one in self._running())
        due = [one for one in self._due(running) if one.losses < LOSSES_ALONE]
        if new_accounts_only:
            due = [one for one in due if not making[one.account_id]]
        return self._take(due, worker_id, lambda one: (making[one.account_id], *self._turn(one)))

    async def claim_alone(self, worker_id: str) -> Report | None:
        due = [one for one in self._due() if one.losses >= LOSSES_ALONE]
        return self._take(due, worker_id, lambda one: (one.losses, *self._turn(one)))

    async def waits_alone(self) -> bool:
        return any(one.losses >= LOSSES_ALONE for one in self._due())

    async def reclaim(self, worker_id: str, running: Collection[int]) -> Report | None:
        owned = [one for one in self._running() if one.id not in running and self._owner_of(one) == worker_id]
        return self._take(owned, worker_id, lambda one: (0, *self._turn(one)))

    async def release(self, worker_name: str) -> None:
        self._queue_again([one for one in self._running() if self._owner_of(one).startswith(f"{worker_name}:")])

    def _due(self, running: Collection[int] = ()) -> list[Report]:
        now, never = datetime.now(UTC), datetime(1970, 1, 1, tzinfo=UTC)
        queued = [one for one in self._reports.stored.values() if one.state == "queued" and one.id not in running]
        return [one for one in queued if self._reports.retry_times.get(one.id, never) <= now]

    def _running(self) -> list[Report]:
        return [one for one in self._reports.stored.values() if one.state == "running"]

    def _owner_of(self, report: Report) -> str:
        return self._reports.owners[report.id][0]

    def _end_of(self, report: Report) -> datetime:
        return self._reports.owners[report.id][1]

    def _turn(self, report: Report) -> tuple[datetime, datetime]:
        return self._reports.turn_times[report.id], report.create_time

    def _queue_again(self, lost: list[Report]) -> None:
        now, others = datetime.now(UTC), timedelta(seconds=OTHERS_BACK_OFF_S if lost else 0)
        for one in lost:
            self._reports.change(one.id, state="queued", losses=one.losses + 1)
            back_off_s = BACK_OFF_S[min(one.losses + 1, len(BACK_OFF_S) - 1)]
            self._reports.retry_times[one.id] = now + timedelta(seconds=back_off_s)
            del self._reports.owners[one.id]
        for one in self._reports.stored.values():
            if one.state == "queued" and one.losses >= LOSSES_ALONE:
                times = self._reports.retry_times
                times[one.id] = max(times.get(one.id, now), now + others)

    def _take(self, due: list[Report], worker_id: str, order: Callable[[Report], Any]) -> Report | None:
        if not due:
            return None
        first, now = min(due, key=order), datetime.now(UTC)
        self._reports.change(first.id, state="running", attempt=first.attempt + 1, start_time=first.start_time or now)
        self._reports.owners[first.id] = worker_id, now + self._lease
        for one in self._reports.stored.values():
            if one.account_id == first.account_id and one.state == "queued":
                self._reports.turn_times[one.id] = now
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
        self._reports.outlines_of[report.id] = values.pop("outlines")
        return self._end(report, worker_id, state="finished", percent=100, **values)

    async def fail(self, report: Report, worker_id: str, failure: str) -> bool:
        return self._end(report, worker_id, state="failed", failure=failure)

    async def hand_back(self, report: Report, worker_id: str) -> None:
        if self._is_owned(report, worker_id):
            self._reports.change(report.id, state="queued")
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
        now = datetime.now(UTC)
        self._reports.change(report.id, finish_time=now, expire_time=now + KEEP, **changes)
        del self._reports.owners[report.id]
        return True


def _unfinished(reports: Iterable[Report]) -> int:
    return sum(one.state in UNFINISHED for one in reports)
