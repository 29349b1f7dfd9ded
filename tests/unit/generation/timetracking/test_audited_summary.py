"""Summaries whose groups are audited."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.builders.time_entries import EntryRow, entry
from tests.builders.time_report_service import january, run
from tests.fakes.time_entries import MemoryTimeEntries

WORK: tuple[EntryRow, ...] = (
    entry(id=1, start="2026-01-05T08:00:00Z", project=7, billable=True, seconds=3600),
    entry(id=2, start="2026-01-06T08:00:00Z", project=7, user=12, seconds=60),
    entry(id=3, start="2026-01-06T18:00:00Z", seconds=600),
)


async def audited(audit: Mapping[str, Any], **params: Any) -> list[tuple[int | None, int]]:
    """Return the groups of a summary, by id and seconds, after a look at whether its totals are theirs."""
    report, groups = await run(MemoryTimeEntries.of(*WORK), january("summary", audit=audit, **params))
    assert report.totals
    assert sum(group.seconds for group in groups) == report.totals.seconds
    assert len(groups) == report.row_count
    return [(group.id, group.seconds) for group in groups]


@pytest.mark.parametrize(
    ("expected", "audit"),
    [
        ([(7, 3660), (None, 600)], {}),
        ([(7, 3660)], {"group_filter": {"min_duration_seconds": 601}}),
        ([(None, 600)], {"group_filter": {"max_duration_seconds": 3659}}),
        ([(7, 3660)], {"group_filter": {"currency": "EUR", "min_amount_cents": 5000}}),
        ([], {"group_filter": {"min_amount_cents": 5001}}),
        ([(8, 0), (7, 3660), (None, 600)], {"show_empty_groups": True}),
        ([(8, 0)], {"show_empty_groups": True, "show_tracked_groups": False}),
        ([], {"show_tracked_groups": False}),
        ([(7, 3660)], {"show_empty_groups": True, "group_filter": {"min_duration_seconds": 3660}}),
    ],
)
async def test_an_audit_chooses_groups(expected: list[tuple[int | None, int]], audit: Mapping[str, Any]) -> None:
    """By what they come to, with entries or without; the totals are those of the groups shown."""
    assert expected == await audited(audit)


@pytest.mark.parametrize(
    ("expected", "params"),
    [
        ([(5, 3660)], {"grouping": "clients"}),
        ([(12, 60), (11, 4200)], {"grouping": "users", "order_by": "duration"}),
        ([(11, 3600), (12, 60)], {"grouping": "users", "client_ids": [5]}),
        ([(8, 0)], {"project_ids": [8]}),
        ([(5, 0)], {"grouping": "clients", "project_ids": [7], "billable": True, "user_ids": [12]}),
        ([(5, 0)], {"grouping": "clients", "client_ids": [5, 99], "user_ids": [99]}),
    ],
)
async def test_empty_groups_keep_to_the_filters(expected: list[tuple[int | None, int]], params: Any) -> None:
    """A filtered group is no empty group; nor is having no project, client or name."""
    found = await audited({"show_empty_groups": True, "group_filter": {"max_duration_seconds": 5000}}, **params)

    assert expected == [one for one in found if one[0] is not None]


async def test_hidden_amounts_are_not_found_out_by_an_audit() -> None:
    """Bounds of money bound nothing then, those of time still do."""
    bounds = {"min_amount_cents": 999_999, "currency": "JPY", "min_duration_seconds": 601}

    assert [(7, 3660)] == await audited({"group_filter": bounds}, hide_amounts=True)
