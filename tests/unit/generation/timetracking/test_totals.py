from dataclasses import replace

import pytest
from hypothesis import given

from services.generation.timetracking.directory import Directory
from services.generation.timetracking.periods import Days, Resolution, bucket_starts, day_number, resolution_of
from services.generation.timetracking.preparation import Rounding
from services.generation.timetracking.prices import Rate
from services.generation.timetracking.totals import Bucket, Totals, TotalsFold
from tests.builders.time_entries import EntryRow, days, directory, entries, entry, pieces
from tests.builders.tracked_time import MARCH, by_start, cuts, directories, lists, ready, roundings

WEEK = days("2026-01-05", "2026-01-11")


@pytest.mark.parametrize(
    ("expected", "range_"),
    [
        ("day", days("2026-01-05")),
        ("day", days("2026-01-01", "2026-01-31")),
        ("week", days("2026-01-01", "2026-02-01")),
        ("week", days("2026-01-01", "2026-07-03")),
        ("month", days("2026-01-01", "2026-07-04")),
    ],
)
def test_the_length_of_a_report_says_its_resolution(expected: Resolution, range_: Days) -> None:
    """Days up to a month, weeks up to half a year, then months."""
    assert expected == resolution_of(range_)


@pytest.mark.parametrize(
    ("expected", "range_", "resolution"),
    [
        (["2026-01-07", "2026-01-12", "2026-01-19"], days("2026-01-07", "2026-01-19"), "week"),
        (["2026-01-05", "2026-01-12"], days("2026-01-05", "2026-01-18"), "week"),
        (["2026-01-05", "2026-01-11", "2026-01-18"], replace(days("2026-01-05", "2026-01-18"), week_start=6), "week"),
        (["2025-12-31", "2026-01-01", "2026-02-01"], days("2025-12-31", "2026-02-28"), "month"),
        (["1969-12-31", "1970-01-01"], days("1969-12-31", "1970-01-01"), "day"),
    ],
)
def test_buckets_are_calendar_weeks_and_months_cut_by_the_report(
    expected: list[str], range_: Days, resolution: Resolution
) -> None:
    """Weeks begin on Monday; the first and the last bucket may be short."""
    assert [day_number(days(one).first) for one in expected] == bucket_starts(range_, resolution).tolist()


def test_totals_know_time_money_and_what_occurs() -> None:
    """Rates are in order of currency and rate; billable time without a rate is one, other time is none."""
    totals = _totals(
        entry(project=7, task=21, billable=True, tags=(3,)),
        entry(project=7, billable=True, seconds=1800, rate_cents=100, tags=(4, 3)),
        entry(project=8, billable=True, seconds=60, user=12),
        entry(seconds=30, start="2026-01-06T10:00:00Z"),
    )

    assert (3600 + 1800 + 60 + 30, 3600 + 1800 + 60, 4) == (
        totals.seconds,
        totals.billable_seconds,
        totals.entry_count,
    )
    assert (Rate(1800, 100, "EUR"), Rate(3600, 5000, "EUR"), Rate(60, None, "USD")) == totals.rates
    assert ({"EUR": 5050}, 5050, ["EUR", "USD"]) == (totals.amounts, totals.amount_cents, totals.currencies)
    assert ({0: 30, 7: 5400, 8: 60}, {0: 1890, 21: 3600}) == (totals.project_seconds, totals.task_seconds)
    assert {0: 1, 7: 2, 8: 1} == totals.project_entries
    assert ({11: 5430, 12: 60}, 2, {3, 4}) == (totals.user_seconds, totals.tracked_days, totals.tag_ids)


def test_the_graph_has_a_bucket_for_each_day_and_counts_by_rate() -> None:
    """`by_rate` has the place of a rate in the totals; empty days are empty."""
    totals = _totals(
        entry(project=7, billable=True),
        entry(project=7, billable=True, rate_cents=100, seconds=1800),
        entry(project=7, seconds=60, start="2026-01-11T10:00:00Z"),
    )

    assert ("day", 7) == (totals.resolution, len(totals.graph))
    assert Bucket(5400, 5400, {0: 1800, 1: 3600}, 5050) == totals.graph[0]
    assert [Bucket(amount_cents=0)] * 5 == list(totals.graph[1:6])
    assert Bucket(60, 0, {}, 0) == totals.graph[6]


def test_money_in_two_currencies_is_not_one_sum() -> None:
    """Each currency has its own, and neither the whole nor a day has one."""
    totals = _totals(entry(project=7, billable=True), entry(billable=True, rate_cents=100))

    assert ({"EUR": 5000, "USD": 100}, None) == (totals.amounts, totals.amount_cents)
    assert {None} == {bucket.amount_cents for bucket in totals.graph}


def test_hidden_money_is_nowhere() -> None:
    """Without amounts there are no rates either; which time is billable stays known."""
    totals = _totals(entry(project=7, billable=True), amounts=False)

    assert ({}, None, ()) == (totals.amounts, totals.amount_cents, totals.rates)
    assert [Bucket(3600, 3600)] + [Bucket()] * 6 == list(totals.graph)


def test_nothing_tracked_is_no_money_and_no_time() -> None:
    """The graph still covers the days."""
    totals = _totals()

    assert Totals(amount_cents=0, currencies=[], graph=(Bucket(amount_cents=0),) * 7) == totals


def test_a_day_of_no_time_is_not_tracked() -> None:
    """An entry of 0 seconds, or rounded to them, is an entry but no time."""
    totals = _totals(entry(seconds=59), rounding=Rounding(-1, 1))

    assert (1, 0) == (totals.entry_count, totals.tracked_days)


def _totals(*those: EntryRow, amounts: bool = True, rounding: Rounding | None = None) -> Totals:
    known = directory()
    fold = TotalsFold(WEEK, None, amounts)
    fold.add(ready(entries(*those), known, rounding))
    return fold.result()


@given(lists, directories, roundings, cuts)
def test_totals_are_the_sums_of_rows_however_they_come(
    those: tuple[EntryRow, ...], known: Directory, rounding: Rounding, where: list[int]
) -> None:
    """Rates, graph and ids add up to the whole, and cutting the entries into runs changes nothing."""
    whole = by_start(those)
    rows = ready(whole, known, rounding)
    totals, in_runs = TotalsFold(MARCH, None, True), TotalsFold(MARCH, None, True)
    totals.add(rows)
    for run in pieces(whole, where):
        in_runs.add(ready(run, known, rounding))
    result = totals.result()

    assert result == in_runs.result()
    assert rows.seconds.sum() == result.seconds == sum(bucket.seconds for bucket in result.graph)
    assert rows.seconds[whole.billable].sum() == result.billable_seconds
    assert result.billable_seconds == sum(rate.billable_seconds for rate in result.rates)
    assert result.billable_seconds == sum(sum(bucket.by_rate.values()) for bucket in result.graph)
    assert rows.amount_cents.sum() == sum(result.amounts.values())
    for sums in (result.project_seconds, result.task_seconds, result.user_seconds):
        assert result.seconds == sum(sums.values())


@given(lists)
def test_a_resolution_changes_the_graph_alone(those: tuple[EntryRow, ...]) -> None:
    """Days, weeks and months are sums of the same time."""
    known, results = directory(), []
    for resolution in ("day", "week", "month"):
        fold = TotalsFold(MARCH, resolution, True)
        fold.add(ready(by_start(those), known))
        results.append(fold.result())

    assert [61, 10, 2] == [len(result.graph) for result in results]
    assert 1 == len({sum(bucket.seconds for bucket in result.graph) for result in results})
    assert results[0] == replace(results[2], resolution="day", graph=results[0].graph)
