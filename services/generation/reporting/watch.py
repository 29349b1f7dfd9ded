"""Watchers of reports, who share one poll of the store in each process."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from contextvars import Context

from services.errors import NotFound, StoreUnavailable
from services.generation.reporting.report import UNFINISHED, Report
from services.generation.reporting.report_store import Reports
from services.runtime.limits import ConcurrencyLimit
from services.runtime.tenants import tenant_of

log = logging.getLogger("daybook.watch")

POLL_S = 0.25
WATCHERS = 2_000

Seen = tuple[str, int]  # state and percent


class Watchers:
    """Distributor of each report's changes to its watchers."""

    def __init__(self, reports: Reports, at_once: int = WATCHERS) -> None:
        self._reports = reports
        self._slots = ConcurrencyLimit("watchers", at_once, waiting=0, wait_s=1, per_tenant=(at_once + 1) // 2)
        self._queues: dict[int, set[asyncio.Queue[Report | None]]] = {}
        self._seen: dict[int, Seen] = {}
        self._poller: asyncio.Task[None] | None = None

    async def follow(self, report: Report) -> AsyncGenerator[Report, None]:
        """Yield the report at once, after each change, and for the last time when it is over.

        Raises NotFound when it is deleted meanwhile, and TooMuch when as many watch as may at once, or half as many of
        the report's account.
        """
        if report.state not in UNFINISHED:
            yield report
            return
        async with self._slots.slot(tenant_of(report.account_id)), aclosing(self._changes(report)) as changes:
            async for changed in changes:
                yield changed

    async def _changes(self, report: Report) -> AsyncGenerator[Report, None]:
        yield report
        queue: asyncio.Queue[Report | None] = asyncio.Queue()
        self._join(report, queue)
        try:
            while report.state in UNFINISHED:
                changed = await queue.get()
                if changed is None:
                    raise NotFound
                if _seen(changed) != _seen(report) and changed.percent >= report.percent:  # none from before `report`
                    yield changed
                    report = changed
        finally:
            self._leave(report.id, queue)

    def _join(self, report: Report, queue: asyncio.Queue[Report | None]) -> None:
        if self._seen.setdefault(report.id, _seen(report)) != _seen(report):
            self._seen[report.id] = ("", -1)  # the next poll tells all watchers its state
        self._queues.setdefault(report.id, set()).add(queue)
        if self._poller is None:
            self._poller = asyncio.create_task(self._poll(), context=Context())  # without the deadline of this call

    def _leave(self, report_id: int, queue: asyncio.Queue[Report | None]) -> None:
        self._queues[report_id].discard(queue)
        if not self._queues[report_id]:
            del self._queues[report_id], self._seen[report_id]
        if not self._queues and self._poller is not None:
            self._poller.cancel()
            self._poller = None

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(POLL_S)
            try:
                changed = await self._reports.changed(dict(self._seen))
            except StoreUnavailable:
                continue
            except Exception:
                log.exception("polling reports failed")  # the watchers must outlive any answer of the store
                continue
            for report_id, report in changed.items():
                self._tell(report_id, report)

    def _tell(self, report_id: int, report: Report | None) -> None:
        if report_id not in self._seen:
            return
        if report is not None:
            self._seen[report_id] = _seen(report)
        for queue in self._queues[report_id]:
            queue.put_nowait(report)


def _seen(report: Report) -> Seen:
    return report.state, report.percent
