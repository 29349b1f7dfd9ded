"""Making, changing, listing and deleting saved reports."""

import re
from dataclasses import replace
from datetime import date

import pytest
from daybook.input.v1.workspace_pb2 import Member

from services.errors import (
    DaybookError,
    DemoAccount,
    InvalidParameters,
    NonexistentEntities,
    NotAuthenticated,
    NotFound,
)
from services.errors.workspaces import AdminNeeded, ReportTypeMissing, WorkspaceNotFound
from services.generation.accounts.authentication import Principal
from services.generation.domain.paging import Page
from services.generation.timetracking.saved_report_changes import SavedChange
from services.generation.timetracking.time_store import SavedReportQuery
from tests.builders.people import user
from tests.builders.saved_report_service import (
    ANN,
    ANN_CALLS,
    BOB,
    BOB_CALLS,
    BOSS,
    BOSS_CALLS,
    DETAILED,
    EVE_CALLS,
    NOW,
    OPERATOR,
    STRANGER_CALLS,
    TOKEN,
    StoredReports,
    saved,
)
from tests.builders.time_entries import changed

NEW = SavedChange(name="Week", params=DETAILED)
PAGE = Page(100)


@pytest.fixture
def office() -> StoredReports:
    """Return an office with a report of Ann's, one of Bob's and a public one of the boss's."""
    return StoredReports(
        [saved(), saved(id=2, user_id=BOB.user_id, token="2" * 32), saved(id=3, user_id=BOSS.user_id, public=True)]
    )


async def test_who_saves_a_report_owns_it() -> None:
    """It is private under a token of its own until something else is chosen."""
    made = await StoredReports().service.create(1, ANN_CALLS, NEW)

    assert re.fullmatch("[0-9a-f]{32}", made.token)
    expected = saved(name="Week", token=made.token, create_time=NOW, update_time=NOW, updated_by=ANN.user_id)
    assert expected == made


async def test_everything_can_be_chosen_at_once() -> None:
    """By an admin, who alone may make a report public."""
    new = replace(NEW, public=True, fixed_daterange=True, show_emails=True, expire_date="2026-02-28")
    made = await StoredReports().service.create(1, BOSS_CALLS, new)

    assert (True, True, date(2026, 2, 28)) == (made.public, made.fixed_daterange, made.expire_date)
    assert made.show_emails
    with pytest.raises(AdminNeeded):
        await StoredReports().service.create(1, ANN_CALLS, new)


async def test_an_operator_saves_for_anybody() -> None:
    """For the workspace's owner by default; others save for themselves."""
    office = StoredReports()
    made = [
        await office.service.create(1, OPERATOR, replace(NEW, public=True), owner) for owner in ("", "BOB@example.com")
    ]

    assert [(BOSS.user_id, 0), (BOB.user_id, 0)] == [(one.user_id, one.updated_by) for one in made]
    assert ANN.user_id == (await office.service.create(1, ANN_CALLS, NEW, "Ann@Example.com")).user_id
    for caller, owner in ((ANN_CALLS, BOB.email), (OPERATOR, "mallory@example.com"), (OPERATOR, "eve@example.com")):
        with pytest.raises(InvalidParameters) as caught:
            await office.service.create(1, caller, NEW, owner)
        assert ["owner_login"] == [one.field for one in caught.value.violations]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": None}, ["name"]),
        ({"name": " "}, ["name"]),
        ({"name": 256 * "x"}, ["name"]),
        ({"name": "a\nb", "expire_date": "2026-02-29"}, ["name", "expire_date"]),
        ({"expire_date": "tomorrow"}, ["expire_date"]),
        ({"params": {**DETAILED, "note": 65_536 * "x"}}, ["params"]),
        ({"params": {**DETAILED, "rounding": 7, "user_ids": "x"}}, ["params.user_ids", "params.rounding"]),
        ({"params": {"report_type": "projects"}}, ["params.report_type"]),
        ({"params": None}, ["params.report_type"]),
    ],
)
async def test_what_is_wrong_is_named(changes: dict[str, object], fields: list[str]) -> None:
    """And nothing is stored."""
    office = StoredReports()
    with pytest.raises(InvalidParameters) as caught:
        await office.service.create(1, BOSS_CALLS, replace(NEW, **changes))  # type: ignore[arg-type] # fields by name

    assert (fields, []) == ([one.field for one in caught.value.violations], office.reports)


@pytest.mark.parametrize("caller", [STRANGER_CALLS, EVE_CALLS])
async def test_others_know_nothing_of_a_workspace(office: StoredReports, caller: Principal) -> None:
    """To strangers and former members it is like one that does not exist."""
    for workspace_id, who in ((1, caller), (2, BOSS_CALLS), (2, OPERATOR)):
        for call in (
            office.service.membership(workspace_id, who),
            office.service.create(workspace_id, who, NEW),
            office.service.get(workspace_id, who, 1),
            office.service.page(who, SavedReportQuery(workspace_id), PAGE),
            office.service.update(workspace_id, who, [SavedChange(1)]),
            office.service.delete(workspace_id, who, [1]),
        ):
            with pytest.raises(WorkspaceNotFound):
                await call
    with pytest.raises(NotAuthenticated):
        await office.service.membership(1, None)


async def test_an_operator_is_the_owner(office: StoredReports) -> None:
    """Also one who left or was never put among the members."""
    office.members = [changed(BOSS, role=Member.ROLE_MEMBER, inactive=True)]
    assert BOSS == await office.service.membership(1, OPERATOR)
    office.members = []

    assert ("Boss@Example.com", Member.ROLE_ADMIN) == (
        (one := await office.service.membership(1, OPERATOR)).email,
        one.role,
    )


async def test_members_have_their_own_reports_and_admins_all(office: StoredReports) -> None:
    """A report of somebody else is told like a missing one."""
    query = SavedReportQuery(1)
    lists = [
        [one.id for one in await office.service.page(who, query, PAGE)] for who in (ANN_CALLS, BOSS_CALLS, OPERATOR)
    ]

    assert [[1], [1, 2, 3], [1, 2, 3]] == lists
    assert [] == await office.service.page(ANN_CALLS, replace(query, user_id=BOB.user_id), PAGE)
    assert [2] == [one.id for one in await office.service.page(BOSS_CALLS, replace(query, user_id=BOB.user_id), PAGE)]
    assert (saved(), saved()) == (await office.service.get(1, ANN_CALLS, 1), await office.service.get(1, BOSS_CALLS, 1))
    for report_id in (2, 3, 4):
        with pytest.raises(NotFound) as caught:
            await office.service.get(1, ANN_CALLS, report_id)
        assert {"report_id": str(report_id)} == caught.value.metadata


@pytest.mark.parametrize("skip", [-1, 1_000_001])
async def test_lists_pass_over_a_bounded_number_of_reports(office: StoredReports, skip: int) -> None:
    """None of them, up to a million."""
    with pytest.raises(InvalidParameters) as caught:
        await office.service.page(ANN_CALLS, SavedReportQuery(1, skip=skip), PAGE)

    assert ["skip"] == [one.field for one in caught.value.violations]


@pytest.mark.parametrize("name", ["x" * 256, "a\x00b"])
async def test_lists_look_for_names_that_a_report_may_have(office: StoredReports, name: str) -> None:
    """The store refuses to look for texts that are too long or hold a zero byte."""
    with pytest.raises(InvalidParameters) as caught:
        await office.service.page(ANN_CALLS, SavedReportQuery(1, name=name), PAGE)

    assert ["name"] == [one.field for one in caught.value.violations]


async def test_what_is_not_chosen_stays(office: StoredReports) -> None:
    """Changes are stored in one go and told in the order they were asked for."""
    asked = [SavedChange(3, regenerate_token=True), SavedChange(1, name="Ours", public=True, expire_date="2026-01-31")]
    third, first = await office.service.update(1, BOSS_CALLS, asked)

    after = saved(name="Ours", public=True, expire_date=date(2026, 1, 31), update_time=NOW, updated_by=BOSS.user_id)
    assert after == first
    assert (True, "Mine", 32) == (third.token != TOKEN, third.name, len(third.token))
    assert ([first, third], 1) == ([office.reports[0], office.reports[2]], office.writes)
    (endless,) = await office.service.update(1, BOSS_CALLS, [SavedChange(1, expire_date="")])
    assert endless.expire_date is None


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (SavedChange(2, name="Theirs"), NotFound),
        (SavedChange(9), NotFound),
        (SavedChange(1, name=""), InvalidParameters),
        (SavedChange(1, params={}), ReportTypeMissing),
        (SavedChange(1, public=True), AdminNeeded),
    ],
)
async def test_all_are_changed_or_none(office: StoredReports, change: SavedChange, error: type[DaybookError]) -> None:
    """The one at fault is named."""
    office.saved.stored[4] = saved(id=4)
    with pytest.raises(error) as caught:
        await office.service.update(1, ANN_CALLS, [SavedChange(4, name="New"), change])

    assert ({"report_id": str(change.id)}, 0) == (caught.value.metadata, office.writes)


async def test_a_public_report_is_saved_by_admins_alone() -> None:
    """Its owner may only make it private again."""
    office = StoredReports([saved(public=True)])
    with pytest.raises(AdminNeeded):
        await office.service.update(1, ANN_CALLS, [SavedChange(1, name="New")])

    assert not (await office.service.update(1, ANN_CALLS, [SavedChange(1, public=False)]))[0].public


async def test_deleted_reports_are_told_as_they_were(office: StoredReports) -> None:
    """With the moment of their deletion; ids that are missing or somebody else's let all stay."""
    with pytest.raises(NonexistentEntities) as caught:
        await office.service.delete(1, ANN_CALLS, [1, 2, 9])
    assert {"found_count": "1", "asked_count": "3"} == caught.value.metadata
    assert [saved(delete_time=NOW)] == await office.service.delete(1, ANN_CALLS, [1])

    assert [2, 3] == [one.id for one in office.reports]


async def test_a_demo_account_deletes_nothing(office: StoredReports) -> None:
    """As everywhere."""
    with pytest.raises(DemoAccount):
        await office.service.delete(1, Principal(user(login=ANN.email, demo=True)), [1])


async def test_batches_are_bounded_and_without_repeats(office: StoredReports) -> None:
    """One to a hundred reports, each once."""
    for ids in ([], [1, 1], list(range(101))):
        with pytest.raises(InvalidParameters):
            await office.service.delete(1, BOB_CALLS, ids)
        with pytest.raises(InvalidParameters):
            await office.service.update(1, BOB_CALLS, [SavedChange(one) for one in ids])


async def test_a_report_tells_to_whom_schedules_mail_it(office: StoredReports) -> None:
    """Whatever is done with it, as long as there is a schedule."""
    office.schedules.members = {1: {1: [11, 12]}, 2: {3: [13]}}
    service, change = office.service, SavedChange(id=1, name="Renamed")

    assert (11, 12) == (await service.get(1, ANN_CALLS, 1)).scheduled_user_ids
    assert [(11, 12)] == [one.scheduled_user_ids for one in await service.update(1, ANN_CALLS, [change])]
    listed = await service.page(BOSS_CALLS, SavedReportQuery(1), PAGE)
    assert [(11, 12), (), ()] == [one.scheduled_user_ids for one in listed]
    assert [(11, 12)] == [one.scheduled_user_ids for one in await service.delete(1, ANN_CALLS, [1])]


async def test_lists_are_of_reports_with_or_without_a_schedule(office: StoredReports) -> None:
    """Members find their own alone."""
    office.schedules.members = {1: {1: [11], 3: []}}

    async def ids(caller: Principal, *, scheduled: bool) -> list[int]:
        return [one.id for one in await office.service.page(caller, SavedReportQuery(1, scheduled=scheduled), PAGE)]

    assert ([1, 3], [2]) == (await ids(BOSS_CALLS, scheduled=True), await ids(BOSS_CALLS, scheduled=False))
    assert ([1], []) == (await ids(ANN_CALLS, scheduled=True), await ids(ANN_CALLS, scheduled=False))
