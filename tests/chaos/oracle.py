"""The store after a round, compared with the ledger: nothing lost, nothing doubled."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pymongo import AsyncMongoClient

from services.generation.domain.samples import merged
from services.generation.inputs.points import POINTS
from services.generation.store.buckets import PACKED, overlapping, samples_of
from tests.chaos.layout import Layout
from tests.chaos.ledger import Asked, Ledger, Written
from tests.chaos.seed_data import SeedData
from tests.chaos.timeouts import Progress, until
from tests.chaos.writers import FIRST_POINT_MS, ROUND_MS, latitude

CLEAN_WITHIN_S = 90.0


@dataclass(slots=True)
class Findings:
    """Ends of a round's reports, and all violations."""

    finished: int = 0
    failed: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: list[str] | None = None

    def say(self, what: str) -> None:
        """Note a violation."""
        self.wrong = [*(self.wrong or []), what]


@dataclass(frozen=True, slots=True)
class Oracle:
    """The store, read past all links and services."""

    database: Any

    async def check(self, ledger: Ledger, seed_data: SeedData, number: int) -> Findings:
        """Compare the store with a round's ledger."""
        findings = Findings()
        documents = [one async for one in self.database.reports.find({})]
        by_key: dict[str, list[Any]] = {}
        for one in documents:
            by_key.setdefault(one["request_id"], []).append(one)
        for asked in ledger.reports:
            self._judge(asked, by_key.pop(asked.key, []), findings)
        for key in by_key:
            findings.doubled += 1
            findings.say(f"a report that nobody asked for: {key!r}")
        for said in await self._parts(documents):
            findings.doubled += 1
            findings.say(said)
        await self._entries(ledger, seed_data.workspace_id, findings)
        await self._points(ledger.points, seed_data.tracker_id, number, findings)
        return findings

    async def left(self) -> list[str]:
        """Return what is left of reports once all are deleted; makers clear the last parts by and by.

        It is taken away then, so that the next round is judged by itself.
        """
        left: list[str] = []
        progress, least = Progress(CLEAN_WITHIN_S), [0]
        kinds = ("reports", "report_sheets")

        async def is_empty() -> bool:
            counts = {kind: await self.database[kind].count_documents({}) for kind in kinds}
            if not least[0] or sum(counts.values()) < least[0]:
                least[0] = sum(counts.values())
                progress.note()
            left[:] = [f"{count} {kind} are left after all were deleted" for kind, count in counts.items() if count]
            return not left

        if not await until(is_empty, progress):
            for kind in kinds:
                await self.database[kind].delete_many({})
        return left

    def _judge(self, asked: Asked, found: list[Any], findings: Findings) -> None:
        ids = {one["_id"] for one in found}
        if len(found) > 1 or len(asked.ids) > 1:
            findings.doubled += 1
            findings.say(f"{asked.key} was answered as {sorted(asked.ids)}, stored as {sorted(ids)}")
        elif asked.ids != ids or found[0]["state"] not in {"finished", "failed"}:
            findings.lost += 1
            states = [one["state"] for one in found]
            findings.say(f"{asked.key} was answered as {sorted(asked.ids)}, stored as {sorted(ids)}: {states}")
        elif found[0]["state"] == "failed":
            findings.failed += 1
            losses = found[0]["losses"]
            findings.say(f"{asked.key} failed after the loss of {losses} workers: {found[0]['failure']}")
        else:
            findings.finished += 1
            if asked.said_failed:
                findings.say(f"{asked.key} is finished and was said to have failed")
            if {"slot", "worker_id", "lease_time"} & found[0].keys() or found[0]["percent"] != 100:
                findings.say(f"{asked.key} is finished and not let go")

    async def _parts(self, documents: list[Any]) -> list[str]:
        """Return what is wrong with the parts of reports; what is stale is waited for, as it is cleared by and by."""
        wrong: list[str] = []
        progress = Progress(CLEAN_WITHIN_S)

        async def is_clean() -> bool:
            before = len(wrong)
            wrong[:] = await self._wrong_parts(documents)
            if len(wrong) < before:
                progress.note()
            return not wrong

        await until(is_clean, progress)
        return wrong

    async def _wrong_parts(self, documents: list[Any]) -> list[str]:
        wanted = {one["_id"]: one for one in documents if one["state"] == "finished"}
        stored: dict[int, Counter[Any]] = {}
        async for part in self.database.report_sheets.find({}, {"report_id": 1, "attempt": 1, "sheet": 1, "part": 1}):
            place = (part["attempt"], part["sheet"], part["part"])
            stored.setdefault(part["report_id"], Counter())[place] += 1
        wrong = [f"parts of report {one}, which is not there" for one in stored.keys() - {d["_id"] for d in documents}]
        for report_id, report in wanted.items():
            parts = stored.get(report_id, Counter())
            whole = report["part_count"] == len(parts) == parts.total()
            if not whole or {attempt for attempt, _, _ in parts} - {report["attempt"]}:
                wrong.append(f"report {report_id}, attempt {report['attempt']}, has parts {sorted(parts.elements())}")
        return wrong

    async def _entries(self, ledger: Ledger, workspace_id: int, findings: Findings) -> None:
        cursor = self.database.time_entries.find({"workspace_id": workspace_id}, {"import_key": 1, "description": 1})
        found = [one async for one in cursor]
        imported = Counter(one["import_key"] for one in found if one["import_key"])
        plain = Counter(one["description"] for one in found if not one["import_key"])
        for name, written, stored in (("imported", ledger.imported, imported), ("plain", ledger.plain, plain)):
            for said in _wrong(written, stored):
                findings.say(f"{name} entries {said}")

    async def _points(self, written: Written, tracker_id: int, number: int, findings: Findings) -> None:
        first = FIRST_POINT_MS + number * ROUND_MS
        wanted = overlapping(POINTS, tracker_id, first, first + ROUND_MS)
        buckets = [one async for one in self.database.track_buckets.find(wanted, PACKED)]
        points = merged(samples_of(POINTS, buckets)) if buckets else None
        moments = [] if points is None else [one for one in points.time_ms.tolist() if first <= one < first + ROUND_MS]
        for said in _wrong(written, Counter(moments)):
            findings.say(f"points {said}")
        if points is not None and points.column("lat").tolist() != [latitude(one) for one in points.time_ms.tolist()]:
            findings.say("points are elsewhere than they were written")


def _wrong(written: Written, stored: Counter[Any]) -> Iterator[str]:
    """Return what is lost or doubled; the store may hold what other rounds wrote as well."""
    lost = sorted(written.acknowledged - stored.keys())
    if lost:
        yield f"lost: {lost[:5]} and {len(lost) - 1} more"
    doubled = sorted(one for one in written.sent if stored[one] > 1)
    if doubled:
        yield f"doubled: {doubled[:5]} and {len(doubled) - 1} more"


@asynccontextmanager
async def store_of(layout: Layout) -> AsyncIterator[Oracle]:
    """Give the store as it is, wherever it is now."""
    async with AsyncMongoClient[dict[str, Any]](layout.database(), tz_aware=True) as client:
        yield Oracle(client.daybook)
