"""Tracks in GeoJSON: lines with a time for each position, and points with a time of their own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.cli.errors import CommandFailed
from services.cli.tracks.base import Batch, Notes, Sample, batches
from services.cli.tracks.csv_file import KINDS

Json = Any  # what a file holds is not known until it is looked at

OPTIONAL = tuple(name for name in KINDS if name not in {"time", "lat", "lng"})
MIN_POSITION = 2


def read_geojson(path: Path, notes: Notes) -> Iterator[Batch]:
    """Yield the points of a file in batches; positions without a time and bad values go to the notes.

    Raises CommandFailed when the file cannot be read or has neither lines nor points.
    """
    notes.word = "position"
    try:
        root = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise CommandFailed(f"cannot read {path}: {error}") from error
    positions = [position for feature in _features(root) for position in _positions(feature)]
    if not positions:
        raise CommandFailed(f"{path} holds no LineString, MultiLineString or Point feature with positions")
    return batches(_samples(positions, notes), len(positions))


def _features(root: Json) -> list[dict[str, Json]]:
    found = root.get("features") if isinstance(root, dict) and root.get("type") == "FeatureCollection" else [root]
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


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


def _samples(positions: list[tuple[Json, dict[str, Json]]], notes: Notes) -> Iterator[Sample]:
    for place, (position, known) in enumerate(positions, start=1):
        try:
            yield _sample(place, position, known)
        except (ValueError, OverflowError) as error:
            notes.refuse(place, str(error))


def _sample(place: int, position: Json, known: dict[str, Json]) -> Sample:
    """Return one point. Raises ValueError that says what is wrong with it."""
    numbers = [value for value in _list(position) if isinstance(value, int | float)]
    if len(numbers) < MIN_POSITION:
        raise ValueError("no longitude and latitude")
    if not isinstance(known.get("time"), str):
        raise ValueError("no ISO 8601 time")  # noqa: TRY004  # about the file, not the code
    values: dict[str, Any] = {"altitude_m": float(numbers[2])} if len(numbers) > MIN_POSITION else {}
    for name in ("time", *OPTIONAL):
        value = known.get(name)
        if value is not None and value != "":
            values[KINDS[name].field] = _parse(name, value)
    return Sample(place=place, lng=float(numbers[0]), lat=float(numbers[1]), **values)


def _parse(name: str, value: Json) -> float:
    kind = KINDS[name]
    try:
        return kind.parse(str(value).lower() if isinstance(value, bool) else str(value))
    except (ValueError, OverflowError):
        raise ValueError(f"{name} {str(value)[:40]!r} is not {kind.right}") from None


def _dictionary(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
