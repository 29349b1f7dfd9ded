"""Printed form of tables: text before numbers, what all addresses share said once, decimals under one another."""

import io
import re
from pathlib import Path

import openpyxl
import pytest
from daybook.report.v1.sheet_pb2 import Column, Places, Quantity, RowGroup, Table, Total, TotalCell

from services.rendering.formats.hyphenation import fragments, heading_lines
from services.rendering.formats.pdf.print_form import PrintForm, missing_decimals
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from tests.builders.pdf_files import laid_out, pages, printed
from tests.builders.sheets import number_column, one_sheet, text_column
from tests.builders.workbooks import Report, written

AUSTIN = ["University of Texas, Austin, Texas, United States", "Austin, Texas, United States"]
COAST = ["Kröslin, Mecklenburg-Vorpommern, Germany", "Wolgast, Mecklenburg-Vorpommern, Germany"]
SPEED = "Durchschnittsgeschwindigkeit,\nkm/h"
FUEL = "Kraftstoffverbrauch (nach Norm),\nL"
KM = Quantity(kind=Quantity.KIND_NUMBER, decimals=2, unit="km")


def stays(addresses: list[str], rows: int = 2) -> Table:
    """Return moments at addresses, each address in turn."""
    texts = [addresses[row % len(addresses)] for row in range(rows)]
    moment = Quantity(kind=Quantity.KIND_MOMENT_WITH_ADDRESS, pattern="dd.MM.yyyy HH:mm")
    column = Column(field="from", title="Start", address_title="Start address", weight=3, quantity=moment)
    column.text.extend(f"{8 + row % 12:02}:00 - {text}" for row, text in enumerate(texts))
    column.raw.extend(1601964000000.0 + 3_600_000 * (row % 12) for row in range(rows))
    column.places.CopyFrom(Places(row=range(rows), lat=[54.1] * rows, lng=[13.7] * rows, address=texts))
    return Table(header="Trips", columns=[column], groups=[RowGroup(row_count=rows)])


def formed(table: Table, symbol: str = ".") -> tuple[PrintForm, Table]:
    form, made = PrintForm.of(table, symbol), Table()
    form.apply(table, made)
    return form, made


def trips_with_fuel(rows: int = 40) -> Report:
    """Return trips with all columns, in German."""
    table = stays(COAST, rows)
    values = [float(row % 9) + 0.4 for row in range(rows)]
    shown = [f"{value:.1f}".replace(".", ",") for value in values]
    for place, title in enumerate([SPEED, FUEL, "Kraftstoffkosten der Fahrt (nach Norm)", "Standdauer", "Fahrzeit"]):
        table.columns.append(number_column(values, KM, name=f"n{place}", title=title, texts=shown))
    head, parts = one_sheet(table)
    head.report.locale_info.locale = "de"
    return head, parts


def test_times_and_addresses_are_columns_of_their_own() -> None:
    """Each with its title; a reader runs down the times."""
    _, made = formed(stays(AUSTIN))

    assert [("Start", ["08:00", "09:00"]), ("Start address", ["University of Texas, Austin", "Austin"])] == [
        (column.title, list(column.text)) for column in made.columns
    ]


@pytest.mark.parametrize(
    ("addresses", "place"),
    [
        (AUSTIN, "Texas, United States"),
        (COAST, "Mecklenburg-Vorpommern, Germany"),
        (["Austin, Texas, United States", "Kyiv, Ukraine"], ""),
        (["Depot", "Austin, Depot"], ""),
        (["Austin, Texas"] * 3, "Texas"),
    ],
)
def test_what_all_addresses_end_with_is_dropped(addresses: list[str], place: str) -> None:
    """Whole parts of it, never the first part of an address."""
    form, made = formed(stays(addresses, 3))

    assert place == form.place
    assert all(made.columns[1].text)


def test_the_shared_ending_is_said_once_in_the_tables_head() -> None:
    """Only on paper."""
    text = "".join(pages(printed(one_sheet(stays(AUSTIN, 30)), headless=True)))

    assert 1 == text.count("all in Texas, United States")
    assert 1 == text.count("United States")


def test_an_address_of_a_later_part_with_another_ending_is_whole() -> None:
    """The head of a table that goes on does not promise what it cannot know."""
    head, parts = one_sheet(stays(AUSTIN, 10))
    _, more = one_sheet(stays(["Paris, Texas, United States", "Lyon, France"], 10))
    parts[0].last, more[0].part_index = False, 1
    parts[0].sheet.sections[0].unfinished = more[0].sheet.sections[0].continued = True
    text = "".join(pages(printed((head, [*parts, *more]), headless=True)))

    assert "in Texas, United States where nothing else is said" in text
    assert "Paris\n" in text
    assert "Lyon, France" in text


def test_decimals_of_a_column_align() -> None:
    """5.4 under 106.29 is 5.40; an unknown value stays, and a column of whole numbers too."""
    numbers = number_column([106.29, 5.4, 7, 0], KM, texts=["106,29", "5,4", "7", "\N{EM DASH}"])
    whole = number_column([1, 2, 3, 4], KM, name="whole", texts=["1", "2", "3", "4"])
    _, made = formed(Table(columns=[numbers, whole], groups=[RowGroup(row_count=4)]), ",")

    assert ["106,29", "5,40", "7,00", "\N{EM DASH}"] == list(made.columns[0].text)
    assert ["1", "2", "3", "4"] == list(made.columns[1].text)
    assert ",0" == missing_decimals("523", 1, ",")


def test_sums_stand_beside_the_name_of_their_group(tmp_path: Path) -> None:
    """A day takes one line, not two, and its sums keep their text."""
    table = Table(columns=[text_column(["a", "b"]), number_column([106.29, 5.4], KM, texts=["106.29", "5.4"])])
    total = Total(text="In total:", cells=[TotalCell(field="number", text="111.7", raw=111.7, decimals=1)])
    table.groups.add(header="Monday", row_count=2, total=total)
    text = laid_out(printed(one_sheet(table), headless=True), tmp_path / "a.pdf")

    assert re.search(r"^ *Monday +111\.7$", text, re.MULTILINE)
    assert "In total" not in text


def test_words_of_headings_break_where_the_language_allows_it() -> None:
    """With a hyphen, and only where they are too wide."""
    assert "Durchschnittsgeschwindigkeit" == "".join(fragments("Durchschnittsgeschwindigkeit", "de")).replace("-", "")
    assert ["Average", "speed,", "km/h"] == heading_lines("Average speed,\nkm/h", "en", 7, len)
    lines = heading_lines(SPEED, "de_AT", 14, len)
    assert all(len(line) <= 14 for line in lines)
    assert lines[0].endswith("-")
    assert ["مدةالتوقف"] == fragments("مدةالتوقف", "ar")


def test_numbers_leave_the_room_to_texts(tmp_path: Path) -> None:
    """With fuel columns a German table stays upright, and each row is one line."""
    file = printed(trips_with_fuel(), headless=True)
    lines = laid_out(file, tmp_path / "a.pdf").splitlines()

    assert 40 == sum(1 for line in lines if re.search(r"^ *\d\d:00 +(Kröslin|Wolgast) +\d,40", line))
    assert 1 == len(pages(file))


def test_a_long_heading_does_not_widen_a_workbooks_column() -> None:
    """It is broken by hand, as programs break no words."""
    tab = openpyxl.load_workbook(io.BytesIO(written(Xlsx(), trips_with_fuel(), headless=True))).worksheets[0]
    title = next(cell for row in tab.iter_rows() for cell in row if str(cell.value).startswith("Durch"))

    assert "-\n" in title.value
    assert tab.column_dimensions[title.column_letter].width < 22


def test_five_thousand_trips_need_at_most_a_hundred_pages() -> None:
    """With the columns of the defaults."""
    table = stays(AUSTIN, 5_000)
    for place in range(4):
        table.columns.append(number_column([1.0] * 5_000, KM, name=f"n{place}", title="Average speed,\nkm/h"))
    del table.groups[:]
    table.groups.extend(RowGroup(header=f"Oct {day}", row_count=50) for day in range(100))

    assert len(pages(printed(one_sheet(table), headless=True))) <= 100


def test_signs_behind_a_word_are_none_of_its_letters() -> None:
    """A comma would make a syllable of the letter before it."""
    assert ["An-", "fangs-", "stand,"] == fragments("Anfangsstand,", "de")
    assert ["(Kraft-", "stoff-", "ver-", "brauch)"] == fragments("(Kraftstoffverbrauch)", "de")
