from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entries import Entries
from services.generation.timetracking.parameters import SUB_GROUPINGS, SummaryParams
from services.generation.timetracking.preparation import Rounding
from services.generation.timetracking.prices import Rate
from services.generation.timetracking.summaries import SummaryFold
from services.generation.timetracking.summary_groups import SubGroup, SummaryGroup
from services.generation.timetracking.totals import TotalsFold
from tests.builders.time_entries import EntryRow, days, directory, entries, entry, pieces
from tests.builders.tracked_time import GONE, by_start, cuts, directories, lists, ready, roundings

PAIRS = [(by, sub) for by, subs in SUB_GROUPINGS.items() for sub in subs]
groupings = st.builds(
    lambda pair, **flags: SummaryParams(grouping=pair[0], sub_grouping=pair[1], **flags),
    st.sampled_from(PAIRS),
    distinguish_rates=st.booleans(),
    include_time_entry_ids=st.booleans(),
)

WORK = entries(
    entry(project=7, description="Design", billable=True, seconds=5400),
    entry(project=7, description="build", billable=True, rate_cents=100, seconds=3600, task=21),
    entry(project=7, description="Design", seconds=60, user=12),
    entry(project=8, description="Design", billable=True, seconds=30),
    entry(description="Lunch", seconds=1800),
)


def test_amounts_of_entries_are_summed_as_they_are_kept() -> None:
    """Groups, parts and totals alike, also for no time and whatever is rounded; rates are what they come to."""
    given = ((36_000, 33_333), (0, 50_000), (1800, 1667), (2, 1000))
    rows = ready(entries(*(entry(project=7, seconds=s, billable=True, amount_cents=c) for s, c in given)), directory())
    fold, totals = SummaryFold(SummaryParams(), directory()), TotalsFold(days("2026-01-05"), None, amounts=True)
    fold.add(rows)
    totals.add(rows)
    (group,) = fold.result()

    rates = [Rate(0, None, "EUR"), Rate(36_000, 3333, "EUR"), Rate(1800, 3334, "EUR"), Rate(2, 1_800_000, "EUR")]
    assert ({"EUR": 86_000},) * 3 == (group.amounts, group.sub_groups[0].amounts, totals.result().amounts)
    assert (rates, rates) == (group.sub_groups[0].rates, list(totals.result().rates))
    assert (86_000, 86_000) == (totals.result().amount_cents, totals.result().graph[0].amount_cents)


def test_a_summary_groups_by_project_and_description() -> None:
    """Titles are in order whatever their case, and what has no project is last; other time has no rate."""
    expected = [
        SummaryGroup(8, "Inside", "#d94182", 30, 30, {}, [_sub("Design", 30, 30, {}, [Rate(30, None, "USD")])]),
        SummaryGroup(
            id=7,
            title="Site",
            color="#0b83d9",
            seconds=9060,
            billable_seconds=9000,
            amounts={"EUR": 7600},
            sub_groups=[
                _sub("build", 3600, 3600, {"EUR": 100}, [Rate(3600, 100, "EUR")]),
                _sub("Design", 5460, 5400, {"EUR": 7500}, [Rate(5400, 5000, "EUR")]),
            ],
        ),
        SummaryGroup(None, "", "", 1800, 0, {}, [_sub("Lunch", 1800, 0, {}, [])]),
    ]

    assert expected == _summary(WORK, SummaryParams())


@pytest.mark.parametrize(
    ("expected", "params"),
    [
        (
            [(8, [(None, None)]), (7, [(21, "Drafts"), (None, None)]), (None, [(None, None)])],
            SummaryParams(sub_grouping="tasks"),
        ),
        (
            [(8, [(11, "Ann")]), (7, [(11, "Ann"), (12, "Bob")]), (None, [(11, "Ann")])],
            SummaryParams(sub_grouping="users"),
        ),
        (
            [(5, [(7, "Site")]), (None, [(8, "Inside"), (None, None)])],
            SummaryParams(grouping="clients", sub_grouping="projects"),
        ),
        (
            [(11, [(5, "Acme"), (None, None)]), (12, [(5, "Acme")])],
            SummaryParams(grouping="users", sub_grouping="clients"),
        ),
    ],
)
def test_groups_and_sub_groups_have_ids_and_titles(expected: object, params: SummaryParams) -> None:
    """Entries without task, project or client are a sub-group of their own."""
    shown = [(group.id, [(sub.id, sub.title) for sub in group.sub_groups]) for group in _summary(WORK, params)]

    assert expected == shown


@pytest.mark.parametrize(
    ("expected", "order_by", "order_dir"),
    [
        ([8, 7, None], "title", "ASC"),
        ([7, 8, None], "title", "DESC"),
        ([8, None, 7], "duration", "ASC"),
        ([7, None, 8], "duration", "DESC"),
    ],
)
def test_groups_are_in_order_of_title_or_duration(expected: object, order_by: Any, order_dir: str) -> None:
    """A group without a title is last by title in either direction, and takes its place by duration."""
    groups = _fold(WORK, SummaryParams(order_by=order_by, order_dir=order_dir)).result()

    assert expected == [group.id for group in groups]


def test_sub_groups_are_split_by_rate_when_asked_for() -> None:
    """Time that is not billable comes first, then rates by currency; each part has one rate at most."""
    work = entries(
        entry(seconds=1, billable=True, rate_cents=200),
        entry(seconds=2, billable=True, rate_cents=100, currency="JPY"),
        entry(seconds=4),
        entry(seconds=8, billable=True),
        entry(seconds=16, currency="JPY"),
    )
    (group,) = _summary(work, SummaryParams(distinguish_rates=True))

    assert [20, 2, 8, 1] == [sub.seconds for sub in group.sub_groups]
    assert [(), (Rate(2, 100, "JPY"),), (Rate(8, None, "USD"),), (Rate(1, 200, "USD"),)] == [
        tuple(sub.rates) for sub in group.sub_groups
    ]


def test_hidden_money_shows_no_rates_and_splits_nothing() -> None:
    """A split would tell how many rates there are."""
    groups = _fold(WORK, SummaryParams(sub_grouping="users", distinguish_rates=True)).result(amounts=False)

    assert [[30], [9000, 60], [1800]] == [[sub.seconds for sub in group.sub_groups] for group in groups]
    assert all(not sub.rates and not sub.amounts and not group.amounts for group in groups for sub in group.sub_groups)


@pytest.mark.parametrize(
    ("expected", "by_rate"), [([[[4]], [[2], [1, 3]], [[5]]], False), ([[[4]], [[2], [3], [1]], [[5]]], True)]
)
def test_ids_of_entries_are_told_when_asked_for(expected: object, *, by_rate: bool) -> None:
    """They are in order of start."""
    groups = _summary(WORK, SummaryParams(distinguish_rates=by_rate, include_time_entry_ids=True))

    assert expected == [[sub.entry_ids for sub in group.sub_groups] for group in groups]


def test_a_project_that_nobody_knows_is_a_group_without_a_title() -> None:
    """It is not mixed with what has no project."""
    groups = _summary(entries(entry(project=GONE), entry()), SummaryParams())

    assert [(GONE, ""), (None, "")] == [(group.id, group.title) for group in groups]


def test_nothing_tracked_has_no_groups() -> None:
    """A report of no entries is an empty list."""
    assert [] == _summary(entries(), SummaryParams(include_time_entry_ids=True))


@given(lists, directories, roundings, groupings, cuts)
def test_groups_add_up_to_the_whole_however_entries_come(
    those: tuple[EntryRow, ...], known: Directory, rounding: Rounding, params: SummaryParams, where: list[int]
) -> None:
    """Time, money and ids of the sub-groups are those of all entries, for every pair of groupings."""
    whole = by_start(those)
    rows = ready(whole, known, rounding)
    groups = _fold(whole, params, known, rounding).result()
    subs = [sub for group in groups for sub in group.sub_groups]

    assert groups == _fold(whole, params, known, rounding, where).result()
    assert rows.seconds.sum() == sum(group.seconds for group in groups) == sum(sub.seconds for sub in subs)
    assert rows.seconds[whole.billable].sum() == sum(group.billable_seconds for group in groups)
    assert all(sub.billable_seconds == sum(rate.billable_seconds for rate in sub.rates) for sub in subs)
    assert rows.amount_cents.sum() == sum(sum(sub.amounts.values()) for sub in subs)
    assert rows.amount_cents.sum() == sum(sum(group.amounts.values()) for group in groups)
    assert (whole.id.tolist() if params.include_time_entry_ids else []) == sorted(
        one for sub in subs for one in sub.entry_ids
    )


def _sub(title: str, seconds: int, billable: int, amounts: dict[str, int], rates: list[Rate]) -> SubGroup:
    return SubGroup(None, title, seconds, billable, amounts, rates)


def _summary(whole: Entries, params: SummaryParams) -> list[SummaryGroup]:
    return _fold(whole, params).result()


def _fold(
    whole: Entries,
    params: SummaryParams,
    known: Directory | None = None,
    rounding: Rounding | None = None,
    where: list[int] | None = None,
) -> SummaryFold:
    known = known or directory()
    fold = SummaryFold(params, known)
    for run in pieces(whole, where or []):
        fold.add(ready(run, known, rounding))
    return fold
