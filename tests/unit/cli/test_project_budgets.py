"""Budgets that `daybook project set` gives to a project."""

from typing import Any

import pytest
from typer.testing import CliRunner

from services.cli import work_items
from services.cli.work_items import Named, projects

WHERE = ["set", "Site", "--workspace", "Studio", "--owner", "ann"]


@pytest.fixture
def changes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, Any], tuple[str, ...]]]:
    """Return the fields that are set and unset, in the place of a stack."""
    seen: list[tuple[dict[str, Any], tuple[str, ...]]] = []

    async def change(_self: Named, _name: str, values: dict[str, Any], unset: tuple[str, ...] = ()) -> None:
        seen.append((values, unset))

    monkeypatch.setattr(Named, "change", change)
    monkeypatch.setattr(work_items, "_print", lambda _record: None)
    return seen


@pytest.mark.parametrize(
    ("values", "unset", "options"),
    [
        ({"estimated_seconds": 14_400}, ("budget_cents",), ["--budget-hours", "4"]),
        ({"estimated_seconds": 45_000}, ("budget_cents",), ["--budget-hours", "12.5"]),
        ({"budget_cents": 123_457}, ("estimated_seconds",), ["--budget-amount", "1234.565"]),
        ({}, ("estimated_seconds", "budget_cents"), ["--no-budget"]),
        ({"archived": True, "budget_cents": 0}, ("estimated_seconds",), ["--archived", "true", "--budget-amount", "0"]),
    ],
)
def test_a_budget_takes_the_place_of_one_of_the_other_kind(
    changes: list[Any], values: dict[str, Any], unset: tuple[str, ...], options: list[str]
) -> None:
    """A project has one in hours or in money."""
    result = CliRunner().invoke(projects, [*WHERE, *options])

    assert (0, [(values, unset)]) == (result.exit_code, changes), result.output


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--budget-hours", "4", "--no-budget"],
        ["--budget-hours", "4", "--budget-amount", "5"],
        ["--budget-hours", "-1"],
        ["--budget-hours", "four"],
        ["--budget-hours", "nan"],
        ["--budget-amount", "inf"],
        ["--budget-amount", "1e30"],
    ],
)
def test_what_is_no_budget_changes_nothing(changes: list[Any], options: list[str]) -> None:
    """Nothing at all is no change, either."""
    result = CliRunner().invoke(projects, [*WHERE, *options])

    assert (True, []) == (result.exit_code != 0, changes)
