"""Order of a printed report: what all came to first, then each entity with its sums and a chart before its rows."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import (
    MapRow,
    MapTable,
    Quantity,
    RowGroup,
    Sheet,
    SheetPart,
    Table,
    Text,
    Total,
    TotalCell,
)

from services.rendering.formats.pdf.day_sums import DaySums
from services.rendering.values import Reader
from services.rendering.wall_clock import WallClock
from tests.builders.pdf_files import laid_out, pages, printed, reader
from tests.builders.sheets import number_column, one_sheet, report_head, section_of, text_column, trips_report

NOON = 1_601_553_600_000.0  # Oct 1, 2020 12:00 UTC
DAY_MS = 86_400_000.0
KM = Quantity(kind=Quantity.KIND_NUMBER, decimals=2, unit="km")
MOMENT = Quantity(kind=Quantity.KIND_MOMENT, pattern="dd.MM.yyyy HH:mm")


def rides(days: list[int], km: list[float], name: str = "length", title: str = "Length,\nkm") -> Table:
    """Return a ride on each of some days of October, counted from 0, in one group with its sums."""
    table = Table(header="Rides", groups=[RowGroup(header="All", row_count=len(days))])
    moments = [NOON + day * DAY_MS for day in days]
    table.columns.append(number_column(moments, MOMENT, name="start", title="Start", texts=["12:00"] * len(days)))
    table.columns.append(number_column(km, KM, name=name, title=title))
    table.groups[0].total.CopyFrom(Total(text="In total:", cells=[TotalCell(field=name, text="x", raw=sum(km))]))
    return table


def fleet(*labels: str, empty: tuple[str, ...] = (), rows: int = 3) -> tuple[ReportHead, list[SheetPart]]:
    """Return rides of some vans in October 2020 with their sums behind them, and vans without data."""
    head = report_head([*labels, *empty])
    head.report.from_time.FromJsonString("2020-09-30T21:00:00Z")
    head.report.to_time.FromJsonString("2020-10-31T20:59:59Z")
    parts = []
    for index, label in enumerate([*labels, *empty]):
        sheet = Sheet(header=label, entity_ids=[index + 1], time_zone="Europe/Moscow")
        if label in empty:
            sheet.sections.append(section_of(Text(text="No movements found for the specified period")))
        else:
            sums = MapTable(
                header="Summary", rows=[MapRow(name="Rides", text=str(rows)), MapRow(name="Length, km", text="6")]
            )
            sums.rows[1].quantity.CopyFrom(KM)
            sheet.sections.extend(map(section_of, (rides([*range(rows)], [2.0] * rows), sums)))
        parts.append(SheetPart(sheet_index=index, last=True, sheet=sheet))
    return head, parts


def test_page_one_has_the_sums_of_all_the_table_of_entities_and_the_contents() -> None:
    """Below title and conditions, in this order; each name in the table leads to its sheet."""
    file = reader(printed(trips_report(rows=20, sheets=4)))
    first = file.pages[0].extract_text()
    places = [first.index(text) for text in ("Trip report", "Period", "Total trips length", "Max speed", "Contents")]

    assert sorted(places) == places
    assert 3 + 4 == len(file.pages[0]["/Annots"])


def test_an_entity_begins_with_its_sums_and_a_chart_of_its_days() -> None:
    """The sums of a sheet come last and are printed first; one bar is labelled."""
    (text,) = pages(printed(fleet("Van 1"), headless=True))
    places = [text.index(words) for words in ("Van 1", "Rides \n3", "6 km", "Length per day", "Oct\n1", "Start")]

    assert sorted(places) == places
    assert "km\n2\nOct\n1\n" in text


def test_short_entities_share_a_page() -> None:
    """Four vans of three rides do not take four pages; the contents say where each begins."""
    texts = pages(printed(fleet("Van 1", "Van 2", "Van 3", "Van 4")))

    assert 3 == len(texts)
    assert "Van 1, Van 2 · " in texts[1]


def test_an_entity_begins_a_page_where_less_than_a_third_is_left() -> None:
    """Its heading is not left at the bottom."""
    texts = pages(printed(fleet("Van 1", "Van 2", rows=31), headless=True))

    assert texts[1].startswith("Van 2")


@pytest.mark.parametrize("rows", range(27, 67, 5))
def test_no_page_before_the_last_holds_a_few_lines_alone(rows: int) -> None:
    """An entity whose table stands upright lies on its side where else a nearly empty page would be left behind."""
    head, parts = fleet("Van 1", "Van 2", rows=rows)
    wide = parts[0].sheet.sections[0].table
    for number in range(14):
        texts = ["12345.67"] * rows
        wide.columns.append(number_column([1.0] * rows, KM, name=f"n{number}", title="Length,\nkm", texts=texts))
    shown = pages(printed((head, parts), headless=True))

    assert len(shown) > 2  # beside rows a page has heads, a name and a total
    assert all(page.count("12:00") + 4 * page.count("Length per") >= 5 for page in shown[:-1])


def test_entities_without_data_are_one_list_at_the_end() -> None:
    """No page for a sentence; the contents lead to the list."""
    texts = pages(printed(fleet("Van 1", empty=("Van 7", "Van 9"))))

    assert 2 == len(texts)
    assert "No data: Van 7, Van 9" in texts[1]
    assert "No movements" not in "".join(texts)
    assert re.search(r"Van 9 +\.[ .]+2$", texts[0], re.MULTILINE)


def test_a_report_of_nothing_says_so_in_its_own_words() -> None:
    """The sentence of the report, then the entities."""
    text = "".join(pages(printed(fleet(empty=("Van 7", "Van 9")), headless=True)))

    assert "No movements found for the specified period" in text
    assert "No data: Van 7, Van 9" in text


def test_a_total_stays_with_its_last_row_and_a_band_with_its_first() -> None:
    """Wherever the page ends."""
    for rows in range(40, 66):
        table = Table(columns=[text_column([f"row {row}." for row in range(rows)]), number_column([1.0] * rows, KM)])
        table.groups.add(row_count=rows - 1)
        table.groups.add(
            header="", row_count=1, total=Total(text="In total:", cells=[TotalCell(field="number", text="9", raw=9)])
        )
        for text in pages(printed(one_sheet(table), headless=True)):
            assert ("In total:" in text) == (f"row {rows - 1}." in text)


@pytest.mark.parametrize(("last_day", "bars", "title"), [(30, 31, "{name} per day"), (90, 14, "{name} per week")])
def test_bars_are_days_of_the_period_or_weeks_of_a_long_one(last_day: int, bars: int, title: str) -> None:
    """Days without rows are gaps."""
    sums = DaySums(Reader(WallClock("Europe/Moscow"), "en"))
    sums.add(rides([0, 0, 3], [1.0, 2.0, 4.0]))
    chart = sums.chart(date(2020, 10, 1), date(2020, 10, 1) + timedelta(days=last_day), title)

    assert chart is not None
    assert bars == len(chart.categories)
    assert 7.0 == sum(chart.series[0].values)
    assert 1 == len([label for label in chart.labels if label])


def test_an_average_is_no_main_quantity() -> None:
    """Its total is not the sum of its rows, so that no bars are made of it."""
    table = rides([0, 1, 2], [50.0, 60.0, 70.0], "avg_speed", "Average speed,\nkm/h")
    table.groups[0].total.cells[0].raw = 60.0
    sums = DaySums(Reader(WallClock("UTC"), "en"))
    sums.add(table)

    assert sums.chart(date(2020, 10, 1), date(2020, 10, 9), "{name}") is None


def test_words_before_sums_fit_into_a_narrow_first_column(tmp_path: Path) -> None:
    """They take one line, like the rows above them."""
    table = rides([4, 5], [1.0, 2.0])
    table.groups[0].header = "A day with a name that has no room before its sums"
    del table.columns[0]
    table.columns.insert(0, text_column(["12:00", "13:00"], name="start", title="Start"))
    table.columns.append(text_column(["An address of a place where it ended"] * 2, name="address"))
    table.columns[2].weight = 4
    shown = laid_out(printed(one_sheet(table), headless=True), tmp_path / "rides.pdf")

    assert re.search(r"^ *In total: +x$", shown, re.MULTILINE)


def test_one_long_name_does_not_lay_the_table_of_entities_on_its_side() -> None:
    """It is broken over lines; the contents stay on page 1, below the table."""
    name = "Van with a name that nobody says: " + "Donaudampfschifffahrtsgesellschaft, " * 3
    labels = ["Summary", "Van 1", "Van 2", "Van 3", name.strip(", ")]
    first = reader(printed(trips_report(rows=7, sheets=5, labels=labels))).pages[0]

    assert "Contents" in first.extract_text()
