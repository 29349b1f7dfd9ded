"""Tracks in CSV: comma, semicolon or tab between cells, the columns named in the first line."""

import csv
import io
import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from services.cli.errors import CommandFailed
from services.cli.tracks.base import (
    BATCH_SIZE,
    Batch,
    Notes,
    batch,
    is_plain,
    parse_count,
    parse_number,
    parse_on_off,
    parse_time,
)

REQUIRED = ("time", "lat", "lng")


@dataclass(frozen=True, slots=True)
class Kind:
    """Reader of the cells of a column: its field, its function, the value of an empty cell, the fault of a bad one."""

    field: str
    parse: Callable[[str], float]
    empty: float | None
    right: str


KINDS = {
    "time": Kind("time_ms", parse_time, None, "an ISO 8601 time"),
    "lat": Kind("lat", parse_number, None, "a number"),
    "lng": Kind("lng", parse_number, None, "a number"),
    "speed_kmh": Kind("speed_kmh", parse_number, math.nan, "a number"),
    "altitude": Kind("altitude_m", parse_number, math.nan, "a number"),
    "altitude_m": Kind("altitude_m", parse_number, math.nan, "a number"),
    "heading": Kind("heading", parse_number, math.nan, "a number"),
    "satellites": Kind("satellites", parse_count, -1, "a whole number"),
    "ignition": Kind("ignition", parse_on_off, -1, "0 or 1, true or false, on or off"),
    "odometer_km": Kind("odometer_km", parse_number, math.nan, "a number"),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Layout of a file: the fields of its cells, their number, and whether 41,25 is a number."""

    columns: dict[str, int]
    width: int
    decimal_comma: bool


def read_csv(path: Path, notes: Notes) -> Iterator[Batch]:
    """Yield the points of a file in batches; lines that cannot be read go to the notes.

    Raises CommandFailed when the file cannot be opened, is empty, or lacks a required column.
    """
    try:
        with (
            path.open("rb") as raw,
            io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="") as text,
        ):
            yield from _read(raw, text, path, notes)
    except (OSError, csv.Error) as error:
        raise CommandFailed(f"cannot read {path}: {error}") from error


def _read(raw: io.BufferedReader, text: io.TextIOWrapper, path: Path, notes: Notes) -> Iterator[Batch]:
    size = max(os.fstat(raw.fileno()).st_size, 1)
    header = text.readline()
    delimiter = max(",;\t", key=header.count)
    cells = next(csv.reader([header], delimiter=delimiter, skipinitialspace=True), [])
    names = [name.strip().lower() for name in cells]
    layout = Layout(_columns(names, path, notes), len(names), decimal_comma=delimiter == ";")
    reader = csv.reader(text, delimiter=delimiter, skipinitialspace=True)
    lines = ((reader.line_num + 1, row) for row in reader if row)
    while chunk := list(islice(lines, BATCH_SIZE)):
        yield _batch(chunk, layout, notes, raw.tell() / size)


def _columns(names: Sequence[str], path: Path, notes: Notes) -> dict[str, int]:
    if not any(names):
        raise CommandFailed(f"{path} is empty")
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise CommandFailed(f"{path}: no column {', '.join(missing)} (the first line names {', '.join(names)})")
    columns = {name: names.index(name) for name in KINDS if name in names}
    if "altitude_m" in columns:
        columns.pop("altitude", None)
    notes.ignored_columns = [name for place, name in enumerate(names) if place not in columns.values()]
    return columns


def _batch(chunk: list[tuple[int, list[str]]], layout: Layout, notes: Notes, share_read: float) -> Batch:
    places = [line for line, _ in chunk]
    rows = [row for _, row in chunk]
    bad: dict[int, str] = {}
    if any(len(row) != layout.width for row in rows):
        bad = _level(rows, layout.width)
    cells = list(zip(*rows, strict=True))
    columns = {}
    for name, place in layout.columns.items():
        columns[KINDS[name].field], wrong = _parse(name, cells[place], layout)
        bad = {**wrong, **bad}
    for row in sorted(bad):
        notes.refuse(places[row], bad[row])
    if bad:
        places = _without(places, bad)
        columns = {name: _without(values, bad) for name, values in columns.items()}
    return batch(columns, places, share_read)


def _level(rows: list[list[str]], width: int) -> dict[int, str]:
    """Make all rows equally long: what is missing at the end is empty. Returns the rows that are too long, and why."""
    bad = {}
    for place, row in enumerate(rows):
        if len(row) > width:
            bad[place] = f"{len(row)} cells under {width} columns"
        rows[place] = [*row, *[""] * (width - len(row))][:width]
    return bad


def _parse(name: str, cells: Sequence[str], layout: Layout) -> tuple[list[Any], dict[int, str]]:
    """Return the values of a column, and which rows are bad for which reason; their values mean nothing."""
    kind = KINDS[name]
    parse = _parse_with_comma if layout.decimal_comma and kind.parse is parse_number else kind.parse
    quick = float if parse is parse_number and is_plain("".join(cells)) else parse  # one look for all cells
    try:
        if kind.empty is not None:
            return [quick(cell) if cell else kind.empty for cell in cells], {}
        return [quick(cell) for cell in cells], {}
    except (ValueError, OverflowError):
        return _parse_one_by_one(name, cells, parse)


def _parse_one_by_one(
    name: str, cells: Sequence[str], parse: Callable[[str], float]
) -> tuple[list[Any], dict[int, str]]:
    kind = KINDS[name]
    values: list[Any] = []
    bad = {}
    for place, cell in enumerate(cells):
        value = kind.empty
        if cell.strip():
            try:
                value = parse(cell.strip())
            except (ValueError, OverflowError):
                bad[place] = f"{name} {cell[:40]!r} is not {kind.right}"
        elif value is None:
            bad[place] = f"{name} is empty"
        values.append(value)
    return values, bad


def _parse_with_comma(text: str) -> float:
    return parse_number(text.replace(",", "."))


def _without(values: list[Any], rows: dict[int, str]) -> list[Any]:
    return [value for row, value in enumerate(values) if row not in rows]
