"""Columns of the budgets of projects: the budget, what is used and left of it, and how much is used in percent."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import CellQuantities, Column, Quantity, TotalCell

from services.generation.timetracking.budget import Budget
from services.generation.timetracking.sheets import value_columns as columns
from services.generation.timetracking.sheets.value_format import ValueFormat, money_quantity
from services.generation.words.catalogue import mark as _

SUMS: dict[str, tuple[str, Callable[[Budget], int]]] = {
    "budget": (_("Budget"), lambda budget: budget.total),
    "budget_used": (_("Used"), lambda budget: budget.used),
    "budget_left": (_("Left"), lambda budget: budget.left),
}
PERCENT, PERCENT_TITLE = "budget_used_percent", _("Used %")
MINUS = "-"


@dataclass(frozen=True, slots=True)
class _Cell:
    """Text of a cell, its machine value, and its currency, "" for time; an empty one has none of them."""

    text: str = ""
    raw: float = math.nan
    currency: str = ""


def budget_columns(
    value_format: ValueFormat, budgets: Sequence[Budget | None], t: Callable[[str], str]
) -> list[Column]:
    """Return the columns of some rows, empty for one without a budget; what is past one is marked by a warning."""
    made = []
    for field, (title, number) in SUMS.items():
        cells = [_sum(value_format, budget, number) for budget in budgets]
        column = _column(field, t(title), value_format.time, cells)
        _set_currencies(column, cells)
        made.append(column)
    percents = [_percent(value_format, budget) for budget in budgets]
    made.append(_column(PERCENT, t(PERCENT_TITLE), Quantity(kind=Quantity.KIND_PERCENT), percents))
    for column in made[1:]:
        column.warning_rows.extend(row for row, budget in enumerate(budgets) if budget and budget.is_exceeded)
    return made


def budget_cells(value_format: ValueFormat, budget: Budget | None) -> Iterator[TotalCell]:
    """Yield the cells of a group's total."""
    if budget is None:
        return
    for field, (_title, number) in SUMS.items():
        yield _total_cell(field, _sum(value_format, budget, number), is_past=field != "budget" and budget.is_exceeded)
    yield _total_cell(PERCENT, _percent(value_format, budget), is_past=budget.is_exceeded)


def _column(field: str, title: str, quantity: Quantity, cells: Sequence[_Cell]) -> Column:
    return columns.numbers(field, title, quantity, [cell.text for cell in cells], [cell.raw for cell in cells])


def _total_cell(field: str, cell: _Cell, *, is_past: bool) -> TotalCell:
    made = columns.total_prices(field, cell.text)
    made.warning = is_past
    return made


def _set_currencies(column: Column, cells: Sequence[_Cell]) -> None:
    """Give the cells of money their quantities."""
    codes = sorted({cell.currency for cell in cells} - {""})
    rows = [row for row, cell in enumerate(cells) if cell.currency]
    if rows:
        index = [codes.index(cells[row].currency) for row in rows]
        column.quantities.CopyFrom(CellQuantities(row=rows, index=index, quantities=map(money_quantity, codes)))


def _percent(value_format: ValueFormat, budget: Budget | None) -> _Cell:
    percent = budget.used_percent if budget else None
    return _Cell() if percent is None else _Cell(value_format.percent(percent), percent)


def _sum(value_format: ValueFormat, budget: Budget | None, number: Callable[[Budget], int]) -> _Cell:
    if budget is None:
        return _Cell()
    value = number(budget)
    sign, size = MINUS if value < 0 else "", abs(value)
    if budget.currency:
        return _Cell(sign + value_format.priced({budget.currency: size}), value / 100, budget.currency)
    return _Cell(sign + value_format.durations([size])[0], value)
