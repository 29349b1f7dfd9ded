"""Links to reports in memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from services.generation.domain.paging import Page
from services.generation.sharing.report_link import ReportLink


class FakeReportLinks:
    """The port ReportLinks over a dictionary; what is stored, by digest, can be looked at."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.stored: dict[bytes, ReportLink] = {}
        self.writes = 0
        self._now = now
        self._last_id = 0

    async def add(self, link: ReportLink, digest: bytes, limit: int) -> ReportLink | None:
        alike = [one for one in self._valid().values() if one.purpose == "shared" and one.report_id == link.report_id]
        if link.purpose == "shared" and len(alike) >= limit:
            return None
        self._last_id += 1
        stored = replace(link, id=self._last_id)
        self.stored.setdefault(digest, stored)
        return stored

    async def replace(self, link: ReportLink, digest: bytes) -> bool:
        for old, known in self._valid().items():
            names = ("id", "owner_id", "report_id", "purpose")
            if all(getattr(known, name) == getattr(link, name) for name in names):
                del self.stored[old]
                self.stored[digest] = link
                return True
        return False

    async def by_digest(self, digest: bytes) -> ReportLink | None:
        return self._valid().get(digest)

    async def page(self, report_id: int, page: Page) -> list[ReportLink]:
        (after,) = page.after or (0,)
        found = [one for one in self._valid().values() if one.report_id == report_id and one.purpose != "delivery"]
        return sorted((one for one in found if one.id > after), key=lambda one: one.id)[: page.size]

    async def record_use(self, link_id: int, at: datetime | None, count: int) -> None:
        self.writes += 1
        self._change(link_id, lambda one: replace(one, use_count=one.use_count + count))
        if at is not None:
            self._change(link_id, lambda one: replace(one, last_use_time=at))

    async def extend(self, link_id: int, expire_time: datetime) -> bool:
        return self._change(link_id, lambda one: replace(one, expire_time=expire_time))

    async def remove(self, owner_id: int | None, link_id: int) -> ReportLink | None:
        for digest, one in self._valid().items():
            if one.id == link_id and owner_id in (None, one.owner_id):
                return self.stored.pop(digest)
        return None

    def _change(self, link_id: int, change: Callable[[ReportLink], ReportLink]) -> bool:
        found = [digest for digest, one in self._valid().items() if one.id == link_id]
        for digest in found:
            self.stored[digest] = change(self.stored[digest])
        return bool(found)

    def _valid(self) -> dict[bytes, ReportLink]:
        return {digest: one for digest, one in self.stored.items() if one.expire_time > self._now()}
