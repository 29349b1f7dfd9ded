"""Workspaces and the things in them on a real MongoDB."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.errors import AlreadyExists, NotFound
from services.generation.domain.paging import Page
from services.generation.store.mongo_accounts import MongoAccounts
from services.generation.store.mongo_timesheets import MongoTimesheets
from services.generation.timetracking.directory import Client, Group, Member, Project, Tag, Task, Workspace
from services.generation.words.language import Locale
from tests.builders.people import user

SITE = Project(0, "Site", None, "#0b83d9", 5000, "EUR", 7200, 100_000, date(2024, 1, 1), date(2024, 12, 31), "x-1")


@pytest.fixture
async def owner(db: Any) -> int:
    return await MongoAccounts(db).add(user(login="Ann@example.org", locale=Locale(time_zone="Europe/Berlin")), "")


@pytest.fixture
def timesheets(db: Any) -> MongoTimesheets:
    return MongoTimesheets(db)


@pytest.fixture
async def acme(timesheets: MongoTimesheets, owner: int) -> int:
    return await timesheets.put_workspace(Workspace(0, "Acme", owner))


async def test_a_workspace_comes_back_as_it_went(timesheets: MongoTimesheets, owner: int) -> None:
    """All its fields are stored; only a directory has the logo."""
    asked = Workspace(0, "Acme", owner, "EUR", 4500, "https://example.org/logo.png", b"\x89PNG")
    new = await timesheets.put_workspace(asked)
    known = await timesheets.directory(new)
    assert known is not None
    found, plain = known.workspace, replace(known.workspace, logo=b"")

    assert replace(asked, id=new, create_time=found.create_time) == found
    assert found.create_time is not None
    assert plain == await timesheets.workspace(new)
    assert [plain] == await timesheets.workspace_page(Page(10), owner_id=owner, email=None)
    assert await timesheets.workspace(new + 1) is None


async def test_a_workspace_is_its_owners_one_of_that_name(timesheets: MongoTimesheets, owner: int) -> None:
    """Stored again without an id it is replaced, also by many at once; with its id it is renamed."""
    ids = await asyncio.gather(*(timesheets.put_workspace(Workspace(0, "Acme", owner)) for _ in range(8)))
    other = await timesheets.put_workspace(Workspace(0, "Other", owner))
    assert 1 == len(set(ids))
    assert ids[0] == await timesheets.put_workspace(Workspace(ids[0], "New", owner))
    with pytest.raises(AlreadyExists):
        await timesheets.put_workspace(Workspace(other, "New", owner))
    with pytest.raises(NotFound):
        await timesheets.put_workspace(Workspace(other + 1, "Third", owner))
    with pytest.raises(NotFound):
        await timesheets.put_workspace(Workspace(0, "Third", owner + 1))


async def test_workspaces_are_listed_for_whom_they_concern(timesheets: MongoTimesheets, db: Any, owner: int) -> None:
    """All, an owner's, or those with an active member of an email, letters' case apart; in pages."""
    bob = await MongoAccounts(db).add(user(login="bob"), "")
    mine = [await timesheets.put_workspace(Workspace(0, name, owner)) for name in ("a", "b", "c")]
    his = await timesheets.put_workspace(Workspace(0, "a", bob))
    await timesheets.put_members(mine[0], [Member(0, "Bob", "BOB")])
    await timesheets.put_members(mine[1], [Member(0, "Bob", "bob", active=False)])

    async def ids(page: Page, owner_id: int | None = None, email: str | None = None) -> list[int]:
        return [one.id for one in await timesheets.workspace_page(page, owner_id=owner_id, email=email)]

    assert [*mine, his] == await ids(Page(10))
    assert [mine[1:]] == [await ids(Page(2, (mine[0],)), owner)]
    assert [mine[0], his] == await ids(Page(10), email="Bob")
    assert [[his], []] == [await ids(Page(9, (mine[0],)), email="bob"), await ids(Page(9), email="eve")]


@pytest.mark.parametrize(
    "thing", [Client(0, "Big", "c-1"), SITE, Task(0, "Paint", 3, 60), Tag(0, "x"), Group(0, "g", (1, 2))]
)
async def test_a_thing_comes_back_as_it_went(timesheets: MongoTimesheets, acme: int, thing: Any) -> None:
    """All its fields are stored; stored again without an id it is the one of its name."""
    (new,) = await timesheets.put(acme, [thing])
    kind, stored = type(thing), replace(thing, id=new)

    assert [new] == await timesheets.put(acme, [thing])
    assert [stored] == await timesheets.page(acme, kind, Page(10))
    assert ({new: stored}, {}) == (
        await timesheets.some(acme, kind, [new]),
        await timesheets.some(acme + 1, kind, [new]),
    )
    assert {new + 1} == await timesheets.missing(acme, kind, [new, new + 1])


async def test_a_batch_of_things_keeps_its_order(timesheets: MongoTimesheets, acme: int) -> None:
    """Known ones, new ones, ids chosen by hand and the same name twice may be mixed; new ids pass over chosen ones."""
    (first,) = await timesheets.put(acme, [Tag(0, "a")])
    ids = await timesheets.put(acme, [Tag(0, "b"), Tag(3, "c"), Tag(0, "a"), Tag(0, "d"), Tag(0, "b")])

    assert [2, 3, first, 4, 2] == ids
    assert ["a", "b", "c", "d"] == [one.name for one in await timesheets.page(acme, Tag, Page(9))]
    assert [3, 4] == [one.id for one in await timesheets.page(acme, Tag, Page(9, (2,)))]


async def test_names_are_unique_where_they_are_looked_for(timesheets: MongoTimesheets, acme: int) -> None:
    """A project's within its client, a task's within its project; a workspace knows nothing of another's."""
    projects = await timesheets.put(acme, [SITE, replace(SITE, client_id=1), replace(SITE, client_id=2)])
    tasks = await timesheets.put(acme, [Task(0, "Paint", projects[0]), Task(0, "Paint", projects[1])])
    tags = [*await timesheets.put(acme, [Tag(0, "x")]), *await timesheets.put(acme + 1, [Tag(0, "x")])]

    assert (3, 2, 2) == (len(set(projects)), len(set(tasks)), len(set(tags)))
    with pytest.raises(AlreadyExists):
        await timesheets.put(acme, [replace(SITE, id=projects[0], client_id=1)])
    with pytest.raises(AlreadyExists):
        await timesheets.put(acme + 1, [Tag(tags[0], "y")])
    assert ["x"] == [one.name for one in await timesheets.page(acme, Tag, Page(9))]


async def test_many_writers_of_the_same_names_make_one_of_each(timesheets: MongoTimesheets, acme: int) -> None:
    """Whoever comes second finds what the first stored."""
    batch = [Client(0, f"c{number}") for number in range(20)]
    outcomes = await asyncio.gather(*(timesheets.put(acme, batch[number:] + batch[:number]) for number in range(8)))

    assert 20 == len(await timesheets.page(acme, Client, Page(100))) == len({one for ids in outcomes for one in ids})
    assert all(outcomes[0] == ids[-number:] + ids[:-number] for number, ids in enumerate(outcomes) if number)


async def test_a_directory_is_everything_by_id(timesheets: MongoTimesheets, acme: int) -> None:
    """It holds the logo too; there is none of a workspace that does not exist."""
    (client,) = await timesheets.put(acme, [Client(0, "Big")])
    (project,) = await timesheets.put(acme, [replace(SITE, client_id=client)])
    (task,) = await timesheets.put(acme, [Task(0, "Paint", project)])
    (tag,) = await timesheets.put(acme, [Tag(0, "x")])
    (member,) = await timesheets.put_members(acme, [Member(0, "Bob", "bob")])
    (group,) = await timesheets.put(acme, [Group(0, "g", (member,))])
    found = await timesheets.directory(acme)
    assert found is not None

    assert replace(SITE, id=project, client_id=client) == found.projects[project]
    assert ("Big", "Paint", "x") == (found.clients[client].name, found.tasks[task].name, found.tags[tag].name)
    assert (Group(group, "g", (member,)), "Bob") == (found.groups[group], found.members[member].name)
    assert ("Acme", 2) == (found.workspace.name, len(found.members))
    assert await timesheets.directory(acme + 1) is None
