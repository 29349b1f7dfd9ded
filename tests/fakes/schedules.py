"""Fakes of the ports to schedules, runs, receivers and counts of mails, and links of deliveries."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from services.generation.domain.paging import Page
from services.generation.schedules.run import UNFINISHED, Lease, Run
from services.generation.schedules.schedule import SavedReportRef, Schedule
from services.generation.schedules.schedule_store import MailReceiver, RunStats, ScheduleFilter
from services.generation.timetracking.time_report import SavedWindow


class MemorySchedules:
    """Schedules in memory; `reads` counts the looks for due ones."""

    def __init__(self) -> None:
        self.stored: dict[int, Schedule] = {}
        self.reads = 0
        self._last = 0

    async def add(self, schedule: Schedule, limit: int) -> Schedule | None:
        if sum(one.account_id == schedule.account_id for one in self.stored.values()) >= limit:
            return None
        self._last += 1
        self.stored[self._last] = replace(schedule, id=self._last)
        return self.stored[self._last]

    async def find(self, schedule_id: int) -> Schedule | None:
        return self.stored.get(schedule_id)

    async def page(self, wanted: ScheduleFilter, page: Page) -> list[Schedule]:
        after = page.after[0] if page.after else 0
        found = (one for id_, one in sorted(self.stored.items()) if id_ > after and _keeps(wanted, one))
        return list(found)[: page.size]

    async def due(self, now: datetime, limit: int, passed: Collection[int] = ()) -> list[Schedule]:
        self.reads += 1
        due = [
            (one.next_due, one.id)
            for one in self.stored.values()
            if one.spec.enabled and one.next_due is not None and one.next_due <= now and one.id not in passed
        ]
        return [self.stored[id_] for _, id_ in sorted(due)[:limit]]

    async def replace(self, schedule: Schedule) -> bool:
        stored = self.stored.get(schedule.id)
        if stored is None or stored.version != schedule.version:
            return False
        self.stored[schedule.id] = replace(schedule, version=schedule.version + 1)
        return True

    async def replace_all(self, schedules: Collection[Schedule]) -> None:
        for one in schedules:
            await self.replace(one)

    async def remove(self, schedule_id: int) -> bool:
        return self.stored.pop(schedule_id, None) is not None


def _keeps(wanted: ScheduleFilter, one: Schedule) -> bool:
    report = one.spec.report
    workspace_id = report.workspace_id if isinstance(report, SavedReportRef) else None
    return (
        wanted.owner_id in (None, one.owner_id)
        and wanted.workspace_id in (None, workspace_id)
        and wanted.kind in (None, one.kind)
    )


class MemoryRuns:
    """Runs in memory."""

    def __init__(self) -> None:
        self.stored: dict[int, Run] = {}
        self._last = 0

    async def add(self, run: Run) -> Run | None:
        if any((one.schedule_id, one.due) == (run.schedule_id, run.due) for one in self.stored.values()):
            return None
        self._last += 1
        self.stored[self._last] = replace(run, id=self._last)
        return self.stored[self._last]

    async def add_all(self, runs: Sequence[Run]) -> list[Run]:
        return [stored for run in runs if (stored := await self.add(run)) is not None]

    async def find(self, run_id: int) -> Run | None:
        return self.stored.get(run_id)

    async def page(self, schedule_id: int, page: Page, skip: int = 0) -> list[Run]:
        found = self._of(schedule_id)
        if page.after:
            found = [one for one in found if (one.due, one.id) < tuple(page.after)]
        return found[skip : skip + page.size]

    def _of(self, schedule_id: int) -> list[Run]:
        found = (one for one in self.stored.values() if one.schedule_id == schedule_id)
        return sorted(found, key=lambda one: (one.due, one.id), reverse=True)

    async def count(self, schedule_id: int) -> int:
        return len(self._of(schedule_id))

    async def unfinished(self, schedule_id: int) -> list[Run]:
        return [one for one in self._of(schedule_id) if one.state in UNFINISHED]

    async def take_step(self, now: datetime, until: datetime) -> Run | None:
        due = [(one.step_time, one.id) for one in self.stored.values() if one.step_time and one.step_time <= now]
        if not due:
            return None
        run = self.stored[min(due)[1]]
        self.stored[run.id] = replace(run, step_time=until, version=run.version + 1)
        return self.stored[run.id]

    async def hold_back(self, owner_id: int, until: datetime) -> None:
        for one in list(self.stored.values()):
            if one.owner_id == owner_id and one.state == "planned" and one.step_time and one.step_time < until:
                self.stored[one.id] = replace(one, step_time=until)

    async def claim(self, worker: str, now: datetime, until: datetime) -> Run | None:
        leases = Counter(
            one.account_id for one in self.stored.values() if one.lease is not None and one.lease.end_time > now
        )
        due = [
            (leases[one.account_id], one.next_try, one.id)
            for one in self.stored.values()
            if one.next_try and one.next_try <= now
        ]
        if not due:
            return None
        run = self.stored[min(due)[2]]
        lease = Lease(worker, until)
        self.stored[run.id] = replace(run, lease=lease, next_try=until, fence=run.fence + 1, version=run.version + 1)
        return self.stored[run.id]

    async def replace(self, run: Run) -> bool:
        stored = self.stored.get(run.id)
        if stored is None or stored.version != run.version:
            return False
        self.stored[run.id] = replace(run, version=run.version + 1)
        return True

    async def stats(self, now: datetime) -> RunStats:
        open_runs = [one for one in self.stored.values() if one.state in UNFINISHED]
        states = Counter(delivery.state for one in open_runs for delivery in one.deliveries)
        oldest = min((one.due for one in open_runs if any(d.state == "waiting" for d in one.deliveries)), default=now)
        return RunStats(states["waiting"], states["doubtful"], max(0.0, (now - oldest).total_seconds()))


class MemoryMailReceivers:
    """Receivers of mails in memory."""

    def __init__(self) -> None:
        self.stored: dict[bytes, MailReceiver] = {}

    async def remember(self, digest: bytes, receiver: MailReceiver) -> None:
        self.stored.setdefault(digest, receiver)

    async def by_digest(self, digest: bytes) -> MailReceiver | None:
        return self.stored.get(digest)

    async def unsubscribe(self, digest: bytes, at: datetime, *, from_all: bool) -> None:
        known = self.stored.get(digest)
        if known is not None:
            since = known.unsubscribe_time or at
            self.stored[digest] = replace(known, unsubscribe_time=since, from_all=known.from_all or from_all)

    async def unsubscribed(self, owner_ids: Collection[int], addresses: Collection[str]) -> list[MailReceiver]:
        known = [one for one in self.stored.values() if one.owner_id in owner_ids and one.address in addresses]
        return [one for one in known if one.unsubscribe_time is not None]


class MemoryMailCounts:
    """Counts of mails in memory."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    async def take(self, name: str, wanted: int, limit: int, expire_time: datetime) -> int:  # noqa: ARG002 - kept
        granted = max(0, min(wanted, limit - self.counts[name]))
        self.counts[name] += granted
        return granted

    async def server_key(self) -> bytes:
        return b"k" * 32


class MemoryDeliveryLinks:
    """Links of deliveries in memory: by id their target and their end, and the targets of shared tokens."""

    def __init__(self) -> None:
        self.access_links: dict[int, tuple[int | SavedWindow, datetime]] = {}
        self.shared: dict[str, int | SavedWindow] = {}
        self._last = 0

    async def access(self, owner_id: int, target: int | SavedWindow, expire_time: datetime) -> tuple[int, str]:  # noqa: ARG002 - one owner
        self._last += 1
        self.access_links[self._last] = (target, expire_time)
        return self._last, f"{self._last:032x}"

    async def share(self, owner_id: int, target: int | SavedWindow, expire_time: datetime, token: str) -> None:  # noqa: ARG002 - one owner
        self.shared.setdefault(token, target)

    async def extend(self, link_id: int, expire_time: datetime) -> None:
        if link_id in self.access_links:
            self.access_links[link_id] = (self.access_links[link_id][0], expire_time)

    async def end(self, link_id: int) -> None:
        self.access_links.pop(link_id, None)
