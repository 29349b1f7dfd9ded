"""What rows come to, as the totals of their tables."""

from collections.abc import Mapping
from typing import Protocol

from daybook.report.v1.sheet_pb2 import Total

from services.generation.timetracking.sheets import value_columns as columns
from services.generation.timetracking.sheets.report_context import ReportContext
from services.generation.timetracking.sheets.value_format import ValueFormat
from services.generation.words.catalogue import mark as _

TOTAL = _("Total")


class Sum(Protocol):
    """Seconds, and cents by currency."""

    @property
    def seconds(self) -> int:
        """All seconds."""

    @property
    def amounts(self) -> Mapping[str, int]:
        """Cents by currency."""


def data_total(subject: ReportContext, hand: ValueFormat) -> Total:
    """Return what all rows come to, for programs: amounts in a column for each currency."""
    totals = subject.totals
    cells = [columns.total_duration(hand, "duration", totals.seconds)]
    cells.extend(
        columns.total_money(hand, f"amount_{currency}", totals.amounts.get(currency, 0))
        for currency in subject.currencies
    )
    return Total(text=TOTAL, cells=cells)


def paper_total(subject: ReportContext, hand: ValueFormat, text: str, whole: Sum) -> Total:
    """Return what rows come to, for people: amounts with their currencies in one column, unless they are hidden."""
    cells = [columns.total_duration(hand, "duration", whole.seconds)]
    if not subject.ask.hide_amounts:
        cells.append(columns.total_prices("amount", hand.priced(whole.amounts)))
    return Total(text=subject.t(text), cells=cells)
