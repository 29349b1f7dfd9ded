"""Inputs of workspaces over a real channel: access, what comes back, what is refused."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from daybook.account.v1.account_service_pb2 import (
    RIGHT_REPORTS,
    RIGHT_TRACKER_CONFIGURE,
    CreateUserRequest,
    GetProfileRequest,
)
from daybook.input.v1 import workspace_pb2 as pb
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.input.v1.input_service_pb2 import DeleteRequest
from daybook.report.v1.locale_pb2 import MEASUREMENT_SYSTEM_US
from daybook.report.v1.report_pb2 import GEOCODER_OFFLINE

from tests.builders.time_entries import changed
from tests.integration.generation.input_services import inputs_on
from tests.integration.generation.services import OPERATOR, Client, Metadata, failure
from tests.integration.generation.studio import MEMBER, OWNER, STRANGER, Studio, basic

ANN, BOB, EVE = basic(OWNER), basic(MEMBER), basic(STRANGER)
NINE = datetime(2026, 1, 5, 9, 0, 0, 250_000, UTC)
MISSING = ("NOT_FOUND", "WORKSPACE_NOT_FOUND")
WRONG_KIND = ("PERMISSION_DENIED", "WRONG_CREDENTIALS")


@pytest.fixture
async def client(db: Any) -> AsyncIterator[Client]:
    """Give a client of the two services that are needed, which start faster than all."""
    async with inputs_on(db) as running:
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


async def refusals(studio: Studio, **records: Any) -> list[tuple[int, str]]:
    """Return the positions and fields of the records that are refused."""
    return [(one.index, one.field) for one in (await studio.put(**records)).refusals]


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        ("clients", pb.Client(name="Big", external_reference="c-1")),
        ("projects", pb.Project(name="Paint", color="#0b83d9", hourly_rate_cents=0, start_date="2026-02-28")),
        ("tags", pb.Tag(name="urgent")),
    ],
)
async def test_a_record_is_listed_as_it_was_stored(studio: Studio, kind: str, record: Any) -> None:
    """For operators and for members, who see no money; twice the same name is one record."""
    first = (await studio.put(**{kind: [record]})).ids
    again = await studio.put(**{kind: [record, record]})
    stored = changed(record, id=first[0])

    assert ([*first, *first], 0, 2) == (again.ids, again.stored_count, again.unchanged_count)
    for who, hidden in ((OPERATOR, ()), (BOB, ("hourly_rate_cents",))):
        listed = (await studio.listed(kind, who))[-1]
        stamps = [name for name in ("create_time", "update_time") if listed.DESCRIPTOR.fields_by_name.get(name)]
        seen = changed(stored, **dict.fromkeys(name for name in hidden if name in stored.DESCRIPTOR.fields_by_name))
        assert seen == changed(listed, **dict.fromkeys(stamps))


async def test_tasks_and_groups_name_what_is_there(studio: Studio) -> None:
    """A project and members of the same workspace."""
    task = pb.ProjectTask(name="Walls", project_id=studio.ids["site"], estimated_seconds=0)
    group = pb.Group(name="All", user_ids=[studio.ids["ann"], studio.ids["bob"]])
    (task.id,) = (await studio.put(project_tasks=[task])).ids
    (group.id,) = (await studio.put(groups=[group])).ids

    assert [task] == await studio.listed("project_tasks", BOB)
    assert [group] == await studio.listed("groups", BOB)
    assert [(0, "project_id")] == await refusals(studio, project_tasks=[pb.ProjectTask(name="x", project_id=99)])
    assert [(0, "user_ids")] == await refusals(studio, groups=[pb.Group(name="x", user_ids=[99])])


async def test_members_are_listed_by_id(studio: Studio) -> None:
    """The owner is an admin in the zone of the account."""
    ann, bob = await studio.listed("members", BOB)

    assert ann == pb.Member(
        user_id=studio.ids["ann"], name=OWNER, email=OWNER, role=pb.Member.ROLE_ADMIN, time_zone="Europe/Berlin"
    )
    assert ("Bob", pb.Member.ROLE_MEMBER) == (bob.name, bob.role)
    assert [bob] == await studio.listed("members", text="BOB")


async def test_entries_are_listed_by_start_in_whole_seconds(studio: Studio) -> None:
    """Running ones too; deleted ones are gone."""
    rich = entry(studio, project_id=studio.ids["site"], description="a\nb", billable=True, hourly_rate_cents=0)
    running = pb.TimeEntry(user_id=studio.ids["ann"], start_time=rich.start_time, currency_code="EUR")
    stored = await studio.put(time_entries=[rich, running])
    found = await studio.listed("time_entries", BOB)

    assert (2, list(stored.ids)) == (stored.stored_count, [one.id for one in found])
    assert [NINE.replace(microsecond=0)] * 2 == [one.start_time.ToDatetime(UTC) for one in found]
    assert ("a\nb", True, 0) == (found[0].description, found[0].billable, found[0].hourly_rate_cents)
    assert [True, False] == [one.HasField("seconds") for one in found]
    request = DeleteRequest(kind="time_entries", workspace_id=studio.id, ids=[found[0].id, 99], allow_missing=True)
    assert 1 == (await studio.client.inputs.Delete(request, metadata=OPERATOR)).deleted_count
    assert 1 == len(await studio.listed("time_entries"))


async def test_a_second_import_adds_nothing(studio: Studio) -> None:
    """An entry is known by its import key."""
    batch = [entry(studio, import_key=str(number)) for number in range(6)]
    first, second = await studio.put(time_entries=batch), await studio.put(time_entries=[*batch, entry(studio)])

    assert [(6, 0), (1, 6)] == [(one.stored_count, one.unchanged_count) for one in (first, second)]
    assert first.ids == second.ids[:6]


async def test_workspaces_are_listed_for_their_members(studio: Studio) -> None:
    """Operators see all, or those of an owner; nobody sees a logo."""
    other = pb.Workspace(name="Other", logo=b"\x89PNG\r\n\x1a\n", hourly_rate_cents=4500)
    (new,) = (await studio.client.upsert(STRANGER, workspaces=[other])).ids

    async def listed(who: Metadata, **more: Any) -> list[Any]:
        return await studio.client.listed(who, "workspaces", **more)

    (found,) = await listed(EVE)
    assert (new, STRANGER, "USD", 4500, b"") == (
        found.id,
        found.owner_login,
        found.currency_code,
        found.hourly_rate_cents,
        found.logo,
    )
    assert found.HasField("create_time")
    assert [["Studio"]] * 2 == [[one.name for one in await listed(who)] for who in (ANN, BOB)]
    assert ["Studio", "Other"] == [one.name for one in await listed(OPERATOR)]
    assert [found] == await listed(OPERATOR, owner_login=STRANGER) == await listed(OPERATOR, ids=[new])
    assert [] == await listed(BOB, ids=[new])
    assert ("INVALID_ARGUMENT", "INVALID_PARAMETERS") == await failure(listed(EVE, owner_login=STRANGER))


async def test_a_workspace_is_its_owners_one_of_that_name(studio: Studio) -> None:
    """With its id it is renamed; ids of other owners, unknown ones and names of others are refused."""
    upsert = studio.client.upsert
    (other,) = (await upsert(OWNER, workspaces=[pb.Workspace(name="Other")])).ids
    assert [studio.id] == (await upsert(OWNER, workspaces=[pb.Workspace(name="Studio")])).ids
    assert [other] == (await upsert(OWNER, workspaces=[pb.Workspace(id=other, name="New")])).ids
    for owner, record, field in (
        (OWNER, pb.Workspace(id=other, name="Studio"), "name"),
        (OWNER, pb.Workspace(id=99, name="x"), "id"),
        (STRANGER, pb.Workspace(id=other, name="x"), "id"),
    ):
        assert [field] == [one.field for one in (await upsert(owner, workspaces=[record])).refusals]
    assert ("NOT_FOUND", "ENTITY_NOT_FOUND") == await failure(upsert("nobody", workspaces=[pb.Workspace(name="x")]))


async def test_a_profile_is_the_person_in_its_workspaces(studio: Studio) -> None:
    """An account of no workspace is itself; operators have no profile."""

    async def profile(who: Metadata) -> Any:
        return await studio.client.accounts.GetProfile(GetProfileRequest(), metadata=who)

    bob, eve = await profile(BOB), await profile(EVE)
    assert (studio.ids["bob"], "Bob", MEMBER, "UTC", studio.id) == (
        bob.user_id,
        bob.name,
        bob.email,
        bob.time_zone,
        bob.default_workspace_id,
    )
    assert (eve.account_id, STRANGER, 0) == (eve.user_id, eve.name, eve.default_workspace_id)
    assert WRONG_KIND == await failure(profile(OPERATOR))


async def test_strangers_see_no_workspace(studio: Studio) -> None:
    """It is answered as one that does not exist, to operators too; a member who left is a stranger."""
    for kind in ("members", "clients", "time_entries"):
        assert MISSING == await failure(studio.listed(kind, EVE))
        assert MISSING == await failure(studio.listed(kind, workspace_id=99))
    assert MISSING == await failure(studio.client.upsert(99, tags=[pb.Tag(name="x")]))
    await studio.put(members=[pb.Member(name="Bob", email=MEMBER, inactive=True)])
    assert MISSING == await failure(studio.listed("tags", BOB))


async def test_only_operators_write(studio: Studio) -> None:
    """Members and owners do not; nobody does anything without credentials, or with wrong ones."""
    unsigned = ("UNAUTHENTICATED", "WRONG_HASH")
    request = DeleteRequest(kind="time_entries", workspace_id=studio.id, ids=[1])
    for who, expected in ((ANN, WRONG_KIND), (BOB, WRONG_KIND), (None, unsigned)):
        assert expected == await failure(studio.put(who, tags=[pb.Tag(name="x")]))
        assert expected == await failure(studio.client.inputs.Delete(request, metadata=who))
    assert unsigned == await failure(studio.listed("tags", None))
    assert ("UNAUTHENTICATED", "WRONG_LOGIN") == await failure(studio.listed("tags", basic(OWNER, "wrong")))


@pytest.mark.parametrize("owner", ["Straße@example.com", "ann@example.com"])
async def test_nobody_becomes_another_by_spelling(client: Client, owner: str) -> None:
    """A login in another spelling is taken, and an account that is no member by id is a stranger."""
    await client.accounts.CreateUser(CreateUserRequest(login=owner, password="secret"), metadata=OPERATOR)
    (workspace,) = (await client.upsert(owner, workspaces=[pb.Workspace(name="Studio")])).ids
    for login in (owner.upper(), f" {owner}", f"{owner} ", owner.casefold(), owner.replace("example", "\uff45xample")):
        asked = CreateUserRequest(login=login, password="Other-pass1!")
        assert ("ALREADY_EXISTS", "ALREADY_EXISTS") == await failure(
            client.accounts.CreateUser(asked, metadata=OPERATOR)
        )
        listing = client.listed(basic(login, "Other-pass1!"), "members", workspace_id=workspace)
        assert ("UNAUTHENTICATED", "WRONG_LOGIN") == await failure(listing)
        assert 1 == len(await client.listed(basic(login), "members", workspace_id=workspace))


async def test_a_profile_tells_what_the_account_has_and_may(client: Client) -> None:
    """A sub-user sees the trackers of its master account, and has its own rights alone; a role is of a workspace."""
    settings = {"time_zone": "Asia/Tokyo", "locale": "ru_RU", "measurement_system": "MEASUREMENT_SYSTEM_US"}
    for asked in (
        CreateUserRequest(login="boss", password="secret", demo=True, **settings),
        CreateUserRequest(login="sub", password="secret", master_login="boss", rights=[RIGHT_REPORTS]),
    ):
        await client.accounts.CreateUser(asked, metadata=OPERATOR)
    await client.upsert("boss", trackers=[Tracker(label="One"), Tracker(label="Two")])
    names, roles = ("First", "Second"), (pb.Member.ROLE_ADMIN, pb.Member.ROLE_MEMBER)
    ids = (await client.upsert("boss", workspaces=[pb.Workspace(name=name) for name in names])).ids
    for place, role in zip(ids, roles, strict=True):
        member = pb.Member(name="Sub", email="sub", time_zone="Europe/Berlin", role=role)
        await client.upsert(place, members=[member])
    boss, sub = [
        await client.accounts.GetProfile(GetProfileRequest(), metadata=basic(login)) for login in ("boss", "sub")
    ]

    assert ("Asia/Tokyo", "ru_RU", MEASUREMENT_SYSTEM_US, True, 0) == (
        boss.time_zone, boss.locale, boss.measurement_system, boss.demo, boss.master_id,
    )  # fmt: skip
    assert ([RIGHT_REPORTS, RIGHT_TRACKER_CONFIGURE], GEOCODER_OFFLINE) == (list(boss.rights), boss.geocoder)
    assert (timedelta(days=90), 1000, 5, 30) == (
        boss.limits.max_span.ToTimedelta(), boss.limits.max_entities,
        boss.limits.reports_in_progress, boss.limits.days_kept,
    )  # fmt: skip
    assert (boss.account_id, [RIGHT_REPORTS], 2, "UTC", "Europe/Berlin") == (
        sub.master_id, list(sub.rights), sub.tracker_count, sub.time_zone, sub.member_time_zone,
    )  # fmt: skip
    assert (boss.account_id, "boss", True) == (sub.master.account_id, sub.master.name, sub.master.demo)
    assert (False, timedelta(days=31)) == (boss.HasField("master"), boss.limits.max_stats_span.ToTimedelta())
    assert [*zip(ids, names, roles, strict=True)] == [(one.id, one.name, one.role) for one in sub.workspaces]


async def test_a_person_gets_an_account_later(studio: Studio) -> None:
    """It is found by its email once, in any spelling, and keeps its id; others stay strangers."""
    (dora,) = (await studio.put(members=[pb.Member(name="Dora", email="straße@example.org")])).ids
    asked = CreateUserRequest(login="STRASSE@example.org", password="secret")
    made = await studio.client.accounts.CreateUser(asked, metadata=OPERATOR)
    who = basic("strasse@example.org")
    profile = await studio.client.accounts.GetProfile(GetProfileRequest(), metadata=who)

    assert (dora, made.user_id, "Dora", studio.id) == (
        profile.user_id, profile.account_id, profile.name, profile.default_workspace_id,
    )  # fmt: skip
    assert [] == await studio.listed("tags", who)
    await studio.put(members=[pb.Member(user_id=dora, name="Dora", email="Straße@Example.org", inactive=True)])
    assert MISSING == await failure(studio.listed("tags", who))


@pytest.mark.parametrize("login", ["a\u200bnn@x", "\u202eann@x", "ann\xad@x", "ann\x1b@x", "ann\u2028@x", "\ue000@x"])
async def test_invisible_characters_are_refused(studio: Studio, login: str) -> None:
    """In the logins of accounts and in the emails of members."""
    made = studio.client.accounts.CreateUser(CreateUserRequest(login=login, password="secret"), metadata=OPERATOR)

    assert ("INVALID_ARGUMENT", "INVALID_PARAMETERS") == await failure(made)
    assert [(0, "email")] == await refusals(studio, members=[pb.Member(name="x", email=login)])


async def test_a_person_has_one_id_everywhere(studio: Studio) -> None:
    """By email, in any case; that of an account whose login it is; never one that was chosen."""
    (second,) = (await studio.client.upsert(STRANGER, workspaces=[pb.Workspace(name="Second")])).ids
    dora = pb.Member(name="Dora", email="dora@example.org")
    eve = (await studio.client.upsert(second, members=[pb.Member(name="Eve", email=STRANGER.upper())])).ids[0]
    first = (await studio.put(members=[dora, pb.Member(name="Eve", email=STRANGER)])).ids
    there = (await studio.client.upsert(second, members=[changed(dora, email=dora.email.upper())])).ids
    made = await studio.client.accounts.CreateUser(CreateUserRequest(login="x", password="secret"), metadata=OPERATOR)

    assert (list(there), eve) == ([first[0]], first[1])
    assert 3 == len({first[0], eve, made.user_id})
    chosen = pb.Member(user_id=999, name="y")
    assert [(0, "user_id")] == await refusals(studio, members=[chosen])
    for email in ("", "y@example.org", MEMBER):  # an account keeps its login
        wrong = changed(chosen, user_id=made.user_id, email=email)
        assert [(0, "email")] == await refusals(studio, members=[wrong])
    assert [made.user_id] == (await studio.put(members=[changed(chosen, user_id=made.user_id, email="X")])).ids


async def test_an_email_changes_in_all_workspaces(studio: Studio) -> None:
    """The id stays; another person's email is refused, and the old one is free."""
    (second,) = (await studio.client.upsert(STRANGER, workspaces=[pb.Workspace(name="Second")])).ids
    dora = pb.Member(name="Dora", email="dora@example.org")
    (id_,) = (await studio.put(members=[dora])).ids
    await studio.client.upsert(second, members=[dora])
    assert [id_] == (await studio.put(members=[changed(dora, user_id=id_, email="new@example.org")])).ids
    moved = {one.user_id: one.email for one in await studio.listed("members", workspace_id=second)}

    assert "new@example.org" == moved[id_]
    (other,) = (await studio.client.upsert(second, members=[dora])).ids
    assert other != id_
    assert [(0, "email")] == await refusals(studio, members=[changed(dora, user_id=id_)])


async def test_members_without_an_email_are_known_by_name(studio: Studio) -> None:
    """Within their workspace; with an email it is another person."""
    guest = pb.Member(name="Guest")
    (id_,) = (await studio.put(members=[guest])).ids
    again = (await studio.put(members=[changed(guest, time_zone="Asia/Tokyo"), changed(guest, email="g@x")])).ids

    assert (id_, 2) == (again[0], len(set(again)))
