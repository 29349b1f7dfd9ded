"""Tracks in GPX: the points of all tracks and segments, in the order of the file."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from services.cli.errors import CommandFailed
from services.cli.tracks.base import Batch, Notes, Sample, batches
from services.cli.tracks.fields import TRACK_POINT, columns_of

CHUNK_BYTES = 1 << 16
PLACE = ("lat", "lon")
MEASURED = ("speed", "ele", "course")  # GPX has them as elements, devices of GPX 1.1 as extensions
COLUMNS = columns_of(frozenset({"time", "sat", *PLACE, *MEASURED}), frozenset({TRACK_POINT}))


def read_gpx(path: Path, notes: Notes) -> Iterator[Batch]:
    """Yield the points of a file in batches; points without a time and bad values go to the notes.

    Of a file that breaks off, the points before the break are yielded. Raises CommandFailed when the file cannot be
    read or has no track.
    """
    notes.word = "track point"
    try:
        with path.open("rb") as source:
            size = max(os.fstat(source.fileno()).st_size, 1)
            for found in batches(_samples(source, path, notes), total=1):
                yield replace(found, share_read=source.tell() / size)
    except (OSError, ValueError, LookupError) as error:  # the latter two: an unknown encoding
        raise CommandFailed(f"cannot read {path}: {error}") from error


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
    except ParseError as error:
        if not total:
            raise CommandFailed(f"cannot read {path}: it is not whole XML: {error}") from error
        notes.remark(f"the file breaks off after track point {total}: {error}")
    if not total:
        raise CommandFailed(f"{path} holds no track")


def _points(source: BinaryIO) -> Iterator[Element]:
    """Yield each track point, emptied afterwards. The parser is given bytes: the XML says itself how it is encoded."""
    parser: XMLPullParser[Any] = XMLPullParser()
    while chunk := source.read(CHUNK_BYTES):
        parser.feed(chunk)  # a ParseError comes with the events
        yield from _read_points(parser)
    try:
        parser.close()
    finally:  # also the points before a break
        yield from _read_points(parser)


def _read_points(parser: "XMLPullParser[Any]") -> Iterator[Element]:
    for event in parser.read_events():
        element = event[-1]
        if isinstance(element, Element) and _name(element) == "trkpt":
            yield element
            element.clear()


def _sample(place: int, point: Element) -> Sample:
    """Return one point. Raises ValueError that says what is wrong with it."""
    own = {_name(child): (child.text or "").strip() for child in point}
    if not own.get("time"):
        raise ValueError("no time")
    own |= {name: point.get(name, "") for name in PLACE}
    values: dict[str, Any] = {}
    for title, column in COLUMNS.items():
        if own.get(column.name) or column.name in PLACE:
            values[title] = column.value(own[column.name])
        elif column.name in MEASURED and (text := _extension(point, column.name)):
            with suppress(ValueError):
                values[title] = column.value(text)
    return Sample(place=place, **values)


def _extension(point: Element, name: str) -> str | None:
    """Return the text of the point's extension of that name, None if it has none."""
    return next((element.text for child in point for element in child.iter() if _name(element) == name), None)


def _name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]
