"""A detailed CSV is a timesheet that brings the same entries."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from daybook.input.v1.workspace_pb2 import Client, Project, ProjectTask, Tag
from hypothesis import given
from hypothesis import strategies as st

from services.generation.timetracking.directory import Directory
from tests.builders.examples import examples
from tests.builders.time_entries import ANN, BOB, EntryRow, changed, directory, entry, member
from tests.unit.cli.timesheets.copies import exported, imported, shown

EVE = member(13, "Eve", "", time_zone="Asia/Kathmandu")  # she never signs in
LEO = member(14, "Leo", "leo@example.com", time_zone="Australia/Lord_Howe")  # changes by half an hour
MEMBERS = (ANN, BOB, EVE, LEO)
ZONES = {one.user_id: ZoneInfo(one.time_zone) for one in MEMBERS}
# Before the changes of the clock in New York, Berlin and on Lord Howe Island.
CHANGES = [
    int(datetime.fromisoformat(moment).timestamp())
    for moment in (
        *("2026-03-08T05:00Z", "2026-03-28T23:00Z", "2026-10-24T23:00Z", "2026-11-01T04:00Z"),
        *("2026-04-04T13:00Z", "2026-10-03T13:00Z"),
    )
]
letters = st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from(" ,-='\"")
descriptions = st.text(letters | st.sampled_from("\n\r\t"), max_size=20)
names = st.text(letters, min_size=1, max_size=9).filter(lambda name: not name.isspace())
prices = st.tuples(st.none() | st.integers(0, 100_000), st.sampled_from([None, "EUR", "USD"]))
# Tags are joined by a comma and a blank: one that has both within cannot be told from two.
tag_names = names.filter(lambda name: not {", ", ","} & {name[place : place + 2] for place in range(len(name))})


@st.composite
def workspaces(draw) -> Directory:
    """Draw a workspace whose clients, projects, tasks and tags have any names, and projects any prices."""
    client, one, other, task = draw(st.lists(names, min_size=4, max_size=4, unique=True))
    tags = draw(st.lists(tag_names, min_size=2, max_size=2, unique=True))
    projects = [Project(id=7, name=one, client_id=5), Project(id=8, name=one), Project(id=9, name=other)]
    paid = [(it, *draw(prices)) for it in projects]
    return directory(
        members=MEMBERS,
        clients=[Client(id=5, name=client)],
        projects=[changed(it, hourly_rate_cents=rate, currency_code=currency) for it, rate, currency in paid],
        tasks=[ProjectTask(id=21, name=task, project_id=7), ProjectTask(id=22, name=task, project_id=8)],
        tags=[Tag(id=3, name=tags[0]), Tag(id=4, name=tags[1])],
    )


@st.composite
def tracked(draw) -> EntryRow:
    """Draw an entry of up to 999 hours, some of them where the clock changes."""
    project, task = draw(st.sampled_from([(None, None), (7, None), (7, 21), (8, 22), (9, None)]))
    billable = draw(st.booleans())
    rate = draw(st.none() | st.integers(0, 30_000)) if billable else None
    amount = draw(st.none() | st.integers(0, 10**9)) if billable else None
    first = draw(st.sampled_from([*CHANGES, 1_767_600_000, 1_790_000_000]))
    return entry(
        start=datetime.fromtimestamp(first + draw(st.integers(0, 5 * 3600)), UTC),
        seconds=draw(st.integers(0, 3 * 3600) | st.integers(0, 999 * 3600)),
        user=draw(st.sampled_from(list(ZONES))),
        project=project,
        task=task,
        tags=draw(st.sets(st.sampled_from([3, 4]))),
        description=draw(descriptions),
        billable=billable,
        rate_cents=rate,
        amount_cents=amount,
        currency=None if rate is None and amount is None else draw(st.sampled_from(["EUR", "USD", "JPY"])),
    )


def end_tells(one: EntryRow) -> bool:
    """Return whether the clock showed an entry's end only once; else nothing tells which of two starts was meant."""
    end = (one.start + timedelta(seconds=one.seconds)).astimezone(ZONES[one.user_id])
    return end.replace(fold=0).utcoffset() == end.replace(fold=1).utcoffset()


def priceless(one: EntryRow) -> EntryRow:
    """Return an entry without its price, which a file holds as an amount only."""
    return replace(one, rate_cents=None, amount_cents=None, currency=None, update_time=None)


@examples(60)
@given(
    workspaces(),
    st.lists(tracked(), min_size=1, max_size=8),
    st.sampled_from(["classic", "improved"]),
    st.booleans(),
)
def test_what_is_exported_imports_back(where: Directory, those: list[EntryRow], form, quoted) -> None:
    """The entries are the same, and cost the same.

    Two things no file can tell, and are left out: in which of two hours that a clock showed alike an entry began that
    ended in the same one, and whether ", " in a tag divides two. No workspace has two projects of one client and name.
    """
    file = exported(those, where, form, quoted=quoted)

    copy = imported(file, where)

    for before, after in zip(those, copy.entries, strict=True):
        same_start = priceless(after) if end_tells(before) else replace(priceless(after), start=before.start)
        assert priceless(before) == same_start
    assert shown(file) == shown(exported(copy.entries, copy.where, form, quoted=quoted))
    assert len(those) == len(set(copy.import_keys))


@examples(20)
@given(workspaces(), st.lists(tracked(), min_size=1, max_size=8))
def test_the_copy_of_a_copy_is_known(where: Directory, those: list[EntryRow]) -> None:
    """Entries that came from a file are exported as what they were: importing that adds nothing."""
    copy = imported(exported(those, where), where)

    again = imported(exported(copy.entries, copy.where, "improved"), copy.where)

    assert copy.import_keys == again.import_keys
