"""Contents of spreadsheet cells: numbers where the spreadsheet can show them, else texts."""

from collections.abc import Sequence

from daybook.report.v1.sheet_pb2 import Quantity

from services.rendering.formats.spreadsheets.cell_texts import cell_text, cell_texts
from services.rendering.values import MAX_NUMBER, kind_of
from services.rendering.wall_clock import WallClock

CellValue = str | float


def cell_values(
    quantity: Quantity, raw: Sequence[float], texts: Sequence[str], clock: WallClock
) -> Sequence[CellValue]:
    """Return a number for each raw value, or the text where there is no number that a spreadsheet can show."""
    kind = kind_of(quantity)
    if kind.is_text or len(raw) != len(texts):
        return cell_texts(texts)
    lowest, numbers = kind.lowest_cell, kind.cell_numbers(quantity, raw, clock)
    return [
        number if lowest <= number <= MAX_NUMBER else cell_text(text)
        for number, text in zip(numbers, texts, strict=True)
    ]


def cell_value(quantity: Quantity, raw: float, text: str, clock: WallClock) -> CellValue:
    """Return the content of a single cell."""
    return cell_values(quantity, [raw], [text], clock)[0]
