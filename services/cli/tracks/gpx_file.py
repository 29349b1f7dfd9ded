"""Reading a track from GPX: the points of all tracks and segments, in the order of the file."""

import math
from collections.abc import Iterator
from pathlib import Path

import gpxpy
from gpxpy.gpx import GPX, GPXException, GPXTrackPoint

from services.cli.failure import CommandFailed
from services.cli.tracks.base import EPOCH, INT32_MAX, MILLISECOND, Batch, Notes, Sample, batches

KMH_PER_MS = 3.6


def read_gpx(path: Path, notes: Notes) -> Iterator[Batch]:
    """Yield the points of a file in batches; points without a time go to the notes.

    Raises CommandFailed when the file cannot be read or has no track.
    """
    notes.word = "track point"
    try:
        with path.open(encoding="utf-8-sig") as source:
            gpx = gpxpy.parse(source)
    except (OSError, ValueError, GPXException) as error:
        raise CommandFailed(f"cannot read {path}: {error}") from error
    total = gpx.get_track_points_no()
    if not total:
        raise CommandFailed(f"{path} holds no track")
    return batches(_samples(gpx, notes), total)


def _samples(gpx: GPX, notes: Notes) -> Iterator[Sample]:
    points = (point for track in gpx.tracks for segment in track.segments for point in segment.points)
    for place, point in enumerate(points, start=1):
        if point.time is None:
            notes.refuse(place, "no time")
            continue
        yield Sample(
            place=place,
            time_ms=(point.time - EPOCH) // MILLISECOND,
            lat=point.latitude,
            lng=point.longitude,
            speed_kmh=_known(point, "speed", point.speed) * KMH_PER_MS,
            altitude_m=math.nan if point.elevation is None else point.elevation,
            heading=_known(point, "course", point.course),
            satellites=_satellites(point),
        )


def _known(point: GPXTrackPoint, name: str, value: float | None) -> float:
    """Return a value of the point: GPX 1.0 has it as an element, devices of GPX 1.1 as an extension of that name."""
    if value is not None:
        return value
    elements = (element for extension in point.extensions for element in extension.iter())
    texts = (element.text for element in elements if element.tag.rpartition("}")[2] == name)
    try:
        return float(next(texts, None) or math.nan)
    except ValueError:
        return math.nan


def _satellites(point: GPXTrackPoint) -> int:
    count = point.satellites
    return int(count) if count is not None and 0 <= count <= INT32_MAX else -1
