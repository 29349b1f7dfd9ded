"""Tracks in GPX: the points of all tracks and segments, in the order of the file."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from services.cli.errors import CommandFailed
from services.cli.input_file import open_input
from services.cli.tracks.base import Batch, Notes, Sample, batches
from services.cli.tracks.fields import TRACK_POINT, columns_of
from services.runtime.shown_text import shown

CHUNK_BYTES = 1 << 16
MAX_DEPTH = 64  # of elements in one another
MAX_PIECE = 1 << 20  # bytes that make no event: of a tag or a comment
MAX_TEXT, MAX_TEXTS = 1000, 10  # characters and pieces of what an element holds
PLACE = ("lat", "lon")
MEASURED = ("speed", "ele", "course")  # GPX has them as elements, devices of GPX 1.1 as extensions
NAMES = frozenset({"time", "sat", *MEASURED})
COLUMNS = columns_of(NAMES | {*PLACE}, frozenset({TRACK_POINT}))


def read_gpx(path: Path, notes: Notes) -> Iterator[Batch]:
    """Yield the points of a file in batches; points without a time and bad values go to the notes.

    Of a file that breaks off, the points before the break are yielded. Raises CommandFailed when the file cannot be
    read or has no track.
    """
    notes.word = "track point"
    with open_input(path) as source:
        size = max(os.fstat(source.fileno()).st_size, 1)
        try:
            for found in batches(_samples(source, path, notes), total=1):
                yield replace(found, share_read=source.tell() / size)
        except TooMuch as error:
            raise CommandFailed(f"cannot read {shown(path)}: {error}") from error


def _samples(source: BinaryIO, path: Path, notes: Notes) -> Iterator[Sample]:
    total = 0
    try:
        for total, point in enumerate(_points(source), start=1):
            try:
                sample = _sample(total, point)
            except (ValueError, OverflowError) as error:
                notes.refuse(total, str(error))
            else:
                yield sample
    except ExpatError as error:
        if not total:
            raise CommandFailed(f"cannot read {shown(path)}: it is not whole XML: {_place(error)}") from error
        notes.remark(f"the file breaks off after track point {total}: {_place(error)}")
    if not total:
        raise CommandFailed(f"{shown(path)} holds no track")


class TooMuch(Exception):
    """A file holds what is not read, in words for people."""


@dataclass(slots=True)
class _Point:
    """Track point: its attributes, the texts of its elements, and those of the extensions in them."""

    own: dict[str, str]
    extensions: dict[str, str] = field(default_factory=dict)


def _points(source: BinaryIO) -> Iterator[_Point]:
    """Yield each track point. The parser is given bytes: the XML says itself how it is encoded.

    Raises ExpatError, and TooMuch.
    """
    parser = ParserCreate(namespace_separator="}")
    reading = _PointReader(parser)
    fed, is_over = 0, False
    while not is_over:
        chunk = source.read(CHUNK_BYTES)
        fed, is_over = fed + len(chunk), not chunk
        try:
            parser.Parse(chunk, is_over)
        except ExpatError:
            yield from reading.taken()  # the points before a break
            raise
        except (ValueError, LookupError):
            raise TooMuch("its encoding is not known") from None
        if fed - parser.CurrentByteIndex > MAX_PIECE:
            raise TooMuch(f"an element or a comment has more than {MAX_PIECE:,} bytes")
        yield from reading.taken()


class _PointReader:
    """Gathers track points from the events of a parser, and nothing else. Raises TooMuch from within the parser."""

    def __init__(self, parser: XMLParserType) -> None:
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        self._whole: list[_Point] = []
        self._path: list[str] = []
        self._point: _Point | None = None
        self._inside = 0  # the depth of the point
        self._texts: list[str] = []

    def taken(self) -> list[_Point]:
        """Return the points that are whole by now, once."""
        found, self._whole = self._whole, []
        return found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name.rpartition("}")[2])
        if len(self._path) > MAX_DEPTH:
            raise TooMuch(f"it is nested deeper than {MAX_DEPTH}")
        if self._point is None and self._path[-1] == "trkpt":
            self._point, self._inside = _Point({key: attributes.get(key, "") for key in PLACE}), len(self._path)
        self._texts = []

    def _text(self, text: str) -> None:
        if self._point is not None and len(self._texts) < MAX_TEXTS:
            self._texts.append(text[:MAX_TEXT])

    def _end(self, _: str) -> None:
        name, depth = self._path.pop(), len(self._path) - self._inside
        point = self._point
        if point is None:
            return
        if depth < 0:
            self._whole.append(point)
            self._point = None
        elif depth == 0 and name in NAMES:
            point.own[name] = "".join(self._texts).strip()
        if depth >= 0 and name in MEASURED:
            point.extensions.setdefault(name, "".join(self._texts))
        self._texts = []

    def _entity(self, *_: object) -> None:
        raise TooMuch("it declares entities, which no track has")


def _sample(place: int, point: _Point) -> Sample:
    """Return one point. Raises ValueError that says what is wrong with it."""
    own = point.own
    if not own.get("time"):
        raise ValueError("no time")
    values: dict[str, Any] = {}
    for title, column in COLUMNS.items():
        if own.get(column.name) or column.name in PLACE:
            values[title] = column.value(own[column.name])
        elif text := point.extensions.get(column.name):
            with suppress(ValueError):
                values[title] = column.value(text)
    return Sample(place=place, **values)


def _place(error: ExpatError) -> str:
    return f"it is wrong at line {error.lineno}, character {error.offset + 1}"
