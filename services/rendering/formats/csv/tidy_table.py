"""CSV of all rows of a report as one table: a header, then a record a line, for programs."""

import csv
import io
import math
from collections.abc import Callable, Iterable, Iterator, Sequence

from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import Quantity, SheetPart

from services.rendering.all_rows.collector import RowCollector
from services.rendering.all_rows.fields import Field, Value
from services.rendering.all_rows.row_spool import Batch, RowSpool
from services.rendering.formats.csv.plain_columns import PlainTexts
from services.rendering.wall_clock import WallClock, civil_text, shows_time
from services.runtime.chart_values import fixed

WHOLE = 1e15  # below it all whole numbers are exact


def tidy_pieces(head: ReportHead, parts: Iterable[SheetPart]) -> Iterator[bytes]:
    """Yield the lines of the table; it begins once all parts are there, for the last may bring columns."""
    with RowSpool() as spool:
        rows = RowCollector(head, spool)
        for part in parts:
            rows.add(part)
        rows.finish()
        yield _packed([[field.name for field in rows.fields]])
        fields, clocks = rows.fields, _Clocks()
        for batch in rows.batches():
            yield _packed(zip(*_texts(fields, batch, clocks(batch.time_zone)), strict=True))


class _Clocks:
    """Clocks of time zones, each made once."""

    def __init__(self) -> None:
        self._known: dict[str, WallClock] = {}

    def __call__(self, time_zone: str) -> WallClock:
        return self._known.setdefault(time_zone, WallClock(time_zone))


def _texts(fields: Sequence[Field], batch: Batch, clock: WallClock) -> Iterator[list[str]]:
    texts = PlainTexts(clock, guarded=True)
    for field, values in zip(fields, batch.columns, strict=True):
        write = _writer(field.quantity, texts)
        yield ["" if value is None or value != value else write(value) for value in values]  # noqa: PLR0124  NaN


def _writer(quantity: Quantity, texts: PlainTexts) -> Callable[[Value], str]:
    """Return the function that writes a known value of a quantity."""
    writers: dict[int, Callable[[float], str]] = {
        Quantity.KIND_MOMENT: lambda ms: texts.clock.iso_moment(ms, with_time=shows_time(quantity.pattern)),
        Quantity.KIND_CIVIL: lambda ms: civil_text(ms, quantity.pattern),
        Quantity.KIND_MONEY: lambda value: fixed(value, quantity.decimals),
    }
    write = writers.get(quantity.kind, _number)
    return lambda value: texts.text(value) if isinstance(value, str) else write(value or 0.0)


def _number(value: float) -> str:
    if math.isinf(value):
        return ""
    return str(int(value)) if value == int(value) and abs(value) < WHOLE else repr(value)


def _packed(lines: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()
