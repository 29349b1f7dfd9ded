"""Machine values as spreadsheets count them: moments and durations in days, percentages as fractions."""

from collections.abc import Sequence

from daybook.report.v1.sheet_pb2 import Quantity

from services.rendering.formats.spreadsheets.cell_texts import cell_text, cell_texts
from services.rendering.formats.spreadsheets.cells import Value
from services.rendering.formats.spreadsheets.civil import civil_serials
from services.rendering.formats.spreadsheets.moments import DAY_S, WallClock

MOMENTS = frozenset({Quantity.KIND_MOMENT, Quantity.KIND_MOMENT_WITH_ADDRESS})
DATED = MOMENTS | {Quantity.KIND_CIVIL}  # shown by a pattern of dates and times
TEXTS = frozenset({Quantity.KIND_UNSPECIFIED, Quantity.KIND_TEXT})
MAX_NUMBER = 9.99e307


def cell_values(quantity: Quantity, raw: Sequence[float], texts: Sequence[str], clock: WallClock) -> list[Value]:
    """Return what each cell holds: a number, or the text where there is no number a spreadsheet can show.

    Plain numbers are rounded to the decimals of their quantity, so that they show what their texts show.
    """
    if quantity.kind in TEXTS or len(raw) != len(texts):
        return [*cell_texts(texts)]
    lowest = 0.0 if quantity.kind == Quantity.KIND_DURATION else -MAX_NUMBER  # a negative time shows as ####
    numbers = _numbers(quantity, raw, clock)
    return [
        number if lowest <= number <= MAX_NUMBER else cell_text(text)
        for number, text in zip(numbers, texts, strict=True)
    ]


def cell_value(quantity: Quantity, raw: float, text: str, clock: WallClock) -> Value:
    """Return what a single cell holds."""
    return cell_values(quantity, [raw], [text], clock)[0]


def _numbers(quantity: Quantity, raw: Sequence[float], clock: WallClock) -> Sequence[float]:
    kind, decimals = quantity.kind, quantity.decimals
    if kind in MOMENTS:
        return clock.serials(raw)
    if kind == Quantity.KIND_CIVIL:
        return civil_serials(raw, quantity.pattern)
    if kind == Quantity.KIND_DURATION:
        return [value / DAY_S for value in raw]
    if kind == Quantity.KIND_PERCENT:
        return [value / 100 for value in raw]
    if kind == Quantity.KIND_NUMBER and decimals:
        return [round(value, decimals) for value in raw]
    return raw
