"""Tracks in CSV: comma, semicolon, tab or pipe between cells, the columns named in the first line."""

import codecs
import io
import math
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.cli.csv_records import MAX_RECORD, CsvRecords, Record, chunks
from services.cli.errors import CommandFailed
from services.cli.input_file import open_input
from services.cli.tracks.base import BATCH_SIZE, Batch, Notes, batch
from services.cli.tracks.fields import (
    REQUIRED,
    SPEED_REMARK,
    Column,
    columns_of,
    has_speed_without_unit,
    is_plain,
    is_traccar,
    parse_number,
)
from services.runtime.shown_text import shown

DELIMITERS = ",;\t|"
SEPARATOR_LINE = re.compile(r'"?sep=([^\w"\r\n]?)"?\s*', re.IGNORECASE)  # for spreadsheets
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CLOCK = re.compile(r"\d{1,2}:|\d{6}(?!\d)", re.ASCII)  # a time of day without its date
FREE_TEXT = "address"


@dataclass(frozen=True, slots=True)
class Layout:
    """Layout of a file: its columns by field and their cells, the number of cells, and those that need a special look.

    `date` is the cell of the date that the times of day belong to; `free_text` one that may hold bare delimiters.
    """

    columns: dict[str, tuple[Column, int]]
    width: int
    decimal_comma: bool
    date: int | None
    free_text: int | None


def read_csv(path: Path, notes: Notes) -> Iterator[Batch]:
    """Yield the points of a file in batches; lines that cannot be read go to the notes.

    Raises CommandFailed when the file cannot be opened, is empty, or lacks a required column.
    """
    with open_input(path) as raw:
        encoding = "utf-16" if raw.peek(2)[:2] in UTF_16 else "utf-8-sig"
        with io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="") as text:
            yield from _read(raw, text, path, notes)


def _read(raw: io.BufferedReader, text: io.TextIOWrapper, path: Path, notes: Notes) -> Iterator[Batch]:
    size = max(os.fstat(raw.fileno()).st_size, 1)
    header, above = text.readline(MAX_RECORD), 1
    separator = SEPARATOR_LINE.fullmatch(header)
    if separator:
        header, above = text.readline(MAX_RECORD), 2
    delimiter = (separator and separator[1]) or max(DELIMITERS, key=header.count)
    names = next(iter(CsvRecords(io.StringIO(header), 0, delimiter, skip_initial_space=True)), Record(above, []))
    layout = _layout([name.strip().lower() for name in names.cells], delimiter, path, notes)
    records = CsvRecords(text, above, delimiter, skip_initial_space=True)
    for chunk in chunks(_good(records, notes), BATCH_SIZE):
        yield _batch(chunk, layout, notes, raw.tell() / size)


def _good(records: Iterable[Record], notes: Notes) -> Iterator[Record]:
    for record in records:
        if record.broken:
            notes.refuse(record.line, record.broken)
        else:
            yield record


def _layout(names: Sequence[str], delimiter: str, path: Path, notes: Notes) -> Layout:
    if not any(names):
        raise CommandFailed(f"{shown(path)} is empty")
    known = frozenset(names)
    columns = {title: (column, names.index(column.name)) for title, column in columns_of(known, known).items()}
    missing = [title.removesuffix("_ms") for title in REQUIRED if title not in columns]
    if missing:
        raise CommandFailed(
            f"{shown(path)}: no column {', '.join(missing)} (the first line names {shown(', '.join(names))})"
        )
    has_date = columns["time_ms"][0].name == "time" and "date" in known
    date = names.index("date") if has_date else None
    used = {place for _, place in columns.values()} | {date}
    notes.ignored_columns = [name for place, name in enumerate(names) if place not in used]
    if has_speed_without_unit(known, known):
        notes.remark(SPEED_REMARK)
    free_text = names.index(FREE_TEXT) if is_traccar(known) and FREE_TEXT in known else None
    return Layout(columns, len(names), delimiter != ",", date, free_text)


def _batch(chunk: list[Record], layout: Layout, notes: Notes, share_read: float) -> Batch:
    places = [record.line for record in chunk]
    rows = [record.cells for record in chunk]
    bad: dict[int, str] = {}
    if any(len(row) != layout.width for row in rows):
        bad = _level(rows, layout)
    cells = list(zip(*rows, strict=True))
    columns = {}
    for title, (column, place) in layout.columns.items():
        texts: Sequence[str] = cells[place]
        if title == "time_ms" and layout.date is not None:
            texts = _with_dates(texts, cells[layout.date])
        columns[title], wrong = _parse(column, texts, layout.decimal_comma)
        bad = {**wrong, **bad}
    for row in sorted(bad):
        notes.refuse(places[row], bad[row])
    if bad:
        places = _without(places, bad)
        columns = {title: _without(values, bad) for title, values in columns.items()}
    return batch(columns, places, share_read)


def _level(rows: list[list[str]], layout: Layout) -> dict[int, str]:
    """Make all rows equally long: what is missing at the end is empty. Returns the rows that are too long, and why."""
    bad = {}
    for place, row in enumerate(rows):
        surplus = len(row) - layout.width
        if surplus > 0 and layout.free_text is not None:  # Traccar writes addresses without quotes
            del row[layout.free_text : layout.free_text + surplus]
        elif surplus > 0:
            bad[place] = f"{len(row)} cells under {layout.width} columns"
        rows[place] = [*row, *[""] * -surplus][: layout.width]
    return bad


def _with_dates(times: Iterable[str], dates: Iterable[str]) -> list[str]:
    """Return the times with the dates in front; a time that has its date stays."""
    return [_with_date(time.strip(), date.strip()) for time, date in zip(times, dates, strict=True)]


def _with_date(time: str, date: str) -> str:
    if not CLOCK.match(time):
        return time
    return f"{date}T0{time}" if time[1] == ":" else f"{date}T{time}"


def _parse(column: Column, cells: Sequence[str], decimal_comma: bool) -> tuple[list[Any], dict[int, str]]:
    """Return the values of a column, and which rows are bad for which reason; their values mean nothing."""
    unknown, parse = column.field.unknown, column.field.parse
    quick = parse
    if parse is parse_number:
        whole = "".join(cells)  # one look for all cells
        if decimal_comma and "," in whole:
            quick = parse = _parse_with_comma
        elif is_plain(whole):
            quick = float
    try:
        if unknown is not None:
            return column.settle([quick(cell) if cell else unknown for cell in cells]), {}
        return [quick(cell) for cell in cells], {}
    except (ValueError, OverflowError):
        return _parse_one_by_one(column, cells, parse)


def _parse_one_by_one(
    column: Column, cells: Sequence[str], parse: Callable[[str], float]
) -> tuple[list[Any], dict[int, str]]:
    field = column.field
    values: list[Any] = []
    bad = {}
    for place, cell in enumerate(cells):
        value = field.unknown
        if cell.strip():
            try:
                value = parse(cell.strip())
            except (ValueError, OverflowError):
                bad[place] = f"{shown(column.name)} {cell[:40]!r} is not {field.right}"
        elif value is None:
            bad[place] = f"{column.name} is empty"
        values.append(math.nan if value is None else value)
    return column.settle(values), bad


def _parse_with_comma(text: str) -> float:
    return parse_number(text.replace(",", "."))


def _without(values: list[Any], rows: dict[int, str]) -> list[Any]:
    return [value for row, value in enumerate(values) if row not in rows]
