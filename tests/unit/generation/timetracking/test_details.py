from collections.abc import Callable
from dataclasses import astuple, replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.timetracking.detailed_rows import DetailedRow, RowEntry, rows_of
from services.generation.timetracking.directory import Directory
from services.generation.timetracking.directory_lookup import place_of
from services.generation.timetracking.entries import Entries
from services.generation.timetracking.parameters import DetailedParams, Order
from services.generation.timetracking.preparation import Rounding
from services.generation.timetracking.row_plan import DetailFold, RowPlan
from services.generation.words.zones import offsets_s
from tests.builders.time_entries import EntryRow, at_utc, directory, entries, entry, moment, picked, pieces
from tests.unit.generation.timetracking.worlds import by_start, cuts, directories, lists, ready, roundings

layouts = st.builds(
    DetailedParams,
    grouped=st.booleans(),
    order_by=st.sampled_from(get_args(Order)),
    order_dir=st.sampled_from(["ASC", "DESC"]),
)

FIVE = entries(
    entry(start="2026-01-05T09:00:00Z", seconds=100, user=12, description="b"),
    entry(start="2026-01-05T10:00:00Z", seconds=300, user=11, description="A"),
    entry(start="2026-01-05T11:00:00Z", seconds=200, user=12, description="b"),
    entry(start="2026-01-05T12:00:00Z", seconds=300, user=11, update_time=moment("2026-01-01T00:00:00Z")),
    entry(start="2026-01-05T13:00:00Z", seconds=50, user=11, description="A", tags=(3,)),
)


@pytest.mark.parametrize(
    ("expected", "order", "descending"),
    [
        ([1, 2, 3, 4, 5], "date", False),
        ([5, 4, 3, 2, 1], "date", True),
        ([2, 4, 5, 1, 3], "user", False),
        ([1, 3, 2, 4, 5], "user", True),
        ([5, 1, 3, 2, 4], "duration", False),
        ([2, 4, 3, 1, 5], "duration", True),
        ([4, 2, 5, 1, 3], "description", False),
        ([4, 1, 2, 3, 5], "last_update", False),
    ],
)
def test_entries_are_ordered_by_one_thing_then_by_start(expected: list[int], order: Order, *, descending: bool) -> None:
    """Descending turns that one thing round; equal ones stay in the order of their starts."""
    plan = _plan(FIVE, DetailedParams(order_by=order, order_dir="DESC" if descending else "ASC"))

    assert (expected, [1, 2, 3, 4, 5]) == (plan.ids.tolist(), plan.row_ends.tolist())


@pytest.mark.parametrize(
    ("expected", "order", "descending"),
    [
        ([[1, 3], [2], [4], [5]], "date", False),
        ([[5], [4], [2], [1, 3]], "date", True),
        ([[5], [1, 3], [2], [4]], "duration", False),
        ([[5], [1, 3], [2], [4]], "last_update", True),
        ([[2], [4], [5], [1, 3]], "user", False),
    ],
)
def test_equal_entries_are_one_row_when_grouped(expected: list[list[int]], order: Order, *, descending: bool) -> None:
    """A row is dated by its first entry, changed with its last change, and lasts as long as all together."""
    assert expected == _rows(
        _plan(FIVE, DetailedParams(grouped=True, order_by=order, order_dir="DESC" if descending else "ASC"))
    )


@pytest.mark.parametrize(
    "other",
    [
        entry(user=12),
        entry(project=8),
        entry(task=21),
        entry(description="x"),
        entry(billable=True),
        entry(tags=(3,)),
        entry(currency="JPY"),
        entry(billable=True, rate_cents=1),
    ],
)
def test_what_differs_in_anything_but_time_is_not_merged(other: EntryRow) -> None:
    """User, project, task, description, tags, currency, and whether and at which rate it is billable."""
    alike = entry(start="2026-02-01T00:00:00Z", seconds=1)

    assert [[1, 3], [2]] == _rows(_plan(entries(entry(), other, alike), DetailedParams(grouped=True)))


def test_nothing_has_no_rows() -> None:
    """Neither an empty run nor none at all makes a row."""
    for layout in (DetailedParams(), DetailedParams(grouped=True, order_by="last_update")):
        assert [] == _rows(_plan(entries(), layout)) == _rows(DetailFold(layout, directory()).result())


def test_a_row_tells_of_its_entries_with_their_owners_clocks() -> None:
    """Start and stop stay as tracked when seconds are rounded; the amount is the sum of the entries' amounts."""
    known = directory()
    those = entries(
        entry(start="2026-03-29T00:30:00Z", seconds=3601, project=7, billable=True, tags=(3, 4), description="Night"),
        entry(start="2026-03-30T00:30:00Z", seconds=18, project=7, billable=True, tags=(3, 4), description="Night"),
    )
    rows = ready(those, known, Rounding(1, 1))
    start_s, later_s = those.start_s.tolist()
    expected = DetailedRow(
        number=8,
        user_id=11,
        project_id=7,
        task_id=None,
        tag_ids=(3, 4),
        description="Night",
        billable=True,
        amount_cents=5083 + 83,
        rate_cents=5000,
        currency="EUR",
        entries=[
            RowEntry(1, 3660, start_s, start_s + 3601, start_s + 3601, 3600, 7200, 7200),
            RowEntry(2, 60, later_s, later_s + 18, later_s + 18, 7200, 7200, 7200),
        ],
    )

    assert [expected] == rows_of(rows, np.array([2]), 8, offsets_s, known, True)
    assert [8, 9] == [row.number for row in rows_of(rows, None, 8, offsets_s, known, True)]


@pytest.mark.parametrize(
    ("one", "amounts"),
    [(entry(project=7), True), (entry(billable=True), True), (entry(project=7, billable=True), False)],
)
def test_a_row_without_a_rate_or_with_hidden_money_has_no_amount(one: EntryRow, *, amounts: bool) -> None:
    """Its currency is still known."""
    (row,) = rows_of(ready(entries(one), directory()), None, 1, at_utc, directory(), amounts)

    assert (None, None) == (row.amount_cents, row.rate_cents)
    assert row.currency


@given(lists, directories, roundings, layouts, cuts)
def test_every_entry_is_in_one_row_and_rows_are_in_order(
    those: tuple[EntryRow, ...], known: Directory, rounding: Rounding, layout: DetailedParams, where: list[int]
) -> None:
    """However the entries come, and merged or not; what is merged adds up to what is not."""
    whole = by_start(those)
    plan = _plan(whole, layout, known, rounding, where)
    places = plan.ids - 1
    rows = rows_of(ready(picked(whole, places.tolist()), known, rounding), plan.row_ends, 1, offsets_s, known, True)
    keys = [_key(layout.order_by, known)(row) for row in rows]

    assert list(range(1, len(those) + 1)) == sorted(plan.ids.tolist())
    assert sorted(keys, reverse=layout.descending) == keys
    assert all(len(row.entries) == 1 for row in rows) or layout.grouped
    assert len(rows) == len({_likeness(row) for row in rows}) or not layout.grouped
    assert ready(whole, known, rounding).amount_cents.sum() == sum(row.amount_cents or 0 for row in rows)


def _likeness(row: DetailedRow) -> tuple[object, ...]:
    return astuple(replace(row, number=0, amount_cents=None, entries=()))


def _key(order: Order, known: Directory) -> Callable[[DetailedRow], object]:
    keys: dict[Order, Callable[[DetailedRow], object]] = {
        "date": lambda row: row.entries[0].start_s,
        "user": lambda row: place_of("users", row.user_id, known),
        "duration": lambda row: sum(one.seconds for one in row.entries),
        "description": lambda row: (row.description.casefold(), row.description),
        "last_update": lambda row: max(one.update_s for one in row.entries),
    }
    return keys[order]


def _plan(
    whole: Entries,
    layout: DetailedParams,
    known: Directory | None = None,
    rounding: Rounding | None = None,
    where: list[int] | None = None,
) -> RowPlan:
    fold = DetailFold(layout, known or directory())
    for run in pieces(whole, where or []):
        fold.add(ready(run, known or directory(), rounding))
    return fold.result()


def _rows(plan: RowPlan) -> list[list[int]]:
    return [ids.tolist() for ids in np.split(plan.ids, plan.row_ends[:-1])] if len(plan) else []
