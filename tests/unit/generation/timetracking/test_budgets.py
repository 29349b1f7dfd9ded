"""Budgets of projects in summaries."""

from typing import Any

import pytest
from daybook.input.v1.workspace_pb2 import Project

from services.generation.timetracking.budget import Budget
from services.generation.timetracking.time_report import OfWorkspace
from services.generation.timetracking.time_store import SavedReport
from tests.builders.time_entries import SITE, changed, directory, entry
from tests.builders.time_report_service import run, shared
from tests.fakes.time_entries import MemoryTimeEntries

HOURS = changed(SITE, estimated_seconds=4 * 3600)
MONEY = Project(id=8, name="Inside", budget_cents=10_000, hourly_rate_cents=5000)
WORK = [
    *(entry(id=day, start=f"2026-07-0{day}T09:00:00Z", project=7, seconds=5400) for day in (1, 2, 3)),
    *(
        entry(id=10 + day, start=f"2026-07-0{day}T09:00:00Z", project=8, billable=True, seconds=3600)
        for day in (1, 2, 3)
    ),
    entry(id=20, start="2026-07-01T09:00:00Z", seconds=60),
]
JULY = {"start_date": "2026-07-01", "end_date": "2026-07-31", "show_budgets": True}


async def budgets(**params: Any) -> dict[int | None, Budget | None]:
    """Return the budgets of a summary's groups by project."""
    source = OfWorkspace(1, "summary", JULY | params)
    _report, groups = await run(MemoryTimeEntries.of(*WORK), source, known=directory(projects=[HOURS, MONEY]))
    if params.get("grouping") == "clients":
        return {part.id: part.budget for group in groups for part in group.sub_groups}
    return {group.id: group.budget for group in groups}


def told(budget: Budget | None) -> tuple[int, int, int] | None:
    """Return a budget, what is used of it, and what is left."""
    return budget and (budget.total, budget.used, budget.left)


@pytest.mark.parametrize(
    ("expected", "params"),
    [
        ((14400, 16200, -1800), {}),
        ((14400, 10800, 3600), {"end_date": "2026-07-02"}),
        ((14400, 16200, -1800), {"start_date": "2026-07-03"}),
        ((14400, 16200, -1800), {"rounding": 1, "rounding_minutes": 60}),
        (
            (14400, 16200, -1800),
            {"start_date": "2026-07-03", "rounding": 1, "rounding_minutes": 60, "rounding_scope": "group"},
        ),
        ((14400, 16200, -1800), {"grouping": "clients", "sub_grouping": "projects"}),
    ],
)
async def test_a_budget_is_used_by_all_time_up_to_the_last_day(expected: Any, params: Any) -> None:
    """Filters and rounding apart; more than all of it may be used."""
    found = await budgets(**params)

    assert expected == told(found[7])
    assert found.get(None) is None


async def test_filters_do_not_change_what_is_used() -> None:
    """Here only the last of three entries is in the report."""
    assert (14400, 16200, -1800) == told((await budgets(time_entry_ids=[3]))[7])


async def test_a_budget_in_money_is_used_by_amounts() -> None:
    """In the currency of the project; where amounts are hidden it is left out."""
    found = await budgets()

    assert ((10_000, 15_000, -5000), "USD", 150) == (told(found[8]), found[8].currency, found[8].used_percent)  # type: ignore[union-attr]
    hidden = await budgets(hide_amounts=True)
    assert (None, (14400, 16200, -1800)) == (hidden[8], told(hidden[7]))


async def test_budgets_are_shown_where_they_are_asked_for() -> None:
    """In summaries of projects alone."""
    assert {None} == {*(await budgets(show_budgets=False)).values()}
    assert {None} == {*(await budgets(grouping="users", sub_grouping="projects")).values()}


@pytest.mark.parametrize(("expected", "saved"), [((14400, 16200, -1800), {"show_budgets": True}), (None, {})])
async def test_a_viewer_sees_budgets_where_that_was_saved(expected: Any, saved: Any) -> None:
    """Whatever the viewer sends; estimates of dictionaries stay hidden."""
    report = SavedReport(1, 1, 11, "Hours", JULY | {"report_type": "summary", "show_budgets": False} | saved)
    for sent in ({}, {"show_budgets": True}, {"show_budgets": None}):
        ran, groups = await run(
            MemoryTimeEntries.of(*WORK),
            shared(**sent),
            saved=report,
            reader="viewer",
            known=directory(projects=[HOURS]),
        )
        assert [expected] == [told(group.budget) for group in groups if group.id == 7]
        assert not ran.directory.projects[7].HasField("estimated_seconds")
