"""Port to stored links to reports."""

from datetime import datetime
from typing import Protocol

from services.generation.domain.paging import Page
from services.generation.sharing.report_link import ReportLink


class ReportLinks(Protocol):
    """Links to reports, each known by the digest of its token (`credentials.digest_of`). Expired ones are gone."""

    async def add(self, link: ReportLink, digest: bytes, limit: int) -> ReportLink | None:
        """Store a link under a new id and return it as stored; None when its report has `limit` shared links.

        Links with other purposes have no limit and count for none; one whose digest is stored already changes nothing.
        Raises NotFound when the owner is being removed.
        """

    async def replace(self, link: ReportLink, digest: bytes) -> bool:
        """Give the link of this id, report and owner a new digest and the other fields; return whether it is there."""

    async def by_digest(self, digest: bytes) -> ReportLink | None:
        """Return the link behind a token."""

    async def page(self, report_id: int, page: Page) -> list[ReportLink]:
        """Return the links of a report by ascending id, without those of deliveries."""

    async def record_use(self, link_id: int, at: datetime | None, count: int) -> None:
        """Add to the uses of a link, and set its last use unless `at` is None."""

    async def extend(self, link_id: int, expire_time: datetime) -> bool:
        """Let a link end later, or earlier; return whether it is there."""

    async def remove(self, owner_id: int | None, link_id: int) -> ReportLink | None:
        """Remove a link of an owner, of any for None, and return it."""
