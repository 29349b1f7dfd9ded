"""Tracks in GeoJSON: lines with a time for each position, and points with a time of their own."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any

from services.cli.errors import CommandFailed
from services.cli.json_stream import LongList, read_stream
from services.cli.tracks.base import Batch, Notes, Sample, batches
from services.cli.tracks.fields import FEATURE, LOCATIONS, SPEED_REMARK, Column, columns_of, has_speed_without_unit
from services.runtime.shown_text import shown

Json = Any  # what a file holds is not known until it is looked at

Position = tuple[Json, dict[str, Json]]  # coordinates, and what is known of them

MAX_NAMES = 10_000  # of properties that are looked at for the marks of a format
PLACE = frozenset({"lat", "lng"})  # of the geometry, not of the properties
MIN_POSITION = 2


def read_geojson(path: Path, notes: Notes) -> Iterator[Batch]:
    """Yield the points of a file in batches; positions without a time and bad values go to the notes.

    Raises CommandFailed when the file cannot be read or has neither lines nor points.
    """
    notes.word = "position"
    try:
        root = read_stream(path)
        marks, total = _survey(root)
        if not total:
            raise CommandFailed(f"{shown(path)} holds no LineString, MultiLineString or Point feature with positions")
        yield from batches(_samples(_all_positions(root), marks, notes), total)
    except UnicodeDecodeError as error:
        raise CommandFailed(f"cannot read {shown(path)}: it is not text") from error
    except ValueError as error:
        raise CommandFailed(f"cannot read {shown(path)}: it is not JSON: {error}") from error


def _survey(root: Json) -> tuple[frozenset[str], int]:
    """Return the marks by which formats are known, of a first reading, and the number of positions."""
    marks, total = {LOCATIONS, FEATURE} if _has_locations(root) else {FEATURE}, 0
    names: set[str] = set()
    for _, properties in _all_positions(root):
        total += 1
        if len(names) < MAX_NAMES:
            names.update(properties)
    return frozenset(marks | {name.lower() for name in names}), total


def _has_locations(root: Json) -> bool:
    return isinstance(root, dict) and root.get("type") != "FeatureCollection" and "locations" in root


def _features(root: Json) -> Iterator[dict[str, Json]]:
    """Yield the features of a file."""
    found: Json = root if isinstance(root, list | LongList) else [root]
    if isinstance(root, dict) and root.get("type") == "FeatureCollection":
        found = root.get("features")
    elif _has_locations(root):  # Overland as it is sent
        found = root["locations"]
    return (one for one in _list(found) if isinstance(one, dict))


def _all_positions(root: Json) -> Iterator[Position]:
    return (position for feature in _features(root) for position in _positions(feature))


def _positions(feature: dict[str, Json]) -> Iterator[Position]:
    """Yield the coordinates of a feature's positions with what is known of each."""
    properties = _dictionary(feature.get("properties"))
    geometry = _dictionary(feature.get("geometry"))
    coordinates, times = geometry.get("coordinates"), _list(_times(properties))
    if geometry.get("type") == "Point":
        yield coordinates, properties
    elif geometry.get("type") == "LineString":
        yield from _timed(_list(coordinates), times)
    elif geometry.get("type") == "MultiLineString":
        lines = _list(coordinates)
        first = next(iter(times), None)
        if first is not None and not isinstance(first, list | LongList):  # one list over all lines
            yield from _timed((position for line in lines for position in _list(line)), times)
        else:
            moments = chain(times, repeat(None))
            for line in lines:
                yield from _timed(_list(line), _list(next(moments)))


def _timed(line: Iterable[Json], times: Iterable[Json]) -> Iterator[Position]:
    moments = chain(times, repeat(None))
    return ((position, {"time": next(moments)}) for position in line)


def _times(properties: dict[str, Json]) -> Json:
    return (
        properties.get("times")
        or properties.get("coordTimes")
        or _dictionary(properties.get("coordinateProperties")).get("times")
    )


def _samples(positions: Iterable[Position], marks: frozenset[str], notes: Notes) -> Iterator[Sample]:
    for place, (position, properties) in enumerate(positions, start=1):
        known = _known(_dictionary(properties.get("attributes"))) | _known(properties)  # Traccar nests some
        names = frozenset(known)
        if has_speed_without_unit(names, marks):
            notes.remark(SPEED_REMARK)
        try:
            yield _sample(place, position, known, columns_of(names, marks))
        except (ValueError, OverflowError) as error:
            notes.refuse(place, str(error))


def _known(properties: dict[str, Json]) -> dict[str, str]:
    """Return the properties that hold something, as texts by their names in lower case."""
    return {
        name.lower(): str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in properties.items()
        if isinstance(value, str | int | float) and value != ""
    }


def _sample(place: int, position: Json, known: dict[str, str], columns: dict[str, Column]) -> Sample:
    """Return one point. Raises ValueError that says what is wrong with it."""
    numbers = [value for value in islice(_list(position), 3) if isinstance(value, int | float)]
    if len(numbers) < MIN_POSITION:
        raise ValueError("no longitude and latitude")
    if "time_ms" not in columns:
        raise ValueError("no time")
    values: dict[str, Any] = {"altitude_m": float(numbers[2])} if len(numbers) > MIN_POSITION else {}
    for title, column in columns.items():
        if title not in PLACE:
            values[title] = column.value(known[column.name])
    return Sample(place=place, lng=float(numbers[0]), lat=float(numbers[1]), **values)


def _dictionary(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json] | LongList:
    return value if isinstance(value, list | LongList) else []
