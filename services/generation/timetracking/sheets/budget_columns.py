"""Columns of the budgets of projects: the budget, what is used and left of it, and how much is used in percent."""

from collections.abc import Callable, Iterator, Sequence

from daybook.report.v1.sheet_pb2 import Column, TotalCell

from services.generation.timetracking.budget import Budget
from services.generation.timetracking.sheets import value_columns as columns
from services.generation.timetracking.sheets.value_format import ValueFormat
from services.generation.words.catalogue import mark as _

TITLES = {
    "budget": _("Budget"),
    "budget_used": _("Used"),
    "budget_left": _("Left"),
    "budget_used_percent": _("Used %"),
}
MINUS = "-"


def budget_columns(
    value_format: ValueFormat, budgets: Sequence[Budget | None], t: Callable[[str], str]
) -> list[Column]:
    """Return the columns of some rows, empty for one without a budget."""
    rows = [_texts(value_format, budget) for budget in budgets]
    return [
        columns.prices(field, t(title), [row[place] for row in rows])
        for place, (field, title) in enumerate(TITLES.items())
    ]


def budget_cells(value_format: ValueFormat, budget: Budget | None) -> Iterator[TotalCell]:
    """Yield the cells of a group's total."""
    if budget is not None:
        for field, text in zip(TITLES, _texts(value_format, budget), strict=True):
            yield columns.total_prices(field, text)


def _texts(value_format: ValueFormat, budget: Budget | None) -> tuple[str, ...]:
    if budget is None:
        return ("",) * len(TITLES)
    sums = (_sum(value_format, budget, number) for number in (budget.total, budget.used, budget.left))
    percent = budget.used_percent
    return (*sums, "" if percent is None else f"{percent}%")


def _sum(value_format: ValueFormat, budget: Budget, number: int) -> str:
    sign, size = MINUS if number < 0 else "", abs(number)
    if budget.currency:
        return sign + value_format.priced({budget.currency: size})
    return sign + value_format.durations([size])[0]
