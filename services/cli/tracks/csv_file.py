"""Reading a track from CSV: comma, semicolon or tab between cells, the columns named in the first line."""

import csv
import io
import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from services.cli.failure import CommandFailed
from services.cli.tracks.base import BATCH_SIZE, Batch, Notes, batch, parse_count, parse_on_off, parse_time

REQUIRED = ("time", "lat", "lng")


@dataclass(frozen=True, slots=True)
class Kind:
    """How a column's cells are read: into which field, by what, what an empty one is, what a bad one is told."""

    field: str
    parse: Callable[[str], float]
    empty: float | None
    right: str


KINDS = {
    "time": Kind("time_ms", parse_time, None, "an ISO 8601 time"),
    "lat": Kind("lat", float, None, "a number"),
    "lng": Kind("lng", float, None, "a number"),
    "speed_kmh": Kind("speed_kmh", float, math.nan, "a number"),
    "altitude_m": Kind("altitude_m", float, math.nan, "a number"),
    "altitude": Kind("altitude_m", float, math.nan, "a number"),
    "heading": Kind("heading", float, math.nan, "a number"),
    "satellites": Kind("satellites", parse_count, -1, "a whole number"),
    "ignition": Kind("ignition", parse_on_off, -1, "0 or 1, true or false, on or off"),
    "odometer_km": Kind("odometer_km", float, math.nan, "a number"),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Which cell holds what."""

    width: int
    columns: dict[str, int]


def read_csv(path: Path, notes: Notes) -> Iterator[Batch]:
    """Yield the points of a file in batches; lines that cannot be read go to the notes.

    Raises CommandFailed when the file cannot be opened, is empty, or lacks a required column.
    """
    try:
        with path.open("rb") as raw:
            yield from _read(raw, path, notes)
    except (OSError, csv.Error) as error:
        raise CommandFailed(f"cannot read {path}: {error}") from error


def _read(raw: io.BufferedReader, path: Path, notes: Notes) -> Iterator[Batch]:
    size = max(os.fstat(raw.fileno()).st_size, 1)
    text = io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")
    header = text.readline()
    delimiter = max(",;\t", key=header.count)
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    layout = _layout(names, path, notes)
    reader = csv.reader(text, delimiter=delimiter)
    lines = ((reader.line_num + 1, row) for row in reader if row)
    while chunk := list(islice(lines, BATCH_SIZE)):
        yield _batch(chunk, layout, notes, raw.tell() / size)


def _layout(names: Sequence[str], path: Path, notes: Notes) -> Layout:
    if not any(names):
        raise CommandFailed(f"{path} is empty")
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise CommandFailed(f"{path}: no column {', '.join(missing)} (the first line names {', '.join(names)})")
    columns = {name: names.index(name) for name in KINDS if name in names}
    if "altitude_m" in columns:
        columns.pop("altitude", None)
    notes.ignored_columns = [name for place, name in enumerate(names) if place not in columns.values()]
    return Layout(len(names), columns)


def _batch(chunk: list[tuple[int, list[str]]], layout: Layout, notes: Notes, share_read: float) -> Batch:
    places = [line for line, _ in chunk]
    rows = [row for _, row in chunk]
    bad: dict[int, str] = {}
    if any(len(row) != layout.width for row in rows):
        bad = _level(rows, layout.width)
    cells = list(zip(*rows, strict=True))
    columns = {}
    for name, place in layout.columns.items():
        columns[KINDS[name].field], wrong = _parse(name, cells[place])
        bad = {**wrong, **bad}
    for row in sorted(bad):
        notes.refuse(places[row], bad[row])
    if bad:
        places = _without(places, bad)
        columns = {name: _without(values, bad) for name, values in columns.items()}
    return batch(columns, places, share_read)
