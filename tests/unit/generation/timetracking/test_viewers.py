"""Shared reports as those see them who are neither their owners nor admins."""

from dataclasses import replace
from typing import Any

import pytest
from daybook.input.v1.workspace_pb2 import Client, Group, Project, ProjectTask, Tag
from daybook.savedreport.v1.time_report_pb2 import Dictionaries
from hypothesis import given
from hypothesis import strategies as st

from services.generation.servicers.time_dictionaries import filtered, occurring
from services.generation.servicers.time_messages import row_messages
from services.generation.timetracking.sheets.report_context import Names
from services.generation.timetracking.time_report import Extent, TimeReport
from services.generation.timetracking.time_store import SavedReport
from tests.builders.time_entries import EntryRow, directory, entry, member
from tests.builders.time_report_service import ids_of, run, shared
from tests.fakes.time_entries import MemoryTimeEntries

ANN, BOB, CID = (
    member(11, "Ann", "ann@example.com", "admin"),
    member(12, "Bob", "bob@example.com"),
    member(13, "cid@example.com", "cid@example.com"),
)
ACME, BETA = 5, 6
WEBSITE, SUPPORT, SECRET = 7, 8, 9
UI, DRAFT = 3, 4
BOBS = 31
KNOWN = directory(
    members=(ANN, BOB, CID),
    clients=(Client(id=ACME, name="Acme"), Client(id=BETA, name="Beta")),
    projects=(
        Project(id=WEBSITE, name="Website", client_id=ACME, hourly_rate_cents=5000, estimated_seconds=9000),
        Project(id=SUPPORT, name="Support", client_id=ACME),
        Project(id=SECRET, name="Secret", client_id=BETA, hourly_rate_cents=10000, fixed_fee_cents=100),
    ),
    tasks=(ProjectTask(id=21, name="Drafts", project_id=WEBSITE, estimated_seconds=60),),
    tags=(Tag(id=UI, name="ui"), Tag(id=DRAFT, name="draft")),
    groups=(Group(id=BOBS, name="Bobs", user_ids=[12]),),
)
WORK: tuple[EntryRow, ...] = (
    entry(id=1, start="2026-03-02T09:00:00Z", project=WEBSITE, task=21, tags=(UI,), description="Design",
          billable=True),
    entry(id=2, start="2026-03-03T09:00:00Z", seconds=1800, user=12, project=WEBSITE, tags=(UI, DRAFT),
          description="Design review", billable=True),
    entry(id=3, start="2026-03-04T10:00:00Z", seconds=900, project=SUPPORT, description="Call"),
    entry(id=4, start="2026-03-05T09:00:00Z", seconds=7200, user=12, project=SECRET, description="Audit",
          billable=True),
    entry(id=5, start="2026-03-06T09:00:00Z", user=13, project=SECRET, tags=(UI,), description="Design",
          billable=True),
    entry(id=6, start="2026-03-09T12:00:00Z", user=13, description="Lunch"),
)  # fmt: skip
MARCH = {"report_type": "detailed", "start_date": "2026-03-01", "end_date": "2026-03-31"}


async def viewed(
    saved: dict[str, Any],
    body: dict[str, Any],
    extent: Extent = "everything",
    *,
    show_emails: bool = False,
    **more: Any,
) -> tuple[TimeReport, list[Any]]:
    """Return a report of March and its rows as a stranger sees it."""
    report = SavedReport(1, 1, 11, "Hours", MARCH | saved, public=True, show_emails=show_emails)
    memory = MemoryTimeEntries.of(*WORK)
    return await run(memory, shared(**body), extent, saved=report, **{"reader": "stranger", "known": KNOWN, **more})


def named(report: TimeReport) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the names in the dictionaries of a report, and in those of its filters."""
    found = []
    for parts in (occurring(report), filtered(report)):
        whole = Dictionaries()
        for part in parts:
            whole.MergeFrom(part)
        found.append({field.name: [one.name for one in some] for field, some in whole.ListFields()})
    return found[0], found[1]


@pytest.mark.parametrize(
    ("expected", "saved", "body"),
    [
        ([1, 2, 3], {"client_ids": [ACME]}, {}),
        ([1, 2, 3], {"client_ids": [ACME]}, {"client_ids": None}),
        ([1, 2, 3], {"client_ids": [ACME]}, {"client_ids": []}),
        ([], {"client_ids": [ACME]}, {"client_ids": [BETA]}),
        ([1, 2, 3], {"client_ids": [ACME]}, {"client_ids": [BETA, ACME]}),
        ([], {"client_ids": [ACME]}, {"client_ids": [None]}),
        ([3], {"client_ids": [ACME]}, {"project_ids": [SUPPORT]}),
        ([2], {"client_ids": [ACME]}, {"user_ids": [12]}),
        ([], {"user_ids": [11]}, {"group_ids": [BOBS]}),
        ([2, 4], {"user_ids": [11, 12]}, {"group_ids": [BOBS]}),
        ([2], {"description": "design"}, {"description": "review"}),
        ([], {"description": "design"}, {"description": "audit"}),
        ([1, 2, 5], {"description": "design"}, {"description": ""}),
        ([2], {"tag_ids": [UI]}, {"tag_ids": [DRAFT]}),
        ([], {"tag_ids": [UI]}, {"tag_ids": [None]}),
        ([], {"task_ids": [21]}, {"task_ids": [None]}),
        ([], {"billable": True}, {"billable": False}),
        ([], {"max_duration_seconds": 900}, {"min_duration_seconds": 901}),
        ([3], {"max_duration_seconds": 900}, {"max_duration_seconds": 9000}),
        ([2], {"time_entry_ids": [1, 2]}, {"time_entry_ids": [2, 3]}),
        ([], {"time_entry_ids": [1]}, {"time_entry_ids": [2]}),
    ],
)
async def test_a_viewer_sees_what_both_filters_keep(
    expected: list[int], saved: dict[str, Any], body: dict[str, Any]
) -> None:
    """In every extent and with totals of nothing else; the owner replaces what was saved."""
    report, rows = await viewed(saved, body)
    export, files = await viewed(saved, body, "export")
    grouped, merged = await viewed(saved, body | {"grouped": True, "order_by": "duration"})

    assert expected == ids_of(rows) == ids_of(files) == sorted(ids_of(merged))
    seconds = sum(one.seconds or 0 for one in WORK if one.id in expected)
    assert [seconds] * 3 == [one.totals and one.totals.seconds for one in (report, export, grouped)]


async def test_owners_and_admins_override_what_was_saved() -> None:
    """Their nulls take filters away."""
    report, rows = await viewed({"client_ids": [ACME]}, {"client_ids": [BETA]}, reader="manager")
    _, everything = await viewed({"client_ids": [ACME]}, {"client_ids": None}, reader="manager")

    assert ([4, 5], [1, 2, 3, 4, 5, 6]) == (ids_of(rows), ids_of(everything))
    assert 10800 == (report.totals and report.totals.project_seconds[SECRET])


async def test_members_of_two_filters_are_told_by_id() -> None:
    """The sent filter stands where no member is left."""
    some, _ = await viewed({"user_ids": [11, 12]}, {"group_ids": [BOBS]})
    none, _ = await viewed({"user_ids": [11]}, {"group_ids": [BOBS]})

    assert ([12], None) == (some.query.effective_params["user_ids"], some.query.effective_params.get("group_ids"))
    assert (None, [BOBS]) == (none.query.effective_params.get("user_ids"), none.query.effective_params["group_ids"])


async def test_a_viewer_is_told_only_names_that_occur() -> None:
    """Or that both filters name: ids cannot be tried out."""
    report, _ = await viewed({"client_ids": [ACME, BETA]}, {"project_ids": [SUPPORT, SECRET], "client_ids": [ACME]})

    assert (
        {"clients": ["Acme"], "projects": ["Support"], "users": ["Ann"]},
        {"clients": ["Acme"], "projects": ["Support"]},
    ) == named(report)
    nothing, _ = await viewed({"client_ids": [ACME]}, {"client_ids": [BETA], "user_ids": [12], "tag_ids": [DRAFT]})
    assert ({}, {}) == named(nothing)


async def test_a_viewer_is_not_told_the_times_of_whole_projects() -> None:
    """Nor estimates and fees; the owner is."""
    found = [await viewed({}, {}, reader=reader) for reader in ("stranger", "member", "manager")]
    told = [
        [
            (one.HasField("actual_seconds"), one.HasField("estimated_seconds"), one.HasField("fixed_fee_cents"))
            for part in occurring(report)
            for one in part.projects
        ]
        for report, _ in found
    ]
    tasks = [[one.ListFields() for part in occurring(report) for one in part.tasks] for report, _ in found]

    assert [(False,) * 3] * 3 == told[0] == told[1]
    assert [(True, True, False), (True, False, False), (True, False, True)] == told[2]
    assert [[3], [3], [5]] == [[len(one) for one in some] for some in tasks]


async def test_a_saved_audit_judges_groups_as_they_were_saved() -> None:
    """A viewer who narrows a group until it is within bounds does not see it."""
    audit = {"report_type": "summary", "audit": {"group_filter": {"max_duration_seconds": 1000}}}
    for body in ({}, {"user_ids": [12]}, {"end_date": "2026-03-03"}, {"grouping": "users"}, {"audit": None}):
        report, groups = await viewed(audit, body)
        assert {group.title for group in groups} <= {"Support"}, body
        assert report.totals
        assert report.totals.seconds <= 900


async def test_a_viewer_cannot_ask_for_groups_without_entries() -> None:
    """They are shown where that was saved, as far as both filters keep them."""
    asked = {"audit": {"show_empty_groups": True}, "grouping": "users"}
    _, groups = await viewed({"report_type": "summary", "client_ids": [BETA]}, asked)
    _, saved = await viewed(
        {"report_type": "summary", "audit": {"show_empty_groups": True}, "user_ids": [11]},
        {"client_ids": [ACME]},
    )

    assert ["Bob", "cid"] == [group.title for group in groups]
    assert ["Support", "Website"] == [group.title for group in saved]


@pytest.mark.parametrize(
    ("shown", "reader", "show_emails"),
    [(False, "stranger", False), (True, "stranger", True), (True, "member", False), (True, "manager", False)],
)
async def test_addresses_are_for_those_who_may_see_them(*, shown: bool, reader: str, show_emails: bool) -> None:
    """Members of the workspace, or all where that was saved; a name that is an address ends before its "@"."""
    report, rows = await viewed({}, {}, reader=reader, show_emails=show_emails)
    sent = [row for part in row_messages(report, rows) for row in part.detailed_rows.rows]
    users = [one for part in occurring(report) for one in part.users]
    file, _ = await viewed({}, {}, "export", reader=reader, show_emails=show_emails)
    _, groups = await viewed(
        {"report_type": "summary", "grouping": "users"}, {}, reader=reader, show_emails=show_emails
    )

    addresses = [one.email for one in (ANN, BOB, CID)] if shown else [""] * 3
    names = ["Ann", "Bob", "cid@example.com" if shown else "cid"]
    assert (addresses, names) == ([one.email for one in users], [one.name for one in users])
    assert dict(zip(names, addresses, strict=True)) == {row.username: row.email for row in sent}
    assert addresses == list(Names.of(file.directory).emails.values())
    assert names == [group.title for group in groups]


CHOICES: dict[str, st.SearchStrategy[Any]] = {
    "client_ids": st.lists(st.sampled_from([ACME, BETA, None, 99]), max_size=3),
    "project_ids": st.lists(st.sampled_from([WEBSITE, SUPPORT, SECRET, None]), max_size=3),
    "task_ids": st.lists(st.sampled_from([21, None]), max_size=2),
    "tag_ids": st.lists(st.sampled_from([UI, DRAFT, None]), max_size=3),
    "user_ids": st.lists(st.sampled_from([11, 12, 13]), max_size=3),
    "group_ids": st.lists(st.sampled_from([BOBS, 99]), max_size=2),
    "time_entry_ids": st.lists(st.integers(1, 6), max_size=4),
    "billable": st.booleans(),
    "description": st.sampled_from(["", "design", "REVIEW", "n"]),
    "min_duration_seconds": st.sampled_from([0, 900, 1800]),
    "max_duration_seconds": st.sampled_from([1800, 3600, 9000]),
}
FILTERS = st.fixed_dictionaries({}, optional=CHOICES)
NULLS = st.fixed_dictionaries({}, optional={name: st.none() for name in CHOICES})
DISPLAY = st.fixed_dictionaries(
    {},
    optional={
        "report_type": st.just("summary"),
        "grouped": st.booleans(),
        "order_by": st.sampled_from(["date", "user", "duration", None]),
        "rounding": st.sampled_from([-1, 0, 1]),
        "rounding_minutes": st.just(60),
        "hide_amounts": st.sampled_from([True, False, None]),
        "audit": st.just({"show_empty_groups": True}),
    },
)


@given(FILTERS, FILTERS, NULLS, DISPLAY)
async def test_what_a_viewer_sees_is_what_both_sets_of_filters_keep(
    saved: dict[str, Any], sent: dict[str, Any], nulls: dict[str, Any], display: dict[str, Any]
) -> None:
    """Whatever is saved and sent: a subset of the saved entries, and exactly those that the sent filters keep, too."""
    _, rows = await viewed(saved, {**nulls, **display, **sent})
    _, stored = await viewed(saved, {})
    _, alone = await viewed({}, sent, reader="manager")

    assert set(ids_of(stored)) & set(ids_of(alone)) == set(ids_of(rows))


@pytest.mark.parametrize(
    "name", ["client_ids", "project_ids", "task_ids", "tag_ids", "user_ids", "group_ids", "time_entry_ids"]
)
@pytest.mark.parametrize("reader", ["manager", "stranger"])
async def test_a_saved_filter_by_what_was_deleted_keeps_nothing(name: str, reader: str) -> None:
    """And never all."""
    report, rows = await viewed({name: [99]}, {}, reader=reader)

    assert ([], 0) == (ids_of(rows), report.totals and report.totals.seconds)


async def test_dictionaries_say_what_is_archived() -> None:
    known = replace(
        KNOWN,
        clients={ACME: Client(id=ACME, name="Acme", archived=True)},
        projects={WEBSITE: Project(id=WEBSITE, name="Website", client_id=ACME, archived=True)},
    )
    report, _ = await viewed({"client_ids": [ACME]}, {}, known=known)

    assert [True, True] == [one.archived for part in occurring(report) for one in (*part.clients, *part.projects)]
