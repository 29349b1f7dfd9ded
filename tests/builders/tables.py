"""Short ways to make the pieces of finished reports for tests: heads, columns, tables of one sheet."""

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.report_pb2 import STATE_FINISHED, Condition, Cover
from daybook.report.v1.sheet_pb2 import (
    Chart,
    Column,
    IntervalChart,
    LineChart,
    MapTable,
    Quantity,
    RowGroup,
    Section,
    Sheet,
    SheetPart,
    Table,
    Text,
)

ZONE = "Europe/Moscow"
UNKNOWN = "\N{EM DASH}"

Content = Table | MapTable | Text | Chart | LineChart | IntervalChart


def report_head(headers: Iterable[str], *, title: str = "Trip report", cell_count: int = 42) -> ReportHead:
    """Return the head of a finished report with these sheets."""
    head = ReportHead(sheet_headers=headers, cell_count=cell_count)
    report = head.report
    report.id, report.title, report.state, report.percent = 5602232, title, STATE_FINISHED, 100
    report.create_time.FromDatetime(datetime(2020, 10, 6, 13, 1, 46, tzinfo=UTC))
    report.from_time.FromDatetime(datetime(2020, 10, 5, 21, 0, tzinfo=UTC))
    report.to_time.FromDatetime(datetime(2020, 10, 6, 20, 59, 59, tzinfo=UTC))
    report.time_filter.MergeFrom(
        type(report.time_filter)(start_time_of_day="00:00:00", end_time_of_day="23:59:59", weekdays=range(1, 8))
    )
    report.plugin.id = 4
    report.plugin.options.update({"hide_empty_tabs": True, "show_seconds": False})
    report.tracker_ids.append(669673)
    report.type = "REPORT_TYPE_USER"
    info = report.locale_info
    info.locale, info.time_zone, info.measurement_system = "en", ZONE, "MEASUREMENT_SYSTEM_METRIC"
    info.hour_mode = "HOUR_MODE_TWENTY_FOUR_HOURS"
    head.cover.CopyFrom(
        Cover(
            contents_title="Contents",
            page_pattern="Page {page} of {pages}",
            created=Condition(name="Created", text="06.10.2020 16:01"),
            period="6 Oct 2020",
            place_pattern="all in {place}",
            usual_place_pattern="in {place} where nothing else is said",
            no_data="No data found for the selected period",
            no_data_pattern="No data: {names}",
            rows_left_out_pattern="{count} rows are left out of this PDF.",
            per_day_pattern="{name} per day",
            per_week_pattern="{name} per week",
        )
    )
    report.conditions.add(name="Period", text="6 Oct 2020", plain=True)
    report.conditions.add(name="Time zone", text=ZONE, plain=True)
    return head


def one_sheet(*sections: Content, header: str = "Sheet", zone: str = ZONE) -> tuple[ReportHead, list[SheetPart]]:
    """Return a report of one sheet that comes in one part."""
    cells = sum(len(column.text) for section in sections if isinstance(section, Table) for column in section.columns)
    sheet = Sheet(header=header, time_zone=zone, sections=map(section_of, sections))
    return report_head([header], cell_count=cells), [SheetPart(last=True, sheet=sheet)]


def section_of(content: Content) -> Section:
    """Return the section that holds a table, named values, a paragraph or a chart."""
    if isinstance(content, Table):
        return Section(table=content)
    if isinstance(content, Chart):
        return Section(chart=content)
    if isinstance(content, LineChart):
        return Section(line_chart=content)
    if isinstance(content, IntervalChart):
        return Section(interval_chart=content)
    return Section(map_table=content) if isinstance(content, MapTable) else Section(text=content)


def text_table(*texts: str, header: str = "Table", title: str = "Title") -> Table:
    """Return a table of one text column."""
    return Table(header=header, columns=[text_column(texts, title=title)], groups=[RowGroup(row_count=len(texts))])


def text_column(texts: Iterable[str], *, name: str = "text", title: str = "Title") -> Column:
    """Return a column of texts."""
    return Column(field=name, title=title, width=4, text=texts, quantity=Quantity(kind=Quantity.KIND_TEXT))


def number_column(
    raw: Iterable[float], quantity: Quantity, *, texts: Iterable[str] = (), name: str = "number", title: str = "Number"
) -> Column:
    """Return a column of machine values; texts are their plain digits unless given."""
    values = list(raw)
    shown = list(texts) or [UNKNOWN if value != value else f"{value:g}" for value in values]  # noqa: PLR0124  NaN
    return Column(field=name, title=title, width=1, align=Column.ALIGN_RIGHT, raw=values, text=shown, quantity=quantity)


def clock(raw_ms: float, zone: str = ZONE, *, seconds: bool = False) -> str:
    """Return the local time of day of a moment."""
    pattern = "%H:%M:%S" if seconds else "%H:%M"
    return datetime.fromtimestamp(raw_ms / 1000, ZoneInfo(zone)).strftime(pattern)


def span(duration_s: float, *, seconds: bool = False) -> str:
    """Return a duration as hours and minutes, hours unbounded."""
    minutes, rest = divmod(int(duration_s), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{rest:02}" if seconds else "")
