"""Reports as members of a workspace may see them, by their roles and the workspace's settings."""

from typing import Any

import pytest
from daybook.input.v1.workspace_pb2 import Member, Workspace
from daybook.savedreport.v1.time_report_pb2 import Dictionaries

from services.generation.inputs.member_rights import MemberRights, rights_of
from services.generation.servicers.time_dictionaries import filtered, occurring
from services.generation.servicers.time_info import info
from services.generation.timetracking.time_report import Source, TimeReport
from services.generation.timetracking.time_store import SavedReport
from tests.builders.time_entries import ANN, BOB, SITE, WORKSPACE, changed, directory, entry, member
from tests.builders.time_report_service import JANUARY, ids_of, january, run, shared
from tests.fakes.time_entries import MemoryTimeEntries

DAN = member(13, "Dan", "dan@example.com")
WORK = (
    entry(id=1, user=11, project=7, billable=True),
    entry(id=2, user=12, project=7, billable=True, seconds=1800),
    entry(id=3, user=13, project=8),
)
SAVED = SavedReport(1, 1, 13, "Hours", JANUARY | {"report_type": "detailed"}, public=True)
OWN_ONLY = {"members_see_others": False}


async def seen(source: Source, owner: Member = BOB, **more: Any) -> tuple[TimeReport, list[Any]]:
    """Return a report of a workspace with some settings, as a member sees it."""
    settings = {name: more.pop(name) for name in ("members_see_others", "members_see_amounts") if name in more}
    known = directory(
        workspace=changed(WORKSPACE, **settings),
        members=(ANN, BOB, DAN),
        projects=(changed(SITE, fixed_fee_cents=5), changed(SITE, id=8, name="Inside")),
    )
    return await run(MemoryTimeEntries.of(*WORK), source, owner=owner, known=known, **more)


def names(report: TimeReport) -> set[str]:
    """Return the names of members that a report tells."""
    whole = Dictionaries()
    for part in (*occurring(report), *filtered(report)):
        whole.MergeFrom(part)
    return {one.name for one in whole.users}


@pytest.mark.parametrize(
    ("expected", "role", "settings"),
    [
        ((True, True), Member.ROLE_ADMIN, {"members_see_others": False, "members_see_amounts": False}),
        ((False, True), Member.ROLE_MEMBER, {}),
        ((False, True), Member.ROLE_UNSPECIFIED, {"members_see_others": True}),
        ((False, False), Member.ROLE_MEMBER, OWN_ONLY),
        ((True, False), Member.ROLE_MEMBER, OWN_ONLY | {"members_see_amounts": True}),
    ],
)
def test_rights_come_from_the_role_and_the_settings(
    expected: tuple[bool, bool], role: Member.Role.ValueType, settings: dict[str, bool]
) -> None:
    """Amounts are for admins unless it was set, others for all unless it was set."""
    rights = rights_of(Member(user_id=4, role=role), Workspace(**settings))

    assert MemberRights(4, role == Member.ROLE_ADMIN, *expected) == rights


async def test_a_plain_member_sees_all_time_and_no_amounts() -> None:
    """Its own neither; what hides them reads true."""
    report, rows = await seen(january(hide_amounts=False))

    assert [1, 2, 3] == ids_of(rows)
    assert not any(one.HasField("billable_amount_in_cents") or one.HasField("hourly_rate_in_cents") for one in rows)
    told = info(report)
    assert (True, True) == (told.hide_amounts, told.input_params["hide_amounts"])
    assert not told.totals.HasField("billable_amount_in_cents")


@pytest.mark.parametrize("body", [{}, {"user_ids": [11]}, {"user_ids": [11, 12]}, {"group_ids": [5]}])
async def test_a_member_who_sees_no_others_sees_own_time_only(body: dict[str, Any]) -> None:
    """No filter finds the time of others, and no name of theirs is told."""
    report, rows = await seen(january(**body), **OWN_ONLY)

    assert ([2] if 12 in body.get("user_ids", [12]) and "group_ids" not in body else []) == ids_of(rows)
    assert names(report) <= {"Bob"}


@pytest.mark.parametrize("kind", ["summary", "weekly", "projects"])
async def test_every_kind_of_report_holds_own_time_only(kind: str) -> None:
    report, _ = await seen(january(kind), **OWN_ONLY)

    assert 1800 == (report.totals and report.totals.seconds)


async def test_an_audit_does_not_tell_members_who_are_not_seen() -> None:
    """Nor are groups found out by bounds of amounts that are hidden."""
    empty = {"grouping": "users", "sub_grouping": "projects", "audit": {"show_empty_groups": True}}
    _, groups = await seen(january("summary", **empty), owner=DAN, **OWN_ONLY)
    bounds = {"audit": {"group_filter": {"min_amount_cents": 1_000_000}}}
    _, bounded = await seen(january("summary", **bounds))

    assert ["Dan"] == [one.title for one in groups]
    assert ["Inside", "Site"] == [one.title for one in bounded]


async def test_amounts_are_shown_to_members_where_it_was_set() -> None:
    """Of what they see."""
    report, rows = await seen(january(), members_see_amounts=True, **OWN_ONLY)

    assert ([2], [2500]) == (ids_of(rows), [one.billable_amount_in_cents for one in rows])
    assert not info(report).hide_amounts


@pytest.mark.parametrize("reader", ["manager", "member", "stranger"])
async def test_a_saved_report_shows_what_its_owner_sees_now(reader: Any) -> None:
    """To everybody who runs it, in every format: its owner is no admin any more."""
    for extent in ("everything", "export", "print"):
        report, rows = await seen(shared(), owner=DAN, saved=SAVED, reader=reader, extent=extent, **OWN_ONLY)
        assert ([3], True) == (ids_of(rows), report.query.hide_amounts)
    whole, _ = await seen(shared(hide_amounts=False), owner=DAN, saved=SAVED, reader=reader)
    assert (6400 + 2600, True) == (whole.totals and whole.totals.seconds, whole.query.hide_amounts)


async def test_a_saved_audit_is_judged_within_the_owners_rights() -> None:
    """Groups that the owner does not see are none."""
    audit = {"grouping": "users", "sub_grouping": "projects", "audit": {"group_filter": {"min_duration_seconds": 1}}}
    saved = SavedReport(1, 1, 13, "Hours", JANUARY | {"report_type": "summary"} | audit, public=True)
    _, groups = await seen(shared(), owner=DAN, saved=saved, reader="stranger", **OWN_ONLY)

    assert ["Dan"] == [one.title for one in groups]


async def test_addresses_of_others_are_for_members_who_see_them() -> None:
    """A public report of an admin shows all time, but to a member who sees no others no addresses."""
    emails = []
    for settings in ({}, OWN_ONLY):
        report, _ = await seen(shared(), owner=ANN, saved=SAVED, reader="member", **settings)
        emails.append({one.email for one in report.directory.members.values()})

    assert [{"ann@example.com", "bob@example.com", "dan@example.com"}, {""}] == emails
