"""Import of readings of sensors from JSON Lines or CSV: lines of any sensors, sent sensor by sensor in columns."""

import math
import re
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

from daybook.input.v1 import input_service_pb2 as pb
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub
from daybook.input.v1.sensors_pb2 import Readings

from services.cli.client import Access, send, service_at
from services.cli.csv_records import MAX_RECORD, CsvRecords, Record
from services.cli.errors import CommandFailed
from services.cli.import_result import Stored
from services.cli.input_file import open_input
from services.cli.json_lines import JsonLines
from services.cli.json_values import A_TIME, BadValue, Json, moment_of
from services.cli.options import MAX_ID
from services.cli.output import Bar
from services.cli.storing import CALL_WITHIN_S
from services.runtime.shown_text import shown

GROUP = 200_000  # readings that are held at once
GROUP_CHARACTERS = 512 * 1024  # of their texts, which may be four bytes each
MAX_TEXT = 255
BATCH = 20_000  # readings of a message
KEYS = ("time", "sensor_id", "value")
FIELDS = {"time_ms": "time"}  # keys that messages call otherwise
FLAGS = {"true": 1.0, "false": 0.0}
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
DELIMITERS = ",;\t|"
EPOCH, MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
NO_RECORD = Record(1, [])

Reading = tuple[int, int, float | str]  # a sensor, a moment in milliseconds, a value


@dataclass(slots=True)
class Column:
    """Readings of a sensor with the numbers of their lines."""

    lines: "array[int]" = field(default_factory=lambda: array("q"))
    time_ms: "array[int]" = field(default_factory=lambda: array("q"))
    values: "array[float]" = field(default_factory=lambda: array("d"))
    texts: dict[int, str] = field(default_factory=dict)

    def add(self, line: int, time_ms: int, value: float | str) -> None:
        """Add a reading."""
        if isinstance(value, str):
            self.texts[len(self.lines)] = value
        self.lines.append(line)
        self.time_ms.append(time_ms)
        self.values.append(math.nan if isinstance(value, str) else value)

    def messages(self, sensor_id: int) -> Iterator[tuple["array[int]", Readings]]:
        """Yield the readings in messages, each with the numbers of its lines."""
        for first in range(0, len(self.lines), BATCH):
            part = slice(first, first + BATCH)
            texts = {place - first: text for place, text in self.texts.items() if first <= place < first + BATCH}
            message = Readings(sensor_id=sensor_id, time_ms=self.time_ms[part], value=self.values[part], text=texts)
            yield self.lines[part], message


@dataclass(slots=True)
class ReadingLines(JsonLines):
    """Lines of a file as readings, in either form."""

    def readings(self) -> Iterator[tuple[int, Reading]]:
        """Yield the number and the reading of each good line. Raises CommandFailed for a CSV file without a column."""
        rows = self._rows() if self.file.suffix.lower() == ".csv" else self.objects()
        for number, found in rows:
            try:
                yield number, _reading(found)
            except BadValue as bad:
                self.refusals.add(number, str(bad))

    def _rows(self) -> Iterator[tuple[int, Json]]:
        """Yield the rows of a CSV file as objects; its header is line 1."""
        with (
            open_input(self.file) as raw,
            TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="") as source,
        ):
            header = source.readline(MAX_RECORD)
            delimiter = max(DELIMITERS, key=header.count)
            places = _places(self.file, next(iter(CsvRecords(StringIO(header), delimiter=delimiter)), NO_RECORD).cells)
            for record in CsvRecords(source, 1, delimiter):
                self.read_bytes = raw.tell()
                if record.broken or any(cell.strip() for cell in record.cells):
                    self.count += 1
                    if record.broken:
                        self.refusals.add(record.line, record.broken)
                    else:
                        yield record.line, _cells(record.cells, places, decimal_comma=delimiter == ";")

    def messages(self) -> Iterator[tuple["array[int]", Readings]]:
        """Yield the readings sensor by sensor, so many lines at a time as memory may hold."""
        source = self.readings()
        while some := _by_sensor(source):
            for sensor_id, column in some.items():
                yield from column.messages(sensor_id)


def _by_sensor(readings: Iterator[tuple[int, Reading]]) -> dict[int, Column]:
    """Take readings until there are as many, or as much text, as memory and a message may hold."""
    columns: dict[int, Column] = {}
    size = 0
    for number, (line, (sensor_id, time_ms, value)) in enumerate(readings, 1):
        column = columns.get(sensor_id)
        if column is None:
            column = columns[sensor_id] = Column()
        column.add(line, time_ms, value)
        size += len(value) if isinstance(value, str) else 0
        if number == GROUP or size > GROUP_CHARACTERS:
            break
    return columns


def _places(file: Path, header: list[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in header]
    missing = [key for key in KEYS if key not in names]
    if missing:
        raise CommandFailed(f"{shown(file)}: line 1: no column {', '.join(missing)}")
    return {key: names.index(key) for key in KEYS}


def _cells(row: list[str], places: Mapping[str, int], *, decimal_comma: bool) -> Json:
    """Return the cells of a row in the form of JSON; an empty or missing one is null."""
    cells: dict[str, Any] = {key: row[place].strip() or None for key, place in places.items() if place < len(row)}
    if cells.get("sensor_id") and NUMBER.fullmatch(cells["sensor_id"]):
        cells["sensor_id"] = float(cells["sensor_id"])
    if cells.get("value"):
        cells["value"] = _cell(cells["value"], decimal_comma=decimal_comma)
    return cells


def _cell(text: str, *, decimal_comma: bool) -> float | str:
    """Return the value of a cell: a number, true or false, else its text."""
    if text.lower() in FLAGS:
        return FLAGS[text.lower()]
    number = text.replace(",", ".") if decimal_comma else text
    return float(number) if NUMBER.fullmatch(number) or NOT_FINITE.fullmatch(number) else text


def _reading(found: Json) -> Reading:
    """Return the reading of an object. Raises BadValue for what no reading can be."""
    if not isinstance(found, dict):
        raise BadValue("", "must be an object")
    for key in KEYS:
        if found.get(key) in (None, ""):
            raise BadValue(key, "must be given")
    try:
        time_ms = (moment_of(found["time"]) - EPOCH) // MILLISECOND
    except (ValueError, OverflowError):
        raise BadValue("time", A_TIME) from None
    sensor_id = found["sensor_id"]
    if isinstance(sensor_id, bool) or not isinstance(sensor_id, int | float) or sensor_id != sensor_id // 1:
        raise BadValue("sensor_id", "must be a whole number")
    if not 1 <= sensor_id <= MAX_ID:
        raise BadValue("sensor_id", f"must be 1 to {MAX_ID}")
    return int(sensor_id), time_ms, _value(found["value"])


def _value(value: Json) -> float | str:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise BadValue("value", "must be UTF-8") from None
        if not value.strip():
            raise BadValue("value", "must be given")
        if len(value) > MAX_TEXT:
            raise BadValue("value", f"must be a text of 1 to {MAX_TEXT} characters")
        return value
    if not isinstance(value, int | float):
        raise BadValue("value", "must be a number, true, false or a text")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise BadValue("value", "must be a finite number")
    return number


async def import_readings(access: Access, lines: ReadingLines, owner: str) -> Stored:
    """Store the readings of a file and return what became of its lines. Raises CommandFailed when a call fails.

    A call sends one message, so that the first refused readings of each are described.
    """
    size = max(lines.file.stat().st_size, 1)
    async with service_at(access, "generation") as channel:
        stub = InputServiceStub(channel)
        with Bar(lines.file.name, total=1.0) as bar:
            for numbers, message in lines.messages():
                call = stub.Upsert(metadata=access.as_operator(), timeout=CALL_WITHIN_S)
                request = pb.UpsertRequest(owner_login=owner, batch=pb.Batch(readings=message))
                await send(call, [request], partial(_note, lines, numbers))
                bar.show(min(lines.read_bytes / size, 1.0))
    return lines.counts


def _note(lines: ReadingLines, numbers: "array[int]", answer: pb.UpsertResponse) -> None:
    for one in answer.refusals:
        key = FIELDS.get(one.field, one.field)
        lines.refusals.describe(numbers[one.index], f"{key}: {one.reason}")
    lines.refusals.count += answer.refused_count
    lines.accepted.add(Stored(answer.stored_count, answer.unchanged_count))
