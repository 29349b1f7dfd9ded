"""Members of workspaces on a real MongoDB: one id for a person everywhere."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from services.errors import AlreadyExists, NonexistentEntities
from services.generation.domain.paging import Page
from services.generation.store.mongo_accounts import MongoAccounts
from services.generation.store.mongo_timesheets import MongoTimesheets
from services.generation.timetracking.directory import Member, Workspace
from services.generation.words.language import Locale
from tests.builders.people import user

BOB = Member(0, "Bob", "bob@example.org", "admin", "Europe/Rome", active=False, avatar_url="https://example.org/b.png")
OWNER = "Ann@example.org"


@pytest.fixture
def accounts(db: Any) -> MongoAccounts:
    return MongoAccounts(db)


@pytest.fixture
async def timesheets(db: Any, accounts: MongoAccounts) -> MongoTimesheets:
    owner = await accounts.add(user(login=OWNER, locale=Locale(time_zone="Europe/Berlin")), "")
    made = MongoTimesheets(db)
    assert [1, 2] == [await made.put_workspace(Workspace(0, name, owner)) for name in ("one", "two")]
    return made


async def names(timesheets: MongoTimesheets, workspace_id: int) -> list[str]:
    return sorted(one.name for one in await timesheets.member_page(workspace_id, Page(1000)))


async def test_a_workspaces_owner_is_its_admin(timesheets: MongoTimesheets) -> None:
    """The owner's account becomes a member with its own zone, and remains an active admin whatever is stored."""
    owner = Member(1, OWNER, OWNER, "admin", "Europe/Berlin")
    assert [owner] == await timesheets.member_page(1, Page(9))

    await timesheets.put_members(1, [Member(0, "Ann", OWNER.upper(), active=False)])
    kept = Member(1, "Ann", OWNER.upper(), "admin")
    assert [kept] == await timesheets.member_page(1, Page(9))

    (other,) = await timesheets.put_members(1, [replace(kept, email="new@example.org")])
    assert kept.id == other
    assert {OWNER, "new@example.org"} == {one.email for one in await timesheets.member_page(1, Page(9))}


async def test_a_member_comes_back_as_it_went(timesheets: MongoTimesheets) -> None:
    """All its fields are stored; it is found by email, letters' case apart, and by id."""
    (bob,) = await timesheets.put_members(1, [BOB])

    assert replace(BOB, id=bob) == await timesheets.member(1, email="BOB@example.org")
    assert replace(BOB, id=bob) == await timesheets.member(1, user_id=bob)
    assert (None, None) == (await timesheets.member(2, user_id=bob), await timesheets.member(1, email="eve"))
    assert {bob + 1} == await timesheets.missing(1, Member, [1, bob, bob + 1])
    assert [bob] == [one.id for one in await timesheets.member_page(1, Page(9, (1,)))]


async def test_a_person_has_one_id_everywhere(timesheets: MongoTimesheets, accounts: MongoAccounts) -> None:
    """By email; that of an account whose login the email is, and never that of another account."""
    account = await accounts.add(user(login="Eve@Example.org"), "")
    first = await timesheets.put_members(1, [BOB, Member(0, "Eve", "eve@example.org"), replace(BOB, name="Robert")])
    second = await timesheets.put_members(2, [Member(0, "Bobby", BOB.email.upper())])
    later = await accounts.add(user(login="later"), "")

    assert (account, first[0], first[0]) == (first[1], second[0], first[2])
    assert 4 == len({1, account, first[0], later})
    assert (["Eve", "Robert"], ["Bobby"]) == ((await names(timesheets, 1))[1:], (await names(timesheets, 2))[1:])


async def test_people_without_an_email_are_known_by_name(timesheets: MongoTimesheets) -> None:
    """Within their workspace; an email makes somebody else of the same name."""
    (guest,) = await timesheets.put_members(1, [Member(0, "Guest")])
    again = await timesheets.put_members(1, [Member(0, "Guest", time_zone="Asia/Tokyo"), Member(0, "Guest", "g@x")])
    (elsewhere,) = await timesheets.put_members(2, [Member(0, "Guest")])
    found = await timesheets.member(1, user_id=guest)

    assert (guest, 3) == (again[0], len({guest, again[1], elsewhere}))
    assert "Asia/Tokyo" == (found and found.time_zone)


async def test_an_email_can_change(timesheets: MongoTimesheets) -> None:
    """Everywhere at once: the id stays, and the old email is free for somebody else."""
    (bob,) = await timesheets.put_members(1, [BOB])
    await timesheets.put_members(2, [BOB])
    assert [bob] == await timesheets.put_members(1, [replace(BOB, id=bob, email="rob@example.org")])
    moved, (other,) = await timesheets.member(2, user_id=bob), await timesheets.put_members(2, [BOB])

    assert "rob@example.org" == (moved and moved.email)
    assert bob != other
    with pytest.raises(AlreadyExists):
        await timesheets.put_members(1, [replace(BOB, id=bob)])


async def test_ids_of_people_are_not_chosen(timesheets: MongoTimesheets, accounts: MongoAccounts) -> None:
    """A person, or an account under its own login, may be named by id; nobody else."""
    account = await accounts.add(user(login="eve"), "")
    for member in (replace(BOB, id=99), Member(account, "Eve", "not-eve"), Member(account, "Eve")):
        with pytest.raises(NonexistentEntities):
            await timesheets.put_members(1, [member])

    assert [account] == await timesheets.put_members(1, [Member(account, "Eve", "EVE")])
    assert [account] == await timesheets.put_members(2, [Member(account, "Eve", "eve")])


async def test_many_writers_of_the_same_people_make_one_of_each(timesheets: MongoTimesheets) -> None:
    """In one workspace and in two, with and without emails."""
    people = [Member(0, f"m{number}", f"m{number}@x" if number % 2 else "") for number in range(10)]
    outcomes = await asyncio.gather(*(timesheets.put_members(1 + turn % 2, people) for turn in range(8)))

    assert outcomes[0] == outcomes[2] == outcomes[4]
    assert outcomes[0][1::2] == outcomes[1][1::2]
    assert 11 == len(await names(timesheets, 1)) == len(await names(timesheets, 2))
