from collections.abc import Callable
from datetime import datetime
from typing import get_args

import numpy as np
import pytest
from daybook.savedreport.v1.time_report_pb2 import DetailedRow, RowEntry
from hypothesis import given
from hypothesis import strategies as st

from services.generation.timetracking.detailed_rows import rows_of
from services.generation.timetracking.directory import Directory, place_of
from services.generation.timetracking.entries import Entries
from services.generation.timetracking.parameters import DetailedParams, Order
from services.generation.timetracking.preparation import Rounding
from services.generation.timetracking.row_plan import DetailFold, RowPlan
from services.generation.words.collation import collation
from services.generation.words.time_zones import offsets_s
from tests.builders.time_entries import ANN, EntryRow, at_utc, directory, entries, entry, member, moment, picked, pieces
from tests.builders.tracked_time import by_start, cuts, directories, lists, ready, roundings

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
    expected = DetailedRow(
        row_number=8,
        user_id=11,
        project_id=7,
        task_id=None,
        tag_ids=(3, 4),
        description="Night",
        billable=True,
        billable_amount_in_cents=5083 + 83,
        hourly_rate_in_cents=5000,
        currency="EUR",
        time_entries=[
            RowEntry(
                id=1,
                seconds=3660,
                start="2026-03-29T01:30:00+01:00",
                stop="2026-03-29T03:30:01+02:00",
                at="2026-03-29T01:30:01+00:00",
                at_tz="2026-03-29T03:30:01+02:00",
            ),
            RowEntry(
                id=2,
                seconds=60,
                start="2026-03-30T02:30:00+02:00",
                stop="2026-03-30T02:30:18+02:00",
                at="2026-03-30T00:30:18+00:00",
                at_tz="2026-03-30T02:30:18+02:00",
            ),
        ],
    )

    assert [expected] == rows_of(rows, np.array([2]), 8, offsets_s, known, True)
    assert [8, 9] == [row.row_number for row in rows_of(rows, None, 8, offsets_s, known, True)]


@pytest.mark.parametrize(
    ("one", "amounts"),
    [(entry(project=7), True), (entry(billable=True), True), (entry(project=7, billable=True), False)],
)
def test_a_row_without_a_rate_or_with_hidden_money_has_no_amount(one: EntryRow, *, amounts: bool) -> None:
    """Its currency is still known."""
    (row,) = rows_of(ready(entries(one), directory()), None, 1, at_utc, directory(), amounts)

    assert not row.HasField("billable_amount_in_cents")
    assert not row.HasField("hourly_rate_in_cents")
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
    assert all(len(row.time_entries) == 1 for row in rows) or layout.grouped
    assert len(rows) == len({_likeness(row) for row in rows}) or not layout.grouped
    assert ready(whole, known, rounding).amount_cents.sum() == sum(row.billable_amount_in_cents for row in rows)


def _likeness(row: DetailedRow) -> bytes:
    for name in ("row_number", "billable_amount_in_cents", "time_entries"):
        row.ClearField(name)
    return row.SerializeToString(deterministic=True)


def _key(order: Order, known: Directory) -> Callable[[DetailedRow], object]:
    keys: dict[Order, Callable[[DetailedRow], object]] = {
        "date": lambda row: datetime.fromisoformat(row.time_entries[0].start),
        "user": lambda row: place_of("users", row.user_id, known),
        "duration": lambda row: sum(one.seconds for one in row.time_entries),
        "description": lambda row: collation("en")(row.description),
        "last_update": lambda row: max(datetime.fromisoformat(one.at) for one in row.time_entries),
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


@pytest.mark.parametrize(("direction", "expected"), [("ASC", [2, 1]), ("DESC", [1, 2])])
def test_rows_on_paper_stand_by_their_local_days(direction: str, expected: list[int]) -> None:
    """Half past eleven at night in Berlin is the day before half past midnight in Tokyo, and the later moment."""
    tokyo = member(13, "Kei", time_zone="Asia/Tokyo")
    rows = ready(
        entries(entry(start="2026-01-06T15:30:00Z", user=13), entry(start="2026-01-06T22:30:00Z", user=11)),
        directory(members=(ANN, tokyo)),
    )
    fold = DetailFold(DetailedParams(order_dir=direction), directory(members=(ANN, tokyo)), by_day=True)  # type: ignore[arg-type]
    fold.add(rows)

    assert expected == fold.result().ids.tolist()
