"""Tracks in GeoJSON: lines with a time for each position, and points with a time of their own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.cli.errors import CommandFailed
from services.cli.tracks.base import Batch, Notes, Sample, batches
from services.cli.tracks.fields import FEATURE, LOCATIONS, SPEED_REMARK, Column, columns_of, has_speed_without_unit

Json = Any  # what a file holds is not known until it is looked at

PLACE = frozenset({"lat", "lng"})  # of the geometry, not of the properties
MIN_POSITION = 2


def read_geojson(path: Path, notes: Notes) -> Iterator[Batch]:
    """Yield the points of a file in batches; positions without a time and bad values go to the notes.

    Raises CommandFailed when the file cannot be read or has neither lines nor points.
    """
    notes.word = "position"
    try:
        root = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise CommandFailed(f"cannot read {path}: {error}") from error
    features, marks = _features(root)
    positions = [position for feature in features for position in _positions(feature)]
    marks |= {name.lower() for name in {name for _, properties in positions for name in properties}}
    if not positions:
        raise CommandFailed(f"{path} holds no LineString, MultiLineString or Point feature with positions")
    return batches(_samples(positions, marks, notes), len(positions))


def _features(root: Json) -> tuple[list[dict[str, Json]], frozenset[str]]:
    """Return the features of a file, and the marks by which formats are known."""
    marks = {FEATURE}
    found: Json = root if isinstance(root, list) else [root]
    if isinstance(root, dict) and root.get("type") == "FeatureCollection":
        found = root.get("features")
    elif isinstance(root, dict) and "locations" in root:  # Overland as it is sent
        found, marks = root["locations"], {FEATURE, LOCATIONS}
    return [one for one in _list(found) if isinstance(one, dict)], frozenset(marks)


def _positions(feature: dict[str, Json]) -> list[tuple[Json, dict[str, Json]]]:
    """Return the coordinates of a feature's positions with what is known of each."""
    properties = _dictionary(feature.get("properties"))
    geometry = _dictionary(feature.get("geometry"))
    coordinates = geometry.get("coordinates")
    if geometry.get("type") == "Point":
        return [(coordinates, properties)]
    if geometry.get("type") == "LineString":
        lines, times = [coordinates], [_times(properties)]
    elif geometry.get("type") == "MultiLineString":
        lines, times = _list(coordinates), _list(_times(properties))
        if times and not isinstance(times[0], list):  # one list over all lines
            lines = [[position for line in lines for position in _list(line)]]
            times = [times]
    else:
        return []
    return [
        (position, {"time": moments[place] if place < len(moments) else None})
        for number, line in enumerate(lines)
        for moments in [_list(times[number]) if number < len(times) else []]
        for place, position in enumerate(_list(line))
    ]


def _times(properties: dict[str, Json]) -> Json:
    return (
        properties.get("times")
        or properties.get("coordTimes")
        or _dictionary(properties.get("coordinateProperties")).get("times")
    )


def _samples(positions: list[tuple[Json, dict[str, Json]]], marks: frozenset[str], notes: Notes) -> Iterator[Sample]:
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
    numbers = [value for value in _list(position) if isinstance(value, int | float)]
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


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
