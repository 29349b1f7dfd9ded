"""Rounding of sums: each sub-group, merged row or cell of a week once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.timetracking.group_rounding import CellFold, Cells
from services.generation.timetracking.preparation import Rounding, rounded
from services.generation.timetracking.prices import Rate
from tests.builders.time_entries import EntryRow, directory, entries, entry
from tests.builders.time_report_service import january, run
from tests.builders.tracked_time import ready
from tests.fakes.time_entries import MemoryTimeEntries

FOUR = tuple(
    entry(id=number, start=f"2026-01-05T0{number}:00:00Z", seconds=seconds, description="a")
    for number, seconds in enumerate((449, 450, 1200, 1400), 1)
)
BY_GROUP = {"rounding": 1, "rounding_minutes": 15, "rounding_scope": "group"}


async def groups(*work: EntryRow, **params: Any) -> Any:
    """Return the totals and the groups of a summary."""
    report, found = await run(MemoryTimeEntries.of(*work), january("summary", **params))
    return report.totals, found


@pytest.mark.parametrize(
    ("expected", "params"),
    [
        (3600, BY_GROUP),
        (2700, BY_GROUP | {"rounding": -1}),
        (3600, BY_GROUP | {"rounding": 2}),
        (5400, BY_GROUP | {"rounding_scope": "entry"}),
        (3600, {"rounding": 2, "rounding_minutes": 15}),
        (3499, {"rounding_scope": "group"}),
    ],
)
async def test_a_sub_group_is_rounded_once(expected: int, params: Any) -> None:
    """Groups and totals are sums of those; a graph stays as it was tracked."""
    whole, (group,) = await groups(*FOUR, **params)

    assert [expected] == [part.seconds for part in group.sub_groups]
    assert (expected, expected) == (group.seconds, whole.seconds)
    if params.get("rounding_scope") == "group":
        assert 3499 == sum(bucket.seconds for bucket in whole.graph)


async def test_the_difference_goes_to_the_part_with_the_most_time() -> None:
    """Of equal rate and billable: here an hour at 50 EUR, which becomes 70 minutes."""
    work = [
        entry(id=1, seconds=3600, project=7, billable=True),
        entry(id=2, seconds=1800, project=7, billable=True, rate_cents=100),
        entry(id=3, seconds=1200, project=7),
    ]
    whole, (group,) = await groups(*work, rounding=1, rounding_minutes=60, rounding_scope="group")

    rates = [Rate(1800, 100, "EUR"), Rate(4200, 5000, "EUR")]
    assert (7200, {"EUR": 5883}) == (group.seconds, group.amounts)
    assert (rates, rates) == (list(group.sub_groups[0].rates), list(whole.rates))
    assert (5883, 5050) == (whole.amount_cents, sum(bucket.amount_cents or 0 for bucket in whole.graph))


async def test_a_stored_amount_is_not_changed() -> None:
    """Nor is the rate that it comes to."""
    work = [entry(id=1, seconds=1800, project=7, billable=True, amount_cents=1000)]
    whole, (group,) = await groups(*work, rounding=1, rounding_minutes=60, rounding_scope="group")

    assert (3600, {"EUR": 1000}, 1000) == (group.seconds, group.amounts, whole.amount_cents)
    assert [Rate(3600, 2000, "EUR")] == list(group.sub_groups[0].rates)


async def test_a_sub_group_may_be_rounded_to_nothing() -> None:
    """Its longest entries give first, but all of them in the end."""
    _whole, (group,) = await groups(*FOUR, **BY_GROUP | {"rounding": -1, "rounding_minutes": 60})

    assert 0 == group.seconds


async def test_a_merged_row_is_rounded_once() -> None:
    """Rows that are not merged are rounded one by one."""
    memory = MemoryTimeEntries.of(*FOUR)
    report, (row,) = await run(memory, january("detailed", grouped=True, **BY_GROUP))
    assert report.totals
    assert (3600, 3600) == (sum(one.seconds for one in row.time_entries), report.totals.seconds)
    report, rows = await run(memory, january("detailed", **BY_GROUP))
    assert report.totals
    assert [900, 900, 1800, 1800] == [one.time_entries[0].seconds for one in rows]
    assert 5400 == report.totals.seconds


async def test_each_cell_of_a_week_is_rounded_once() -> None:
    """By day, member and project."""
    work = [*FOUR, entry(id=5, start="2026-01-06T09:00:00Z", seconds=60)]
    source = january("weekly", **BY_GROUP | {"start_date": "2026-01-05"})
    report, (row,) = await run(MemoryTimeEntries.of(*work), source)

    assert [3600, 900, 0, 0, 0, 0, 0] == list(row.seconds)
    assert report.totals
    assert 4500 == report.totals.seconds


async def test_an_audit_sees_groups_as_they_are_rounded() -> None:
    """Here one that is in bounds only so."""
    whole, found = await groups(*FOUR, **BY_GROUP, audit={"group_filter": {"min_duration_seconds": 3600}})

    assert [3600] == [group.seconds for group in found]
    assert 3600 == whole.seconds


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5000), st.booleans()), max_size=12),
    st.builds(Rounding, st.sampled_from([-1, 1, 2]), st.sampled_from([1, 6, 15, 60])),
)
def test_adjusted_entries_add_up_to_rounded_sums(those: list[tuple[int, int, bool]], rounding: Rounding) -> None:
    """None of them is less than nothing."""
    work = entries(*(entry(task=task, seconds=s, billable=billable) for task, s, billable in those))
    fold = CellFold(Cells(frozenset({"task_id"}), lambda rows: [rows.entries.task_id]))
    fold.add(ready(work, directory()))
    seconds = fold.result(rounding).applied(work.id, work.seconds)

    assert all(seconds >= 0)
    for task in range(3):
        within = work.task_id == task
        assert rounded(work.seconds[within].sum(), rounding) == seconds[within].sum()
