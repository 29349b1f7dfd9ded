"""Trips reports like the seed's for tests of the formats: a head and the parts of its sheets, at once or lazily."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import (
    Column,
    ColumnGroup,
    MapRow,
    MapTable,
    Places,
    Quantity,
    RowGroup,
    Section,
    Sheet,
    SheetPart,
    Table,
    Text,
    Total,
    TotalCell,
)

from tests.builders.tables import (
    UNKNOWN,
    ZONE,
    clock,
    number_column,
    one_sheet,
    report_head,
    section_of,
    span,
    text_column,
    text_table,
)

__all__ = [
    "UNKNOWN",
    "ZONE",
    "Wanted",
    "clock",
    "huge_trips_report",
    "number_column",
    "one_sheet",
    "report_head",
    "section_of",
    "span",
    "text_column",
    "text_table",
    "trips_report",
]

FULL_MOMENT = "dd.MM.yyyy HH:mm"
DAY_MS = 86_400_000
TRIPS_A_DAY = 7

SELYATINO = (55.5311083, 36.96743, "Selyatino, Naro-Fominskii gor. okrug, Moscow Oblast, Russia, 143370")
SERPUKHOV = (54.9218516, 37.335545, "Serpukhov, Moscow Oblast, Russia, 142253")
RASSUDOVO = (
    55.4666366,
    36.9216966,
    "Khievskii pereulok, 10, TNKh, Rassudovo, Troitsky Administrative Okrug, Moscow, Russia, 143340",
)
LAKE = (54.9875133, 37.3093183, 'KhP "Lesnoe ozero", Dernopol\'e, gor. okrug Serpukhov, Moscow Oblast, Russia, 142279')

# from (ms), to (ms), km, s, average km/h, maximum km/h, place of departure, place of arrival: the day of the seed
SEED_TRIPS = (
    (1601934439000, 1601941188000, 106.29, 6749, 57, 94, SELYATINO, SERPUKHOV),
    (1601943083000, 1601950218000, 106.97, 7135, 54, 94, SERPUKHOV, SELYATINO),
    (1601959081000, 1601960075000, 10.03, 994, 36, 85, SELYATINO, RASSUDOVO),
    (1601960315000, 1601966165000, 95.31, 5850, 59, 91, RASSUDOVO, SERPUKHOV),
    (1601966585000, 1601967190000, 0.95, 605, 6, 13, SERPUKHOV, SERPUKHOV),
    (1601969226000, 1601977017000, 108.48, 7791, 50, 89, SERPUKHOV, SELYATINO),
    (1601980444000, 1601989300000, 95.79, 8856, 39, 88, SELYATINO, LAKE),
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Shape of a built trips report; `sheets` counts the summary, which comes first when there are two."""

    rows: int = 7
    sheets: int = 2
    rows_per_part: int = 2_000
    title: str = "Trip report"
    labels: list[str] = field(default_factory=list)
    time_zone: str = ZONE
    highlight: bool = False
    seconds: bool = False
    grouped_columns: bool = False

    def label(self, index: int) -> str:
        """Return the header of the sheet at `index`."""
        if index < len(self.labels):
            return self.labels[index]
        if index == 0 and self.sheets > 1:
            return "Summary"
        return f"Samantha (Ford Focus{f' {index}' if index > 1 else ''})"


def trips_report(**wanted: object) -> tuple[ReportHead, list[SheetPart]]:
    """Return a trips report like the seed's: the keywords are the fields of `Wanted`."""
    head, parts = huge_trips_report(**wanted)
    return head, list(parts)


def huge_trips_report(**wanted: object) -> tuple[ReportHead, Iterator[SheetPart]]:
    """Return the same with parts that are made one by one as they are read."""
    wish = Wanted(**wanted)  # type: ignore[arg-type]  # keywords are checked by the dataclass itself
    headers = [wish.label(index) for index in range(wish.sheets)]
    trackers = wish.sheets - 1 if wish.sheets > 1 else wish.sheets
    cells = trackers * wish.rows * 6 + (trackers * 5 if wish.sheets > 1 else 0)
    return report_head(headers, title=wish.title, cell_count=cells), _parts(wish)


def _trip(
    row: int,
) -> tuple[float, float, float, float, float, float, tuple[float, float, str], tuple[float, float, str]]:
    """Return the trip of a row: the seed's day, again on each next day."""
    start, end, *rest = SEED_TRIPS[row % TRIPS_A_DAY]
    shift = row // TRIPS_A_DAY * DAY_MS
    return start + shift, end + shift, *rest  # type: ignore[return-value]  # the rest of the constant's row


def trip_columns(first: int, last: int, wish: Wanted) -> list[Column]:
    """Return the columns of a trips table with the rows from `first` up to `last`."""
    trips = [_trip(row) for row in range(first, last)]
    pattern = FULL_MOMENT + ":ss" * wish.seconds
    moment = Quantity(kind=Quantity.KIND_MOMENT_WITH_ADDRESS, pattern=pattern, seconds=wish.seconds)
    ways = (("from", "Movement start", "Start address", 0, 6), ("to", "Movement end", "End address", 1, 7))
    columns = []
    for name, title, address_title, when, where in ways:
        stamps = [trip[when] for trip in trips]
        places = [trip[where] for trip in trips]
        lat, lng, address = zip(*places, strict=True) if places else ((), (), ())
        texts = (
            f"{clock(ms, wish.time_zone, seconds=wish.seconds)} - {at}" for ms, at in zip(stamps, address, strict=True)
        )
        column = Column(
            field=name, title=title, width=4, weight=3, align=Column.ALIGN_LEFT, quantity=moment, raw=stamps
        )
        column.places.MergeFrom(Places(row=range(len(trips)), lat=lat, lng=lng, address=address))
        column.text.extend(texts)
        column.address_title = address_title
        columns.append(column)
    km = Quantity(kind=Quantity.KIND_NUMBER, decimals=2, unit="km")
    duration = Quantity(kind=Quantity.KIND_DURATION, seconds=wish.seconds)
    speed = Quantity(kind=Quantity.KIND_NUMBER, unit="km/h")
    spans = [span(trip[3], seconds=wish.seconds) for trip in trips]
    columns += [
        number_column([trip[2] for trip in trips], km, name="length", title="Total trips length,\nkm"),
        number_column([trip[3] for trip in trips], duration, texts=spans, name="time", title="Travel time"),
        number_column([trip[4] for trip in trips], speed, name="avg_speed", title="Average speed,\nkm/h"),
        number_column([trip[5] for trip in trips], speed, name="max_speed", title="Max. speed,\nkm/h"),
    ]
    if wish.highlight:
        _highlight(columns[2], [trip[2] for trip in SEED_TRIPS[: wish.rows]])
        _highlight(columns[5], [trip[5] for trip in SEED_TRIPS[: wish.rows]])
    return columns


def _highlight(column: Column, values: list[float]) -> None:
    column.highlight_min_max = True
    column.min_row, column.max_row = values.index(min(values)), values.index(max(values))


def _totals(trips: int) -> list[tuple[str, str, float, Quantity]]:
    """Return field, text, machine value and quantity of what so many trips from a day's first one on sum up to."""
    day = [SEED_TRIPS[row % TRIPS_A_DAY] for row in range(trips)]
    km, seconds = sum(trip[2] for trip in day), sum(trip[3] for trip in day)
    speed = Quantity(kind=Quantity.KIND_NUMBER, unit="km/h")
    average, top = int(km / seconds * 3600 + 0.5), max(trip[5] for trip in day)
    return [
        ("length", f"{km:.1f}", round(km, 1), Quantity(kind=Quantity.KIND_NUMBER, decimals=1, unit="km")),
        ("time", span(seconds), seconds, Quantity(kind=Quantity.KIND_DURATION)),
        ("avg_speed", str(average), average, speed),
        ("max_speed", str(top), top, speed),
    ]


def _day_groups(first: int, last: int, wish: Wanted) -> Iterator[RowGroup]:
    for day in range(first // TRIPS_A_DAY, -(-last // TRIPS_A_DAY)):
        begin, end = day * TRIPS_A_DAY, min((day + 1) * TRIPS_A_DAY, wish.rows)
        date = datetime(2020, 10, 6, tzinfo=UTC) + timedelta(days=day)
        group = RowGroup(header=f"{date:%b} {date.day}, {date.year} ({date:%a}) : {end - begin}")
        group.row_count = min(end, last) - max(begin, first)
        group.continued, group.unfinished = begin < first, end > last
        if not group.unfinished:
            totals = _totals(end - begin)
            cells = [TotalCell(field=name, text=text, raw=raw, decimals=q.decimals) for name, text, raw, q in totals]
            group.total.CopyFrom(Total(text="In total:", cells=cells))
        yield group


def _parts(wish: Wanted) -> Iterator[SheetPart]:
    trackers = list(range(wish.sheets))
    if wish.sheets > 1:
        yield SheetPart(sheet_index=0, last=True, sheet=_summary(wish))
        trackers = trackers[1:]
    cuts = [*range(0, wish.rows, wish.rows_per_part), wish.rows] if wish.rows else [0, 0]
    for index in trackers:
        for part, (first, last) in enumerate(pairwise(cuts)):
            sheet = Sheet(header=wish.label(index), entity_ids=[311852 + index], time_zone=wish.time_zone)
            table = _trips_table(first, last, wish)
            sheet.sections.add(table=table, continued=first > 0, unfinished=last < wish.rows)
            if last == wish.rows:
                sheet.sections.extend(_closing(wish))
            yield SheetPart(sheet_index=index, part_index=part, last=last == wish.rows, sheet=sheet)


def _trips_table(first: int, last: int, wish: Wanted) -> Table:
    table = Table(header="Trips", columns=trip_columns(first, last, wish), groups=_day_groups(first, last, wish))
    if wish.grouped_columns:
        table.column_groups.append(ColumnGroup(title="Speed", fields=["avg_speed", "max_speed"]))
    return table


def _map_rows(trips: int) -> list[MapRow]:
    names = {"length": "Total trips length, km", "time": "Travel time", "avg_speed": "Average speed, km/h"}
    count = Quantity(kind=Quantity.KIND_NUMBER)
    rows = [MapRow(name="Trips", text=str(trips), raw=trips, quantity=count)]
    for name, text, raw, quantity in _totals(trips) if trips else []:
        rows.append(MapRow(name=names.get(name, "Max. speed, km/h"), text=text, raw=raw, quantity=quantity))
    return rows


def _closing(wish: Wanted) -> list[Section]:
    odometer = MapRow(name="Odometer value *, km", text="515855", raw=515855)
    odometer.quantity.CopyFrom(Quantity(kind=Quantity.KIND_NUMBER, decimals=1, unit="km"))
    footnote = Text(text="Odometer value at the end of the selected period.", style=Text.STYLE_SMALL_PRINT)
    named = MapTable(header="Summary", rows=[*_map_rows(wish.rows), odometer])
    return [section_of(named), section_of(footnote)]


def _summary(wish: Wanted) -> Sheet:
    trackers = [wish.label(index) for index in range(1, wish.sheets)]
    columns = [text_column(trackers, name="object", title="Object")]
    counts = [float(wish.rows)] * len(trackers)
    columns.append(number_column(counts, Quantity(kind=Quantity.KIND_NUMBER), name="count", title="Trips"))
    for name, text, raw, quantity in _totals(wish.rows) if wish.rows else []:
        values, texts = [raw] * len(trackers), [text] * len(trackers)
        columns.append(
            number_column(values, quantity, texts=texts, name=name, title=name.replace("_", " ").capitalize())
        )
    table = Table(header="Summary", columns=columns, groups=[RowGroup(row_count=len(trackers))], is_summary=True)
    sections = [section_of(table), section_of(MapTable(header="In total:", rows=_map_rows(wish.rows)))]
    return Sheet(header=wish.label(0), time_zone=wish.time_zone, sections=sections)
