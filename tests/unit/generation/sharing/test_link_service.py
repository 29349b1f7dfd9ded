"""Life of links: settings, limits, replacement, list, deletion, links of the service itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.errors import DemoAccount, InvalidParameters, NotFound, NotNow, TooMuch
from services.errors.reports import ReportFailed
from services.generation.accounts.authentication import Principal
from services.generation.accounts.credentials import digest_of
from services.generation.domain.paging import Page
from services.generation.sharing.link_service import MAX_LINKS, MAX_NAME, LinkService
from services.generation.sharing.report_link import LinkSettings
from tests.builders.link_services import EXPIRES, OWNER, SUB, LinkWorld
from tests.builders.people import NOON
from tests.contracts.report_links import WINDOW

PLAIN = LinkSettings()
ALL = Page(100)


@pytest.fixture
def world() -> LinkWorld:
    return LinkWorld()


@pytest.fixture
def service(world: LinkWorld) -> LinkService:
    return world.service


async def test_a_token_is_stored_as_its_digest_alone(world: LinkWorld) -> None:
    """It has 128 random bits, and is never the same."""
    tokens = [(await world.service.create(OWNER, 7, PLAIN)).token for _ in range(3)]

    assert 3 == len(set(tokens))
    assert {digest_of(one) for one in tokens} == set(world.links.stored)
    assert all(one not in repr(world.links.stored) and 32 == len(one) for one in tokens)


async def test_a_link_ends_after_a_week_or_when_its_owner_says(service: LinkService) -> None:
    """But never later than its report."""
    wanted = [None, NOON + timedelta(hours=1), EXPIRES + timedelta(days=1)]
    made = [await service.create(OWNER, 7, LinkSettings(expire_time=one)) for one in wanted]

    assert [NOON + timedelta(days=7), wanted[1], EXPIRES] == [one.link.expire_time for one in made]


async def test_a_link_has_the_settings_that_were_chosen(service: LinkService) -> None:
    """They are listed."""
    made = await service.create(OWNER, 7, LinkSettings("For Ann", ("pdf",), with_map=True))
    listed = await service.page(Principal(OWNER), 7, ALL)

    assert [made.link] == listed
    assert ("For Ann", ("pdf",), True, 7, 1) == (
        listed[0].name, listed[0].formats, listed[0].with_map, listed[0].report_id, listed[0].owner_id,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "settings"),
    [
        ("name", LinkSettings("a" * (MAX_NAME + 1))),
        ("name", LinkSettings("a\nb")),
        ("expire_time", LinkSettings(expire_time=NOON)),
    ],
)
async def test_wrong_settings_are_named(service: LinkService, field: str, settings: LinkSettings) -> None:
    """With what would be right."""
    with pytest.raises(InvalidParameters) as caught:
        await service.create(OWNER, 7, settings)
    assert [field] == [one.field for one in caught.value.violations]


@pytest.mark.parametrize(
    ("state", "error"), [("running", NotNow), ("failed", ReportFailed), ("cancelled", ReportFailed)]
)
async def test_only_a_finished_report_has_links(world: LinkWorld, state: str, error: type[Exception]) -> None:
    """Another says why not."""
    world.reports.change(7, state=state)
    with pytest.raises(error):
        await world.service.create(OWNER, 7, PLAIN)


@pytest.mark.parametrize("report_id", [8, 9])
async def test_a_foreign_report_is_like_a_missing_one(service: LinkService, report_id: int) -> None:
    """That of a sub-user is foreign to its master, too."""
    with pytest.raises(NotFound):
        await service.create(OWNER, report_id, PLAIN)
    with pytest.raises(NotFound):
        await service.page(Principal(OWNER), report_id, ALL)


async def test_the_twenty_first_link_of_a_report_is_refused(service: LinkService) -> None:
    """Until one is deleted."""
    made = [await service.create(OWNER, 7, PLAIN) for _ in range(MAX_LINKS)]
    with pytest.raises(TooMuch):
        await service.create(OWNER, 7, PLAIN)
    await service.delete(Principal(OWNER), made[0].link.id)
    await service.create(OWNER, 7, PLAIN)


async def test_a_new_token_replaces_the_old_one(world: LinkWorld) -> None:
    """Under the same id; the link of another report, or of another user, is not found."""
    old = await world.service.create(OWNER, 7, PLAIN)
    new = await world.service.create(OWNER, 7, LinkSettings("New"), old.link.id)

    assert old.link.id == new.link.id
    assert [digest_of(new.token)] == list(world.links.stored)
    for who, report_id in ((SUB, 8), (OWNER, 8)):
        with pytest.raises(NotFound):
            await world.service.create(who, report_id, PLAIN, old.link.id)


async def test_a_link_is_deleted_by_its_owner_or_an_operator(service: LinkService) -> None:
    """For all others it is missing; a demo account deletes nothing."""
    first, second = [await service.create(OWNER, 7, PLAIN) for _ in range(2)]
    with pytest.raises(NotFound):
        await service.delete(Principal(SUB), first.link.id)
    with pytest.raises(DemoAccount):
        await service.delete(Principal(replace(OWNER, demo=True)), first.link.id)
    await service.delete(Principal(OWNER), first.link.id)
    await service.delete(Principal(None, operator=True), second.link.id)

    assert [] == await service.page(Principal(OWNER), 7, ALL)


async def test_the_service_makes_links_of_its_own(service: LinkService) -> None:
    """Without a limit; those that were mailed are listed, and one can be made to end at another moment."""
    ends = NOON + timedelta(minutes=1)
    deliveries = [await service.issue(1, 7, ends) for _ in range(MAX_LINKS + 1)]
    mailed = await service.issue(1, 7, ends, "mailed")
    over_time = await service.issue(1, WINDOW, ends, "mailed")
    await service.extend(deliveries[0].link.id, NOON + timedelta(minutes=2))
    await service.end(deliveries[1].link.id)

    assert [mailed.link] == await service.page(Principal(OWNER), 7, ALL)
    assert (0, WINDOW) == (over_time.link.report_id, over_time.link.window)
    with pytest.raises(NotFound):
        await service.extend(deliveries[1].link.id, ends)
    await service.end(deliveries[1].link.id)
