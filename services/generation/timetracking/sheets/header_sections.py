"""Sections above the table on paper: the totals, the clients with their projects, and charts."""

from collections.abc import Iterator, Sequence

from daybook.report.v1.sheet_pb2 import MapRow, MapTable, Quantity, Section, Text

from services.generation.timetracking.sheets.part_stream import ROUNDED, ShownHours
from services.generation.timetracking.sheets.report_context import ReportContext
from services.generation.timetracking.sheets.summary import client_table
from services.generation.timetracking.sheets.time_charts import amount_charts, time_charts
from services.generation.timetracking.sheets.value_format import ValueFormat, money_quantity
from services.generation.timetracking.weeks import WeeklyRow
from services.generation.words.catalogue import mark as _

TOTAL_TIME, BILLABLE_TIME = _("Total time"), _("Billable time")
AMOUNT, TRACKED_DAYS = _("Amount"), _("Days with time")
NO_TIME_ENTRIES = _("No time entries")


def front(context: ReportContext, value_format: ValueFormat, rows: Sequence[WeeklyRow] = ()) -> Iterator[Section]:
    """Yield the sections above the table; a report without rows has a note instead of charts.

    `rows` are those of a week, whose amounts are charted where they are asked for.
    """
    yield Section(map_table=MapTable(rows=_totals(context, value_format)))
    if not context.report.row_count:
        yield Section(text=Text(text=context.t(NO_TIME_ENTRIES)))
    elif context.totals.seconds:
        if context.report.clients:
            yield from _clients(context, value_format)
        in_money = context.query.in_money
        charts = amount_charts(context, value_format, rows) if in_money else time_charts(context, value_format)
        yield from (Section(chart=chart) for chart in charts)


def _clients(context: ReportContext, value_format: ValueFormat) -> Iterator[Section]:
    """Yield the table of clients and their projects, and a note where its decimal hours do not add up as shown."""
    table, hours = client_table(context.report.clients, context, value_format), ShownHours()
    yield Section(table=table)
    hours.add(table)
    if hours.differ([table.groups[-1].total]):
        yield Section(text=Text(text=context.t(ROUNDED)))


def _totals(context: ReportContext, value_format: ValueFormat) -> Iterator[MapRow]:
    totals, t = context.totals, context.t
    yield _duration(t(TOTAL_TIME), totals.seconds, value_format)
    yield _duration(t(BILLABLE_TIME), totals.billable_seconds, value_format)
    if not context.query.hide_amounts:
        workspace = context.report.directory.workspace
        amounts = totals.amounts or {workspace.currency_code: 0}
        for currency in sorted(amounts):
            text = value_format.priced({currency: amounts[currency]})
            name = f"{t(AMOUNT)}, {currency}" if len(amounts) > 1 else t(AMOUNT)
            yield MapRow(name=name, text=text, raw=amounts[currency] / 100, quantity=money_quantity(currency))
    days = totals.tracked_days
    number = Quantity(kind=Quantity.KIND_NUMBER)
    yield MapRow(name=t(TRACKED_DAYS), text=str(days), raw=days, quantity=number)


def _duration(name: str, seconds: int, value_format: ValueFormat) -> MapRow:
    return MapRow(
        name=name,
        text=value_format.durations([seconds])[0],
        raw=seconds,
        quantity=value_format.time,
    )
