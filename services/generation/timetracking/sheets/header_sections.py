"""What stands above the table on paper: the range, the totals and two charts."""

from collections.abc import Iterator

from daybook.report.v1.sheet_pb2 import MapRow, MapTable, Quantity, Section, Text

from services.generation.timetracking.sheets.calendar import Calendar
from services.generation.timetracking.sheets.charts import distribution, over_time
from services.generation.timetracking.sheets.report_context import ReportContext
from services.generation.timetracking.sheets.value_format import DECIMALS, ValueFormat
from services.generation.words.catalogue import mark as _

TOTAL_TIME, BILLABLE_TIME = _("Total time"), _("Billable time")
AMOUNT, TRACKED_DAYS = _("Amount"), _("Days with time")
NO_TIME_ENTRIES = _("No time entries")


def front(subject: ReportContext, hand: ValueFormat) -> Iterator[Section]:
    """Yield the sections above the table; a report without rows has a note instead of charts."""
    calendar = Calendar.for_paper(subject.ask.writing)
    yield Section(text=Text(text=_range(subject, calendar)))
    yield Section(map_table=MapTable(rows=_totals(subject, hand)))
    if not subject.report.row_count:
        yield Section(text=Text(text=subject.t(NO_TIME_ENTRIES)))
    elif subject.totals.seconds:
        yield Section(chart=over_time(subject, calendar))
        yield Section(chart=distribution(subject))


def _range(subject: ReportContext, calendar: Calendar) -> str:
    """Return the first and the last day and the workspace's name."""
    days, workspace = subject.ask.days, subject.report.directory.workspace
    return f"{calendar.day(days.first)} \N{EN DASH} {calendar.day(days.last)}, {workspace.name}"


def _totals(subject: ReportContext, hand: ValueFormat) -> Iterator[MapRow]:
    totals, t = subject.totals, subject.t
    yield _duration(t(TOTAL_TIME), totals.seconds, hand)
    yield _duration(t(BILLABLE_TIME), totals.billable_seconds, hand)
    if not subject.ask.hide_amounts:
        workspace = subject.report.directory.workspace
        amounts = totals.amounts or {workspace.currency: 0}
        for currency in sorted(amounts):
            quantity = Quantity(kind=Quantity.KIND_MONEY, decimals=DECIMALS, currency_code=currency)
            text = hand.priced({currency: amounts[currency]})
            yield MapRow(name=t(AMOUNT), text=text, raw=amounts[currency] / 100, quantity=quantity)
    days = totals.tracked_days
    number = Quantity(kind=Quantity.KIND_NUMBER)
    yield MapRow(name=t(TRACKED_DAYS), text=str(days), raw=days, quantity=number)


def _duration(name: str, seconds: int, hand: ValueFormat) -> MapRow:
    return MapRow(name=name, text=hand.durations([seconds])[0], raw=hand.times([seconds])[0], quantity=hand.time)
