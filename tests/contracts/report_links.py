"""Contract of the port ReportLinks."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.generation.domain.paging import Page
from services.generation.sharing.link_store import ReportLinks
from services.generation.sharing.report_link import ReportLink
from services.generation.timetracking.time_report import SavedWindow

FIRST, SECOND, THIRD = (bytes([number]) * 32 for number in range(3))
WINDOW = SavedWindow(3, 4, date(2026, 1, 1), date(2026, 1, 31))


def moment(days: float = 0) -> datetime:
    """Return a moment from now, to the millisecond that the store keeps."""
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)


def link(**changes: object) -> ReportLink:
    """Return a shared link of user 1 to report 7 that ends tomorrow; keywords change its fields."""
    return replace(ReportLink(1, moment(), moment(1), report_id=7), **changes)  # type: ignore[arg-type] # fields by name


async def added(links: ReportLinks, digest: bytes, limit: int = 20, **changes: object) -> ReportLink:
    """Store a link that finds its place and return it."""
    stored = await links.add(link(**changes), digest, limit)
    assert stored is not None
    return stored


class ReportLinksContract:
    """Rules of the port. A subclass gives `links`, empty."""

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"name": "For Ann", "formats": ("pdf", "xlsx"), "with_map": True},
            {"report_id": 0, "window": WINDOW, "purpose": "mailed"},
            {"purpose": "delivery"},
        ],
    )
    async def test_a_stored_link_is_found_by_its_digest_with_all_its_fields(
        self, links: ReportLinks, changes: dict[str, object]
    ) -> None:
        """And by no other digest."""
        wanted = link(**changes)
        stored = await links.add(wanted, FIRST, 20)
        assert stored is not None
        assert replace(wanted, id=stored.id) == stored == await links.by_digest(FIRST)
        assert await links.by_digest(SECOND) is None

    async def test_the_links_of_a_report_are_listed_by_ascending_id(self, links: ReportLinks) -> None:
        """Those that were mailed too, each token once, and none of another report or of a delivery."""
        first = await added(links, FIRST)
        await added(links, b"o" * 32, report_id=8)
        await added(links, b"d" * 32, purpose="delivery")
        second = await added(links, SECOND, purpose="mailed")
        await added(links, SECOND, purpose="mailed")

        assert [first, second] == await links.page(7, Page(10))
        assert [first] == await links.page(7, Page(1))
        assert [second] == await links.page(7, Page(10, (first.id,)))

    async def test_a_report_has_as_many_shared_links_as_the_limit_says(self, links: ReportLinks) -> None:
        """Also when they are made at once; others do not count, and a deleted one leaves its place."""
        await added(links, b"m" * 32, purpose="mailed")
        outcomes = await asyncio.gather(*(links.add(link(), bytes([n]) * 32, 3) for n in range(1, 6)))
        stored = [one for one in outcomes if one is not None]

        assert 3 == len(stored)
        assert await links.add(link(report_id=8), b"o" * 32, 3) is not None
        assert await links.add(link(purpose="delivery"), b"d" * 32, 3) is not None
        await links.remove(1, stored[0].id)
        assert await links.add(link(), b"n" * 32, 3) is not None

    async def test_an_expired_link_is_gone(self, links: ReportLinks) -> None:
        """Whether the store has deleted it or not; its place is free."""
        gone = await added(links, FIRST, 1, expire_time=moment(-1))

        assert await links.by_digest(FIRST) is None
        assert [] == await links.page(7, Page(10))
        assert not await links.extend(gone.id, moment(1))
        assert await links.remove(1, gone.id) is None
        assert await links.add(link(), SECOND, 1) is not None

    async def test_a_replaced_link_has_a_new_token_and_the_new_settings(self, links: ReportLinks) -> None:
        """It keeps its id and its place; its old token is unknown, and its uses begin again."""
        stored = await added(links, FIRST, 1, name="Old")
        await links.record_use(stored.id, moment(), 1)
        wanted = link(id=stored.id, name="New", expire_time=moment(2))

        assert await links.replace(wanted, SECOND)
        assert await links.by_digest(FIRST) is None
        assert wanted == await links.by_digest(SECOND)
        assert await links.add(link(), THIRD, 1) is None

    @pytest.mark.parametrize("changes", [{"owner_id": 2}, {"report_id": 8}, {"id": 10**9}])
    async def test_a_link_is_replaced_by_its_owner_for_its_report_alone(
        self, links: ReportLinks, changes: dict[str, object]
    ) -> None:
        """Else nothing changes."""
        stored = await added(links, FIRST)

        assert not await links.replace(replace(stored, **changes), SECOND)  # type: ignore[arg-type] # fields by name
        assert stored == await links.by_digest(FIRST)

    async def test_uses_are_counted(self, links: ReportLinks) -> None:
        """The last use is set where it is given."""
        stored, at = await added(links, FIRST), moment()
        await links.record_use(stored.id, at, 1)
        await links.record_use(stored.id, None, 1)

        assert replace(stored, use_count=2, last_use_time=at) == await links.by_digest(FIRST)

    async def test_a_link_can_end_at_another_moment(self, links: ReportLinks) -> None:
        """Later, or at once."""
        stored = await added(links, FIRST)

        assert await links.extend(stored.id, moment(5))
        assert moment(4) < (await links.by_digest(FIRST) or stored).expire_time
        assert await links.extend(stored.id, moment(-1))
        assert await links.by_digest(FIRST) is None

    async def test_a_link_is_removed_by_its_owner(self, links: ReportLinks) -> None:
        """Or by operators; it is removed once."""
        first, second = await added(links, FIRST), await added(links, SECOND)

        assert await links.remove(2, first.id) is None
        assert first == await links.remove(1, first.id)
        assert second == await links.remove(None, second.id)
        assert await links.remove(1, first.id) is None
        assert [] == await links.page(7, Page(10))
