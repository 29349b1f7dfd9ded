"""The CSV format, read back with the standard library's reader."""

import io
from collections.abc import Iterator

import pytest
from daybook.report.v1.sheet_pb2 import Quantity, SheetPart, Table
from hypothesis import given
from hypothesis import strategies as st

from services.rendering.formats.base import RenderOptions
from services.rendering.formats.csv.csv_format import Csv
from tests.builders.examples import examples
from tests.builders.parts import streamed
from tests.builders.sheets import number_column, one_sheet, text_table, trips_report
from tests.builders.workbooks import GOLDEN, csv_blocks, written

NAN = float("nan")


def shown(raw: float, quantity: Quantity) -> str:
    """Return how a single machine value is written."""
    return csv_blocks(one_sheet(Table(header="Table", columns=[number_column([raw], quantity)])))[-1][-1]


def test_a_trips_report_is_its_golden_file() -> None:
    """Title page, then a block per table, rows numbered over the parts a table was cut into."""
    expected = (GOLDEN / "trips.csv").read_bytes()

    assert expected == written(Csv(), trips_report(rows=9, rows_per_part=4, grouped_columns=True))


def test_cutting_a_report_changes_nothing() -> None:
    """However a sheet is cut into parts, the file is the same."""
    whole = written(Csv(), trips_report(rows=30))

    assert {whole} == {written(Csv(), trips_report(rows=30, rows_per_part=size)) for size in (1, 7, 8, 29)}


def test_a_sheet_begins_with_its_header() -> None:
    """The header of the sheet and that of the table come before the titles of the columns."""
    expected = [["Summary"], ["Summary"], ["sheet", "group", "row", "Object"]]

    assert expected == [line[:4] for line in csv_blocks(trips_report())[:3]]


@pytest.mark.parametrize(
    ("raw", "quantity", "text"),
    [
        (106.29, Quantity(kind=Quantity.KIND_NUMBER, decimals=2), "106.29"),
        (1_234_567.0, Quantity(kind=Quantity.KIND_NUMBER), "1234567"),
        (5.4, Quantity(kind=Quantity.KIND_NUMBER, decimals=2), "5.4"),
        (-0.001, Quantity(kind=Quantity.KIND_NUMBER, decimals=2), "0"),
        (-12.5, Quantity(kind=Quantity.KIND_NUMBER, decimals=1), "-12.5"),
        (14.7, Quantity(kind=Quantity.KIND_PERCENT, decimals=1), "14.7"),
        (454.5, Quantity(kind=Quantity.KIND_MONEY, decimals=2, currency_code="USD"), "454.50"),
        (2_202_240.0, Quantity(kind=Quantity.KIND_DURATION), "611:44:00"),
        (1601934439000.0, Quantity(kind=Quantity.KIND_MOMENT, pattern="HH:mm"), "2020-10-06 00:47:19"),
        (NAN, Quantity(kind=Quantity.KIND_NUMBER), ""),
        (NAN, Quantity(kind=Quantity.KIND_MOMENT), ""),
        (NAN, Quantity(kind=Quantity.KIND_DURATION), ""),
    ],
)
def test_values_are_plain(raw: float, quantity: Quantity, text: str) -> None:
    """A full stop, no grouping, local moments and durations with seconds; an unknown value is empty."""
    assert text == shown(raw, quantity)


def test_a_title_names_the_unit_that_values_leave_out() -> None:
    """Money and percentages are bare numbers, so their columns say what they are."""
    money = Quantity(kind=Quantity.KIND_MONEY, decimals=2, currency_code="USD")
    share = Quantity(kind=Quantity.KIND_PERCENT)
    table = Table(columns=[number_column([1], money, title="Cost"), number_column([1], share, title="Idle,\n%")])

    assert ["Cost, USD", "Idle, %"] == csv_blocks(one_sheet(table))[1][3:]


@examples(100)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40))
def test_a_text_never_begins_like_a_formula(text: str) -> None:
    """Texts keep their characters; an apostrophe stands before the dangerous ones."""
    kept = csv_blocks(one_sheet(text_table(text)))[-1][-1]

    assert text == kept.removeprefix("'") or text == kept
    assert not kept.startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("text", ["=1+1", "+7 900", "-5", "@SUM(A1)", "\tx", "\rx"])
def test_a_text_like_a_formula_has_an_apostrophe(text: str) -> None:
    """Its characters stay as they are, line ends aside."""
    plain = text.replace("\r", "\n")
    assert f"'{plain}" == csv_blocks(one_sheet(text_table(text)))[-1][-1]


def test_headers_and_names_are_guarded_too() -> None:
    """A tracker may be called anything."""
    lines = csv_blocks(one_sheet(text_table("a", header="=H()", title="=T()"), header="=S()"))

    assert [["'=S()"], ["'=H()"], "'=T()", "'=S()"] == [lines[0], lines[1], lines[2][3], lines[3][0]]


def test_bytes_leave_before_the_next_part_is_read() -> None:
    """The file streams: `out` can do nothing but write, and each part is written before the next is asked for."""
    head, parts = trips_report(rows=20, rows_per_part=5)
    sent: list[int] = []

    class ByteStream(io.RawIOBase):
        def write(self, data: bytes) -> int:
            sent.append(len(data))
            return len(data)

    def asked() -> Iterator[SheetPart]:
        for count, part in enumerate(parts):
            assert 2 + count == len(sent)  # byte order mark, title page, then a write for each part
            yield part

    Csv().write(head, streamed(asked()), ByteStream(), RenderOptions())

    assert 2 + len(parts) == len(sent)
