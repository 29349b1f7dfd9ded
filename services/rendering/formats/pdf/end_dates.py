"""Dates of ends that lie on another day than their start, for readers of paper, who see times of day alone."""

from collections.abc import Iterator, Sequence

from daybook.report.v1.sheet_pb2 import Column, SheetPart, Table

from services.rendering.values import Reader, moment_text
from services.rendering.wall_clock import DAY_S

DASH = " - "  # between a time of day and an address


def with_end_dates(part: SheetPart, reader: Reader) -> SheetPart:
    """Return a part whose texts of such ends show date and time; the part itself where there are none."""
    dated = part
    for number, section in enumerate(part.sheet.sections):
        for place, texts in _changed(section.table, reader):
            if dated is part:
                dated = SheetPart()
                dated.CopyFrom(part)
            dated.sheet.sections[number].table.columns[place].text[:] = texts
    return dated


def _changed(table: Table, reader: Reader) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the places of the columns with such ends, and their texts."""
    by_field = {column.field: column for column in table.columns if column.raw}
    for place, column in enumerate(table.columns):
        start = by_field.get(column.start_field)
        if start is not None and column.raw:
            texts = _texts(column, start.raw, reader)
            if texts != column.text:
                yield place, texts


def _texts(column: Column, start_ms: Sequence[float], reader: Reader) -> list[str]:
    pattern = column.quantity.pattern
    starts, ends = (reader.clock.local_s(moments) for moments in (start_ms, column.raw))
    return [
        _dated(text, moment_text(pattern, end, reader.locale)) if end // DAY_S > start // DAY_S else text
        for start, end, text in zip(starts, ends, column.text, strict=True)
    ]


def _dated(text: str, moment: str) -> str:
    """Return a text with a full moment in place of its time of day; an address may follow that."""
    _time, dash, address = text.partition(DASH)
    return f"{moment}{dash}{address}"
