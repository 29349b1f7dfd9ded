from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entries import Entries
from services.generation.timetracking.parameters import WeeklyParams
from services.generation.timetracking.periods import day_number
from services.generation.timetracking.weeks import WeekFold, WeeklyRow
from tests.builders.time_entries import EntryRow, directory, entries, entry, pieces
from tests.builders.tracked_time import by_start, cuts, directories, lists, ready

MONDAY = date(2026, 1, 5)


def test_a_row_has_seven_days_of_a_member_on_a_project() -> None:
    """Days are local days from the first asked for; empty ones are 0."""
    work = entries(
        entry(project=7, billable=True),
        entry(project=7, seconds=60, start="2026-01-05T23:30:00Z"),  # half past midnight in Berlin
        entry(project=7, billable=True, seconds=1800, start="2026-01-11T12:00:00Z", task=21),
    )
    expected = WeeklyRow(
        user_id=11,
        project_id=7,
        task_id=None,
        currency="EUR",
        rate_cents=5000,
        seconds=[3600, 60, 0, 0, 0, 0, 1800],
        billable_seconds=[3600, 0, 0, 0, 0, 0, 1800],
        amounts_cents=[5000, 0, 0, 0, 0, 0, 2500],
    )

    assert [expected] == _week(work, WeeklyParams())


def test_rows_are_in_order_of_names() -> None:
    """By project, then by member; what has no project comes last."""
    work = entries(entry(user=12), entry(project=7, user=12), entry(project=7), entry(project=8))

    assert [(8, 11), (7, 11), (7, 12), (None, 12)] == [
        (row.project_id, row.user_id) for row in _week(work, WeeklyParams())
    ]


def test_members_come_first_where_asked() -> None:
    """Bob's projects follow Ann's, though one of them comes before hers by name."""
    work = entries(entry(project=8, user=12), entry(project=7))

    assert [12, 11] == [row.user_id for row in _week(work, WeeklyParams(grouping="projects"))]
    assert [11, 12] == [row.user_id for row in _week(work, WeeklyParams(grouping="users"))]


def test_tasks_have_rows_of_their_own_when_asked_for() -> None:
    """Time without a task follows."""
    work = entries(entry(project=7), entry(project=7, task=21))

    assert [None] == [row.task_id for row in _week(work, WeeklyParams())]
    assert [21, None] == [row.task_id for row in _week(work, WeeklyParams(group_by_task=True))]


def test_currencies_have_rows_of_their_own() -> None:
    """Money of two currencies is never added."""
    work = entries(entry(project=7, billable=True), entry(project=7, billable=True, rate_cents=1, currency="CHF"))

    assert [("CHF", 1, 1), ("EUR", 5000, 5000)] == [
        (row.currency, row.rate_cents, sum(row.amounts_cents or ())) for row in _week(work, WeeklyParams())
    ]


@pytest.mark.parametrize(
    "work",
    [
        (entry(project=7, billable=True), entry(project=7, billable=True, rate_cents=1)),
        (entry(project=7),),
        (entry(billable=True),),
    ],
)
def test_a_row_of_several_rates_or_none_has_no_rate(work: tuple[EntryRow, ...]) -> None:
    """One number would be wrong for some of its time."""
    assert [None] == [row.rate_cents for row in _week(entries(*work), WeeklyParams())]


def test_hidden_money_is_not_in_a_week() -> None:
    """Neither amounts nor rates."""
    (row,) = _week(entries(entry(project=7, billable=True)), WeeklyParams(), amounts=False)

    assert (None, None) == (row.amounts_cents, row.rate_cents)


@given(lists, directories, st.sampled_from([WeeklyParams(), WeeklyParams(grouping="users", group_by_task=True)]), cuts)
def test_a_week_adds_up_to_its_entries_however_they_come(
    those: tuple[EntryRow, ...], known: Directory, params: WeeklyParams, where: list[int]
) -> None:
    """Entries of other weeks are no part of it."""
    first = date(2026, 3, 27)
    whole = by_start(those)
    rows = ready(whole, known)
    inside = (rows.day >= day_number(first)) & (rows.day < day_number(first) + 7)
    found = _week(whole, params, known, first=first)

    assert found == _week(whole, params, known, first=first, where=where)
    assert rows.seconds[inside].sum() == sum(sum(row.seconds) for row in found)
    assert rows.seconds[inside & whole.billable].sum() == sum(sum(row.billable_seconds) for row in found)
    assert rows.amount_cents[inside].sum() == sum(sum(row.amounts_cents or ()) for row in found)
    assert all(7 == len(row.seconds) == len(row.billable_seconds) == len(row.amounts_cents or ()) for row in found)


def _week(
    whole: Entries,
    params: WeeklyParams,
    known: Directory | None = None,
    *,
    first: date = MONDAY,
    amounts: bool = True,
    where: list[int] | None = None,
) -> list[WeeklyRow]:
    known = known or directory()
    fold = WeekFold(params, known, first)
    for run in pieces(whole, where or []):
        fold.add(ready(run, known))
    return fold.result(amounts)
