"""Tracks in GPX: the points of all tracks and segments, in the order of the file."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from xml.etree.ElementTree import Element, ParseError, iterparse

from services.cli.errors import CommandFailed
from services.cli.tracks.base import Batch, Notes, Sample, batches, parse_count, parse_number, parse_time

KMH_PER_MS = 3.6

Value = TypeVar("Value", int, float)


def read_gpx(path: Path, notes: Notes) -> Iterator[Batch]:
    """Yield the points of a file in batches; points without a time and bad values go to the notes.

    Raises CommandFailed when the file cannot be read or has no track.
    """
    notes.word = "track point"
    samples: list[Sample] = []
    total = 0
    try:
        for total, point in enumerate(_points(path), start=1):
            try:
                samples.append(_sample(total, point))
            except (ValueError, OverflowError) as error:
                notes.refuse(total, str(error))
    except ParseError as error:
        raise CommandFailed(f"cannot read {path}: it is not whole XML: {error}") from error
    except (OSError, ValueError, LookupError) as error:  # the latter two: an unknown encoding
        raise CommandFailed(f"cannot read {path}: {error}") from error
    if not total:
        raise CommandFailed(f"{path} holds no track")
    return batches(samples, total)


def _points(path: Path) -> Iterator[Element]:
    """Yield each track point, emptied afterwards. The parser is given bytes: the XML says itself how it is encoded."""
    with path.open("rb") as source:
        for _, element in iterparse(source):  # noqa: S314  # expat bounds what entities may grow to
            if _name(element) == "trkpt":
                yield element
                element.clear()


def _sample(place: int, point: Element) -> Sample:
    """Return one point. Raises ValueError that says what is wrong with it."""
    own = {_name(child): (child.text or "").strip() for child in point}
    if not own.get("time"):
        raise ValueError("no time")
    return Sample(
        place=place,
        time_ms=_parsed("time", own["time"], parse_time, "an ISO 8601 time"),
        lat=_parsed("lat", point.get("lat", ""), parse_number, "a number"),
        lng=_parsed("lon", point.get("lon", ""), parse_number, "a number"),
        speed_kmh=_measured(point, own, "speed") * KMH_PER_MS,
        altitude_m=_measured(point, own, "ele"),
        heading=_measured(point, own, "course"),
        satellites=_parsed("sat", own["sat"], parse_count, "a whole number") if own.get("sat") else -1,
    )


def _measured(point: Element, own: dict[str, str], name: str) -> float:
    """Return a value of the point: GPX has it as an element, devices of GPX 1.1 as an extension of that name."""
    if own.get(name):
        return _parsed(name, own[name], parse_number, "a number")
    texts = (element.text for child in point for element in child.iter() if _name(element) == name)
    try:
        return parse_number(next(texts, None) or "nan")
    except ValueError:
        return math.nan


def _parsed(name: str, text: str, parse: Callable[[str], Value], right: str) -> Value:
    try:
        return parse(text)
    except (ValueError, OverflowError):
        raise ValueError(f"{name} {text[:40]!r} is not {right}") from None


def _name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]
