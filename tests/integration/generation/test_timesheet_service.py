"""Workspaces, what is in them and time entries over a real channel: who may, what comes back, what is refused."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from daybook.timesheet.v1 import timesheet_pb2 as pb
from daybook.timesheet.v1 import timesheet_service_pb2 as service

from services.runtime.errors import failure_of
from tests.integration.generation.services import OPERATOR, Client, Metadata, failure
from tests.integration.generation.studio import MEMBER, OWNER, STRANGER, Studio, basic
from tests.integration.generation.timesheet_services import timesheets_on

ANN, BOB, EVE = basic(OWNER), basic(MEMBER), basic(STRANGER)
NINE = datetime(2026, 1, 5, 9, 0, 0, 250_000, UTC)
THINGS: list[tuple[str, Any]] = [
    ("Clients", pb.Client(name="Big", external_reference="c-1")),
    ("Projects", pb.Project(name="Paint", color="#0b83d9", hourly_rate_cents=0, start_date="2026-02-28")),
    ("Tags", pb.Tag(name="urgent")),
]


@pytest.fixture
async def client(db: Any) -> AsyncIterator[Client]:
    """Give a client of the two services that are asked, which start faster than all."""
    async with timesheets_on(db) as running:
        yield running


@pytest.fixture
async def studio(client: Client) -> Studio:
    """Give a furnished studio."""
    made = Studio(client)
    await made.furnish()
    return made


def entry(studio: Studio, **more: Any) -> pb.TimeEntry:
    made = pb.TimeEntry(**{"user_id": studio.ids["bob"], "seconds": 60} | more)
    made.start_time.FromDatetime(NINE)
    return made


async def call(studio: Studio, name: str, who: Metadata | None = OPERATOR, **more: Any) -> Any:
    """Make a call about the studio's workspace."""
    asked = getattr(service, f"{name}Request")(workspace_id=more.pop("workspace_id", studio.id), **more)
    return await getattr(studio.timesheets, name)(asked, metadata=who)


@pytest.mark.parametrize(("kind", "thing"), THINGS)
async def test_a_thing_is_listed_as_it_was_stored(studio: Studio, kind: str, thing: Any) -> None:
    """For operators and for members; twice the same name is one thing."""
    field, ids = kind.lower(), f"{kind.lower().removesuffix('s')}_ids"
    first = getattr(await call(studio, f"Upsert{kind}", **{field: [thing]}), ids)
    again = getattr(await call(studio, f"Upsert{kind}", **{field: [thing, thing]}), ids)
    thing.id = first[0]

    assert [thing.id] * 2 == list(again)
    for who in (OPERATOR, BOB):
        assert thing == getattr(await call(studio, f"List{kind}", who), field)[-1]


async def test_tasks_and_groups_name_what_is_there(studio: Studio) -> None:
    """A project and members of the same workspace."""
    task = pb.Task(name="Walls", project_id=studio.ids["site"], estimated_seconds=0)
    group = pb.Group(name="All", user_ids=[studio.ids["ann"], studio.ids["bob"]])
    (task.id,) = (await call(studio, "UpsertTasks", tasks=[task])).task_ids
    (group.id,) = (await call(studio, "UpsertGroups", groups=[group])).group_ids

    assert [task] == (await call(studio, "ListTasks", BOB)).tasks
    assert [group] == (await call(studio, "ListGroups", BOB)).groups
    missing = ("NOT_FOUND", "NONEXISTENT_ENTITIES")
    assert missing == await failure(call(studio, "UpsertTasks", tasks=[pb.Task(name="x", project_id=99)]))
    assert missing == await failure(call(studio, "UpsertGroups", groups=[pb.Group(name="x", user_ids=[99])]))


async def test_members_are_listed_in_pages(studio: Studio) -> None:
    """By id; the owner is an admin in the zone of the account."""
    first = await call(studio, "ListMembers", BOB, page_size=1)
    second = await call(studio, "ListMembers", BOB, page_size=1, page_token=first.next_page_token)
    last = await call(studio, "ListMembers", BOB, page_size=1, page_token=second.next_page_token)

    owner = pb.Member(
        user_id=studio.ids["ann"], name=OWNER, email=OWNER, role=pb.Member.ROLE_ADMIN, time_zone="Europe/Berlin"
    )
    assert [owner] == first.members
    assert ["Bob"] == [one.name for one in second.members]
    assert ([], "") == (list(last.members), last.next_page_token)


async def test_entries_are_listed_by_start_in_whole_seconds(studio: Studio) -> None:
    """Running ones too; pages follow one another; deleted ones are gone."""
    rich = entry(studio, project_id=studio.ids["site"], description="a\nb", billable=True, hourly_rate_cents=0)
    running = pb.TimeEntry(user_id=studio.ids["ann"], start_time=rich.start_time, currency_code="EUR")
    stored = await call(studio, "UpsertTimeEntries", time_entries=[rich, running])
    first = await call(studio, "ListTimeEntries", BOB, page_size=1)
    second = await call(studio, "ListTimeEntries", BOB, page_size=1, page_token=first.next_page_token)

    found = [*first.time_entries, *second.time_entries]
    assert (2, list(stored.time_entry_ids)) == (stored.created_count, [one.id for one in found])
    assert [NINE.replace(microsecond=0)] * 2 == [one.start_time.ToDatetime(UTC) for one in found]
    assert ("a\nb", True, 0, False) == (
        found[0].description,
        found[0].billable,
        found[0].hourly_rate_cents,
        running.HasField("seconds"),
    )
    assert [True, False] == [one.HasField("seconds") for one in found]
    deleted = await call(studio, "DeleteTimeEntries", time_entry_ids=[found[0].id, 99])
    assert (1, 1) == (deleted.deleted_count, len((await call(studio, "ListTimeEntries")).time_entries))


async def stream(studio: Studio, *batches: Iterable[pb.TimeEntry], workspace_ids: Iterable[int] = ()) -> Any:
    """Import batches of entries."""
    ids = [*workspace_ids, *[studio.id] * len(batches)]

    async def requests() -> AsyncIterator[service.ImportTimeEntriesRequest]:
        for workspace_id, batch in zip(ids, batches, strict=False):
            yield service.ImportTimeEntriesRequest(workspace_id=workspace_id, time_entries=batch)

    return await studio.timesheets.ImportTimeEntries(requests(), metadata=OPERATOR)


async def test_a_second_import_adds_nothing(studio: Studio) -> None:
    """An entry is known by its import key."""
    batches = [[entry(studio, import_key=f"{batch}-{number}") for number in range(3)] for batch in range(2)]
    first, second = await stream(studio, *batches), await stream(studio, *batches, [entry(studio, import_key="x")])

    assert [(6, 6), (7, 1)] == [(one.received_count, one.created_count) for one in (first, second)]
    assert 0 == (await stream(studio)).received_count


async def test_an_import_that_fails_says_how_far_it_came(studio: Studio) -> None:
    """The batches before the bad one stay stored."""
    good = [entry(studio), entry(studio)]
    for bad, more in (
        ([entry(studio, user_id=99)], {}),
        ([pb.TimeEntry(user_id=studio.ids["bob"])], {}),
        (good, {"workspace_ids": [studio.id, studio.id + 1]}),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stream(studio, good, bad, **more)
        assert {"entries_stored": "2"} == dict(failure_of(caught.value).metadata)

    assert 6 == len((await call(studio, "ListTimeEntries")).time_entries)


async def test_workspaces_are_listed_for_their_members(studio: Studio) -> None:
    """Operators see all, or those of an owner; nobody sees a logo."""
    other = pb.Workspace(name="Other", owner_login=STRANGER, logo=b"\x89PNG\r\n\x1a\n", hourly_rate_cents=4500)
    made = await studio.timesheets.UpsertWorkspace(service.UpsertWorkspaceRequest(workspace=other), metadata=OPERATOR)

    async def listed(who: Metadata, **more: Any) -> list[pb.Workspace]:
        return list(
            (await studio.timesheets.ListWorkspaces(service.ListWorkspacesRequest(**more), metadata=who)).workspaces
        )

    (found,) = await listed(EVE)
    assert (
        pb.Workspace(
            id=made.workspace_id,
            name="Other",
            owner_login=STRANGER,
            currency_code="USD",
            hourly_rate_cents=4500,
            create_time=found.create_time,
        )
        == found
    )
    assert (["Studio"], ["Studio"]) == (
        [one.name for one in await listed(ANN)],
        [one.name for one in await listed(BOB)],
    )
    assert ["Studio", "Other"] == [one.name for one in await listed(OPERATOR)]
    assert [found] == await listed(OPERATOR, owner_login=STRANGER)
    assert ("INVALID_ARGUMENT", "INVALID_PARAMETERS") == await failure(listed(EVE, owner_login=STRANGER))


async def test_a_profile_is_the_person_in_its_workspaces(studio: Studio) -> None:
    """An account of no workspace is itself; an operator is nobody."""

    async def profile(who: Metadata) -> Any:
        return await studio.timesheets.GetProfile(service.GetProfileRequest(), metadata=who)

    bob, eve = await profile(BOB), await profile(EVE)
    assert (studio.ids["bob"], "Bob", MEMBER, "UTC", studio.id) == (
        bob.user_id,
        bob.name,
        bob.email,
        bob.time_zone,
        bob.default_workspace_id,
    )
    assert (eve.account_id, STRANGER, 0) == (eve.user_id, eve.name, eve.default_workspace_id)
    assert ("UNAUTHENTICATED", "WRONG_HASH") == await failure(profile(OPERATOR))


async def test_strangers_see_no_workspace(studio: Studio) -> None:
    """It is answered as one that does not exist, to operators too; somebody who left is a stranger."""
    missing = ("NOT_FOUND", "WORKSPACE_NOT_FOUND")
    for kind in ("Members", "Clients", "TimeEntries"):
        assert missing == await failure(call(studio, f"List{kind}", EVE))
        assert missing == await failure(call(studio, f"List{kind}", workspace_id=99))
    assert missing == await failure(call(studio, "UpsertTags", workspace_id=99, tags=[pb.Tag(name="x")]))
    await studio.put_members(pb.Member(name="Bob", email=MEMBER, inactive=True))
    assert missing == await failure(call(studio, "ListTags", BOB))


async def test_only_operators_write(studio: Studio) -> None:
    """Members and owners do not; nobody does anything without credentials, or with wrong ones."""
    not_one = ("UNAUTHENTICATED", "WRONG_HASH")
    for who in (ANN, BOB, None):
        assert not_one == await failure(call(studio, "UpsertTags", who, tags=[pb.Tag(name="x")]))
        assert not_one == await failure(call(studio, "DeleteTimeEntries", who, time_entry_ids=[1]))
    assert not_one == await failure(call(studio, "ListTags", None))
    assert ("UNAUTHENTICATED", "WRONG_LOGIN") == await failure(call(studio, "ListTags", basic(OWNER, "wrong")))


async def test_what_is_wrong_is_named(studio: Studio) -> None:
    """By its place in the batch, days and moments included."""
    for name, fields, wrong in (
        ("UpsertProjects", {"projects": [pb.Project(name="x", start_date="2026-2-1")]}, "projects[0].start_date"),
        ("UpsertMembers", {"members": [pb.Member(name="x", role=7)]}, "members[0].role"),  # type: ignore[arg-type] # no role
        ("UpsertTimeEntries", {"time_entries": [pb.TimeEntry()]}, "time_entries[0].start_time"),
        ("ListTags", {"page_size": -1}, "page_size"),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(studio, name, **fields)
        assert [wrong] == [one.field for one in failure_of(caught.value).violations]
