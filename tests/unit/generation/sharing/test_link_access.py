"""Reports that tokens open, ends of tokens, and the limit of wrong ones by address."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.errors import NotFound, TooMuch
from services.generation.sharing.link_access import MISSES_PER_ADDRESS, OpenedLink
from services.generation.sharing.report_link import LinkSettings, NewLink
from services.generation.timetracking.saved_report_service import Opened
from services.generation.timetracking.time_report import SavedWindow
from tests.builders.link_services import EXPIRES, OWNER, SUB, LinkWorld
from tests.builders.people import NOON
from tests.builders.saved_report_service import ANN, TOKEN, saved

HERE, THERE = "192.0.2.1", "192.0.2.2"
WINDOW = SavedWindow(1, 1, date(2026, 1, 1), date(2026, 1, 31))


@pytest.fixture
def world() -> LinkWorld:
    return LinkWorld()


async def linked(world: LinkWorld) -> NewLink:
    return await world.service.create(OWNER, 7, LinkSettings())


async def shown(world: LinkWorld, token: str, address: str = HERE) -> OpenedLink | None:
    return await world.access.shown(f"Link {token}", address)


async def test_a_token_opens_its_report(world: LinkWorld) -> None:
    """In either letters' case, as a header and by itself."""
    made = await linked(world)
    for token in (made.token, made.token.upper()):
        by_header, by_itself = await shown(world, token), await world.access.opened(token, HERE)

        assert by_header
        assert isinstance(by_itself, OpenedLink)
        assert (7, OWNER) == (by_itself.report and by_itself.report.id, by_itself.owner)
        assert (7, OWNER) == (by_header.report and by_header.report.id, by_header.owner)


@pytest.mark.parametrize("header", [None, "", "NVX " + "0" * 32, "Bearer secret", "Basic x"])
async def test_headers_of_other_schemes_are_no_links(world: LinkWorld, header: str | None) -> None:
    """They count as no miss."""
    for _ in range(MISSES_PER_ADDRESS + 1):
        assert await world.access.shown(header, HERE) is None


@pytest.mark.parametrize("token", ["", "0" * 32, "0" * 31, "z" * 32, "0" * 10_000, "../../etc"])
async def test_a_token_that_nobody_made_opens_nothing(world: LinkWorld, token: str) -> None:
    """However it looks."""
    with pytest.raises(NotFound):
        await world.access.opened(token, HERE)
    with pytest.raises(NotFound):
        await shown(world, token)


async def test_a_link_ends_at_its_moment(world: LinkWorld) -> None:
    """And not before."""
    made = await linked(world)
    world.clock.seconds = timedelta(days=7).total_seconds() - 1
    assert await shown(world, made.token)
    world.clock.seconds += 1
    with pytest.raises(NotFound):
        await shown(world, made.token)


async def test_a_deleted_report_ends_its_links(world: LinkWorld) -> None:
    """At once."""
    made = await linked(world)
    await world.reports.remove(1, 7)
    with pytest.raises(NotFound):
        await shown(world, made.token)


async def test_an_owner_without_the_right_ends_its_links(world: LinkWorld) -> None:
    """They work again when the right comes back; an owner who is gone ends them for good."""
    made = await world.service.create(SUB, 8, LinkSettings())
    world.change(SUB, rights=frozenset())
    with pytest.raises(NotFound):
        await shown(world, made.token)
    world.change(SUB)
    assert await shown(world, made.token)
    del world.accounts.users[SUB.id]
    with pytest.raises(NotFound):
        await world.access.opened(made.token, HERE)


async def test_thirty_misses_of_an_address_in_a_minute_are_the_limit(world: LinkWorld) -> None:
    """By header and by itself together; a good token, and another address, are still answered."""
    made = await linked(world)
    for place in range(MISSES_PER_ADDRESS):
        with pytest.raises(NotFound):
            await (shown(world, "0" * 32) if place % 2 else world.access.opened("0" * 32, HERE))

    for asking in (shown(world, "1" * 32), world.access.opened("1" * 32, HERE)):
        with pytest.raises(TooMuch) as caught:
            await asking
        assert caught.value.retry_after_s
    with pytest.raises(NotFound):
        await shown(world, "0" * 32, THERE)
    assert await shown(world, made.token)
    assert isinstance(await world.access.opened(made.token, HERE), OpenedLink)


async def test_each_opening_is_counted_and_the_last_use_is_written_once_an_hour(world: LinkWorld) -> None:
    """A header is a use within the page that was opened: it writes the last use alone."""
    made = await linked(world)
    for _ in range(3):
        await world.access.opened(made.token, HERE)
        await shown(world, made.token)
        await world.access.opened(made.token, HERE, is_use=False)
    world.clock.seconds = 3_600
    await shown(world, made.token)
    (link,) = world.links.stored.values()

    assert (3, NOON + timedelta(hours=1)) == (link.use_count, link.last_use_time)
    assert 4 == world.links.writes


async def test_a_delivery_is_no_page(world: LinkWorld) -> None:
    """Its token is good as a header, opens nothing by itself, counts for its owner's account and is not written."""
    made = await world.service.issue(1, 7, EXPIRES)
    opened, other = await shown(world, made.token), await shown(world, (await linked(world)).token)

    assert opened
    assert other
    assert (1, None) == (opened.account_id, other.account_id)
    with pytest.raises(NotFound):
        await world.access.opened(made.token, HERE)
    assert 1 == world.links.writes  # of the other


async def test_a_link_over_a_saved_report_shows_its_owners_view(world: LinkWorld) -> None:
    """Also of a private one, without addresses of members; it ends with the saved report."""
    world.save(saved())
    made = await world.service.issue(1, WINDOW, EXPIRES, "mailed")
    opened = await shown(world, made.token)

    assert opened
    assert opened.saved
    assert (saved(), ANN, "recipient", False) == (
        opened.saved.report, opened.saved.owner, opened.saved.reader, opened.saved.shows_emails,
    )  # fmt: skip
    await world.saved.delete([1], datetime.now(UTC))
    with pytest.raises(NotFound):
        await shown(world, made.token)


async def test_a_published_token_opens_a_public_saved_report(world: LinkWorld) -> None:
    """By itself alone: as a header it opens nothing. A private one is like an unknown one."""
    world.save(saved(public=True))
    opened = await world.access.opened(TOKEN, HERE)

    assert isinstance(opened, Opened)
    assert ("Mine", "stranger") == (opened.report.name, opened.reader)
    with pytest.raises(NotFound):
        await shown(world, TOKEN)
    world.save(saved())
    with pytest.raises(NotFound):
        await world.access.opened(TOKEN, HERE)
