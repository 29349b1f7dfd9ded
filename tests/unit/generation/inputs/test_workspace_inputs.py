"""Rules of the inputs of workspaces: limits, references, and what holds for members and owners."""

from datetime import UTC, datetime
from typing import Any

import pytest
from daybook.input.v1.workspace_pb2 import Client, Group, Member, Project, ProjectTask, Tag, TimeEntry, Workspace

from services.errors import NotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.user import Locale, User
from services.generation.domain.paging import Page
from services.generation.inputs.clients import CLIENTS
from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.input_rules import rules_of
from services.generation.inputs.input_scope import Scope
from services.generation.inputs.input_service import InputService
from services.generation.inputs.input_store import ALL
from services.generation.inputs.member_groups import GROUPS
from services.generation.inputs.members import MEMBERS
from services.generation.inputs.project_tasks import PROJECT_TASKS
from services.generation.inputs.projects import PROJECTS
from services.generation.inputs.tags import TAGS
from services.generation.inputs.time_entries import TIME_ENTRIES
from services.generation.inputs.workspaces import WORKSPACES
from services.runtime.codec import timestamp_of
from tests.builders.people import user
from tests.builders.time_entries import changed
from tests.fakes.inputs import FakeInputs
from tests.fakes.persons import FakePersons

NOW = datetime(2026, 1, 5, 12, 0, 0, 250_000, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n"
BOB, SITE = Member(name="Bob"), Project(name="Site")
STUDIO = Workspace(name="Studio")
ENTRY = TimeEntry(user_id=11, start_time=timestamp_of(NOW), seconds=60, project_id=7, task_id=21, tag_ids=[3])
KINDS: dict[type[Any], InputKind[Any]] = {
    kind.message: kind for kind in (MEMBERS, CLIENTS, PROJECTS, PROJECT_TASKS, TAGS, GROUPS, TIME_ENTRIES)
}
LOGIN = "Ann@Example.org"


class Accounts:
    """Fills the part of the store of accounts that rules ask: Ann has the account 1."""

    async def by_id(self, user_id: int) -> User | None:
        return user(id=1, login=LOGIN, locale=Locale(time_zone="Europe/Berlin")) if user_id == 1 else None


@pytest.fixture
def store() -> FakeInputs:
    """Give a store in which the workspace 1 of Ann has a few records."""
    made = FakeInputs()
    made.add(WORKSPACES, 1, changed(STUDIO, id=1))
    made.add(MEMBERS, 1, Member(user_id=11, name="Carl"))
    made.add(CLIENTS, 1, Client(id=5, name="Acme"))
    made.add(PROJECTS, 1, Project(id=7, name="A"), Project(id=8, name="B"))
    made.add(PROJECT_TASKS, 1, ProjectTask(id=21, name="Walls", project_id=7))
    made.add(TAGS, 1, Tag(id=3, name="ui"))
    return made


@pytest.fixture
def inputs(store: FakeInputs) -> InputService:
    accounts = AccountService(Accounts(), None, None, lambda: NOW)  # type: ignore[arg-type] # only by_id is asked
    persons = FakePersons(**{LOGIN.casefold(): 1, "carl": 11, "dora": 12})
    return InputService(store, rules_of(store, persons, accounts))


async def refused(inputs: InputService, *records: Any) -> list[str]:
    """Return the field of each record that breaks a rule, "" for a stored one."""
    outcomes = await inputs.put(KINDS[type(records[0])], 1, records)
    return [one.refusal.field if one.refusal else "" for one in outcomes]


async def members(inputs: InputService) -> dict[str, Member]:
    """Return the members by name."""
    return {one.name: one for one in await inputs.page(MEMBERS, Scope(1), Page(10), ALL)}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"id": -1}, "id"),
        ({"id": 2}, "id"),
        ({"currency_code": "eur"}, "currency_code"),
        ({"currency_code": "ÄÖÜ"}, "currency_code"),
        ({"hourly_rate_cents": -1}, "hourly_rate_cents"),
        ({"logo_url": "javascript:alert(1)"}, "logo_url"),
        ({"logo": b"GIF89a"}, "logo"),
        ({"logo": PNG + bytes(256 * 2**10)}, "logo"),
    ],
)
async def test_a_bad_workspace_is_named(inputs: InputService, change: dict[str, Any], field: str) -> None:
    """The others of the batch are stored."""
    outcomes = await inputs.put(WORKSPACES, 1, [changed(STUDIO, **change), changed(STUDIO, name="Other")])

    assert [field, None] == [one.refusal and one.refusal.field for one in outcomes]


async def test_a_workspace_may_have_a_logo(inputs: InputService) -> None:
    """A PNG or a JPEG; lists leave it out."""
    for logo in (b"", PNG, b"\xff\xd8\xff\xe0"):
        record = changed(STUDIO, id=1, logo=logo, logo_url="https://a/l.png")
        assert [None] == [one.refusal for one in await inputs.put(WORKSPACES, 1, [record])]
    (found,) = await inputs.page(WORKSPACES, Scope(None), Page(10), ALL)

    assert (b"", LOGIN, 1, "USD") == (found.logo, found.owner_login, found.owner_id, found.currency_code)


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (changed(BOB, time_zone="Berlin"), "time_zone"),
        (changed(BOB, email=" bob"), "email"),
        (changed(BOB, name="a\0b"), "name"),
        (changed(BOB, user_id=2**31), "user_id"),
        (changed(BOB, avatar_url="ftp://a"), "avatar_url"),
        (Member(name="x", role=7), "role"),  # type: ignore[arg-type] # no role
        (Client(name=" "), "name"),
        (Client(name="x", external_reference="y" * 256), "external_reference"),
        (changed(SITE, color="red"), "color"),
        (changed(SITE, color="#0b83dg"), "color"),
        (changed(SITE, currency_code="EURO"), "currency_code"),
        (changed(SITE, hourly_rate_cents=10**9 + 1), "hourly_rate_cents"),
        (changed(SITE, estimated_seconds=-1), "estimated_seconds"),
        (changed(SITE, fixed_fee_cents=-1), "fixed_fee_cents"),
        (changed(SITE, budget_cents=-1), "budget_cents"),
        (changed(SITE, budget_cents=1, estimated_seconds=1), "budget_cents"),
        (changed(SITE, start_date="2026-2-1"), "start_date"),
        (changed(SITE, start_date="2026-01-02", end_date="2026-01-01"), "end_date"),
        (changed(SITE, client_id=-5), "client_id"),
        (ProjectTask(name="x"), "project_id"),
        (Tag(name="a\nb"), "name"),
        (Group(name="x", user_ids=[0]), "user_ids"),
    ],
)
async def test_a_bad_record_is_named(inputs: InputService, record: Any, field: str) -> None:
    """By the field that breaks a rule."""
    assert [field] == await refused(inputs, record)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"user_id": 0}, "user_id"),
        ({"project_id": -1}, "project_id"),
        ({"tag_ids": [0]}, "tag_ids"),
        ({"tag_ids": range(1, 102)}, "tag_ids"),
        ({"description": "x" * 3001}, "description"),
        ({"description": "a\0b"}, "description"),
        ({"start_time": None}, "start_time"),
        ({"start_time": timestamp_of(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC))}, "start_time"),
        ({"start_time": timestamp_of(datetime(2101, 1, 1, tzinfo=UTC))}, "start_time"),
        ({"seconds": -1}, "seconds"),
        ({"seconds": 999 * 3600 + 1}, "seconds"),
        ({"hourly_rate_cents": -1}, "hourly_rate_cents"),
        ({"currency_code": "eur"}, "currency_code"),
        ({"import_key": "x" * 65}, "import_key"),
        ({"project_id": 8}, "task_id"),
        ({"project_id": None}, "task_id"),
        ({"user_id": 12}, "user_id"),
        ({"project_id": 9, "task_id": None}, "project_id"),
        ({"task_id": 22}, "task_id"),
        ({"tag_ids": [3, 4]}, "tag_ids"),
    ],
)
async def test_a_bad_entry_is_named(inputs: InputService, change: dict[str, Any], field: str) -> None:
    """It names what the workspace has, and a task of its project; the others of the batch are stored."""
    assert ["", field] == await refused(inputs, ENTRY, changed(ENTRY, **change))


async def test_an_entry_starts_at_a_whole_second(inputs: InputService) -> None:
    """Its longest, its running and its plainest form are good; a description holds line breaks and tabs."""
    longest = {"seconds": 999 * 3600, "description": "a\r\n\tb" + "x" * 2995, "hourly_rate_cents": 0}
    good = [
        changed(ENTRY, **longest, currency_code="EUR", tag_ids=[3, 3]),
        changed(ENTRY, seconds=None, start_time=timestamp_of(datetime(1970, 1, 1, tzinfo=UTC))),
        TimeEntry(user_id=11, start_time=timestamp_of(datetime(2100, 12, 31, 23, 59, 59, tzinfo=UTC)), seconds=0),
    ]
    assert ["", "", ""] == await refused(inputs, *good)
    running, long, late = await inputs.page(TIME_ENTRIES, Scope(1), Page(10), ALL)

    assert [False, True, True] == [one.HasField("seconds") for one in (running, long, late)]
    assert (0, [3]) == (long.start_time.nanos, list(long.tag_ids))


async def test_records_name_what_is_there(inputs: InputService) -> None:
    """A project its client, a task its project, a group its members."""
    for record in (changed(SITE, client_id=6), ProjectTask(name="x", project_id=9), Group(name="x", user_ids=[11, 12])):
        assert [""] != await refused(inputs, record)
    for record in (changed(SITE, client_id=5), ProjectTask(name="x", project_id=8), Group(name="x", user_ids=[11])):
        assert [""] == await refused(inputs, record)


async def test_an_owner_stays_an_admin(inputs: InputService) -> None:
    """With the login as name and the zone of the account, whatever is stored about members or deleted."""
    await inputs.put(WORKSPACES, 1, [changed(STUDIO, id=1, name="New")])
    owner = (await members(inputs))[LOGIN]
    assert (1, Member.ROLE_ADMIN, "Europe/Berlin") == (owner.user_id, owner.role, owner.time_zone)

    await inputs.put(MEMBERS, 1, [Member(name="Ann", email=LOGIN.upper(), inactive=True)])
    ann = (await members(inputs))["Ann"]
    assert (1, Member.ROLE_ADMIN, False) == (ann.user_id, ann.role, ann.inactive)

    assert 1 == await inputs.delete(MEMBERS, 1, [1], [])
    assert (1, Member.ROLE_ADMIN) == ((again := (await members(inputs))[LOGIN]).user_id, again.role)


async def test_persons_are_known_by_id_or_email(inputs: InputService) -> None:
    """Ids are given, not chosen, and an email is one person's; members without an email are known by name."""
    eve, guest = Member(name="Eve", email="EVE"), Member(name="Guest")
    first = await inputs.put(MEMBERS, 1, [eve, guest])
    again = await inputs.put(MEMBERS, 1, [changed(eve, email="eve"), changed(guest, time_zone="Asia/Tokyo")])

    assert [one.id for one in first] == [one.id for one in again]
    assert ["user_id", "email"] == await refused(inputs, Member(user_id=99, name="x"), changed(eve, user_id=11))


async def test_a_workspace_needs_its_account(inputs: InputService) -> None:
    """One of an account that is gone meanwhile is refused."""
    with pytest.raises(NotFound):
        await inputs.put(WORKSPACES, 2, [STUDIO])


async def test_groups_name_the_member_alone_who_sees_no_others(store: FakeInputs) -> None:
    """To all who see others they name all; in lists and one by one."""
    group = Group(id=4, name="All", user_ids=[10, 11, 12])
    store.add(GROUPS, 1, group)
    inputs = InputService(store, {})

    for expected, only in (([10, 11, 12], 0), ([11], 11), ([], 13)):
        scope = Scope(1, only_user_id=only)
        (listed,) = await inputs.page(GROUPS, scope, Page(10), ALL)
        assert [expected] * 2 == [list(one.user_ids) for one in (listed, await inputs.get(GROUPS, scope, group))]
