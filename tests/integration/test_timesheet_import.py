"""Importing timesheets over a real channel: what is created for a file, and what a second import finds."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from daybook.input.v1.workspace_pb2 import Member, Project, Workspace

from services.cli.client import Access
from services.cli.errors import CommandFailed
from services.cli.import_result import Stored
from services.cli.timesheet_import import store
from services.cli.timesheets.wanted import Import, Outcome
from tests.integration.timesheet_office import OWNER, OWNERS_ZONE, Office, open_to

CASES = Path(__file__).parents[1] / "cases/time"
HEADER = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,"
    "Amount (EUR)"
)
ANN, BOB = f"Ann,{OWNER}", "Bob,bob@example.com"
NINE = "2026-07-06,09:00:00,2026-07-06,10:00:00"


def hour(
    who: str = ANN, project: str = "Acme,Site,", what: str = "Design", amount: str = "50.00", tags: str = ""
) -> str:
    """Return a billable hour in summer."""
    return f"{who},{project},{what},Yes,{NINE},01:00:00,{tags},{amount}"


@pytest.fixture
def office() -> Office:
    """Give an office without any workspace."""
    return Office()


@pytest.fixture
async def access(office: Office) -> AsyncIterator[Access]:
    """Give the way to it."""
    async with open_to(office) as way:
        yield way


def file_of(folder: Path, *lines: str, name: str = "time.csv", time_zone: str = "") -> Import:
    """Return the import of a file with these lines."""
    file = folder / name
    file.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8-sig")
    return Import(file, "Agency", OWNER, time_zone)


def amounts(office: Office) -> list[tuple[int | None, str]]:
    """Return the amounts and currencies that entries have themselves; none has a rate."""
    assert not any(entry.HasField("hourly_rate_cents") for entry in office.entries.values())
    return [
        (entry.amount_cents if entry.HasField("amount_cents") else None, entry.currency_code)
        for entry in office.entries.values()
    ]


async def test_a_file_brings_all_that_it_names(office: Office, access: Access, tmp_path: Path) -> None:
    """Workspace, members, clients, projects with a rate, tasks, tags, and entries between them."""
    wanted = file_of(tmp_path, hour(project="Acme,Site,Review", tags='"ui, draft"'), hour(BOB, "Acme,Site,"))

    outcome = await store(access, wanted)

    assert Outcome(100, 2, new={"members": 2, "clients": 1, "projects": 1, "tasks": 1, "tags": 2}) == outcome
    assert [("Agency", OWNER, "EUR")] == [(one.name, one.owner_login, one.currency_code) for one in office.workspaces]
    assert [("Site", 200, 5000, "EUR")] == [
        (one.name, one.client_id, one.hourly_rate_cents, one.currency_code) for one in office.projects
    ]
    assert [("Review", 300)] == [(one.name, one.project_id) for one in office.project_tasks]
    first, second = office.entries.values()
    tags = {tag.id: tag.name for tag in office.tags}
    assert (1, 300, 400, {"draft", "ui"}) == (
        first.user_id,
        first.project_id,
        first.task_id,
        {tags[id_] for id_ in first.tag_ids},
    )
    assert (0, True, 3600, "Design") == (second.task_id, second.billable, second.seconds, second.description)
    assert [(None, ""), (None, "")] == amounts(office)


@pytest.mark.parametrize(
    ("given", "zone", "hour_utc"), [("", OWNERS_ZONE, 7), ("America/New_York", "America/New_York", 13)]
)
async def test_new_members_get_the_zone_given_or_the_owners(  # noqa: PLR0917 - by name
    office: Office, access: Access, tmp_path: Path, given: str, zone: str, hour_utc: int
) -> None:
    """The owner of a new workspace is one of them, stays an admin, and is called what the file says."""
    await store(access, file_of(tmp_path, hour(), hour(BOB), time_zone=given))

    expected = {("Ann", OWNER, Member.ROLE_ADMIN, zone), ("Bob", "bob@example.com", Member.ROLE_MEMBER, zone)}
    assert expected == {(one.name, one.email, one.role, one.time_zone) for one in office.members}
    assert {datetime(2026, 7, 6, hour_utc, tzinfo=UTC)} == {
        entry.start_time.ToDatetime(UTC) for entry in office.entries.values()
    }


async def test_what_exists_is_left_as_it_is(office: Office, access: Access, tmp_path: Path) -> None:
    """A member keeps name and zone, a project its rate; an entry that the rate does not explain has its amount."""
    office.workspaces = [Workspace(id=8, name="Other"), Workspace(id=9, name="Agency", owner_login=OWNER)]
    office.members = [
        Member(user_id=5, name="Robert", email="BOB@example.com", time_zone="Asia/Tokyo"),
        Member(user_id=6, name="Boss", email=OWNER, role=Member.ROLE_ADMIN),
        Member(user_id=7, name="Eve"),
    ]
    office.projects = [
        Project(id=30, name="Site", hourly_rate_cents=5000, currency_code="EUR"),
        Project(id=31, name="X"),
    ]
    before = [str(one) for one in (*office.members, *office.projects)]

    lines = [hour(BOB, ",Site,"), hour(ANN, ",Site,", amount="80.00"), hour("Eve,", ",X,", amount="70.00")]
    outcome = await store(access, file_of(tmp_path, *lines, time_zone="Europe/Paris"))

    assert before == [str(one) for one in (*office.members, *office.projects)]
    assert (9, 3, {0}) == (outcome.workspace_id, outcome.created, set(outcome.new.values()))
    found = [(one.user_id, one.project_id, one.start_time.ToDatetime(UTC).hour) for one in office.entries.values()]
    assert [(5, 30, 0), (6, 30, 9), (7, 31, 9)] == found
    assert [(None, ""), (8000, "EUR"), (7000, "EUR")] == amounts(office)


async def test_a_second_import_adds_only_what_is_new(access: Access, tmp_path: Path) -> None:
    """Equal lines are as many entries; a file with more of them adds so many."""
    lines = [hour(), hour(), hour(BOB)]
    first = await store(access, file_of(tmp_path, *lines))
    again = await store(access, file_of(tmp_path, *lines))
    more = await store(access, file_of(tmp_path, hour(what="New"), *reversed(lines), hour(), name="more.csv"))

    counts = [(one.created, one.unchanged) for one in (first, again, more)]
    assert [(3, 0), (0, 3), (2, 3)] == counts
    assert 0 == sum(again.new.values()) + sum(more.new.values())


async def test_amounts_of_several_rates_are_kept_by_the_entry(office: Office, access: Access, tmp_path: Path) -> None:
    """Without a project as well; a project whose entries lack amounts has no rate either."""
    lines = [
        hour(project=",Two,", amount="50.00"),
        hour(project=",Two,", amount="80.00"),
        hour(project=",,", amount="30.00"),
        hour(project=",Open,", amount=""),
        hour(project=",Open,", amount="20.00"),
    ]
    await store(access, file_of(tmp_path, *lines))

    assert {("Two", False), ("Open", False)} == {
        (one.name, one.HasField("hourly_rate_cents")) for one in office.projects
    }
    assert [(5000, "EUR"), (8000, "EUR"), (3000, "EUR"), (None, ""), (2000, "EUR")] == amounts(office)


async def test_amounts_that_no_rate_gives_are_stored_as_they_stand(office: Office, access: Access) -> None:
    """Also those of no time; the project has no rate, and no entry has one."""
    await store(access, Import(CASES / "amounts.csv", "Agency", OWNER, ""))

    assert [False] == [one.HasField("hourly_rate_cents") for one in office.projects]
    assert [(33333, "EUR"), (50000, "EUR"), (1667, "EUR"), (1000, "EUR")] == amounts(office)


async def test_bad_lines_do_not_hold_up_the_rest(office: Office, access: Access, tmp_path: Path) -> None:
    """Nothing that only they name is created."""
    wanted = file_of(tmp_path, hour(project="Bad,Bad,").replace("01:00:00,", "1h,"), hour())

    outcome = await store(access, wanted)

    assert (1, 1) == (outcome.created, wanted.problems.refused)
    assert ["Acme"] == [one.name for one in office.clients]


async def test_a_file_of_bad_lines_creates_nothing(office: Office, access: Access, tmp_path: Path) -> None:
    """Not even its workspace."""
    assert Outcome() == await store(access, file_of(tmp_path, "Ann", "Bob"))
    assert [] == office.workspaces


async def test_large_files_go_in_batches(office: Office, access: Access, tmp_path: Path) -> None:
    """At most 1000 entries, and about a megabyte, in each."""
    await store(access, file_of(tmp_path, *(hour(what=f"Work {number}") for number in range(2100))))
    assert [1000, 1000, 100] == office.batches

    office.batches.clear()
    await store(access, file_of(tmp_path, *(hour(BOB, what="\N{GRINNING FACE}" * 3000) for _ in range(200))))
    assert max(office.batches) < 100
    assert 200 == sum(office.batches)


async def test_what_the_store_refuses_is_said_in_its_words(office: Office, access: Access, tmp_path: Path) -> None:
    """By the line; the others are stored."""
    office.refuses = "Secret"
    wanted = file_of(tmp_path, hour(), hour(what="Secret"), hour(what="Open"))

    await store(access, wanted)

    assert Stored(2, 0, 1) == wanted.counts
    assert ["line 3: description is not liked"] == [str(problem) for problem in wanted.problems.bad]


async def test_an_unknown_owner_ends_the_import(access: Access, tmp_path: Path) -> None:
    """Before anything is created."""
    wanted = file_of(tmp_path, hour())
    nobodys = Import(wanted.file, "Agency", "nobody", "")

    with pytest.raises(CommandFailed, match="There is no login 'nobody'"):
        await store(access, nobodys)
