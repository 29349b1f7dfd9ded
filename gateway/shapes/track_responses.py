"""Shapes of tracks, their points and mileage on the tracker side, keys in the published order."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from daybook.input.v1.track_service_pb2 import (
    ListTracksResponse,
    ReadMileageResponse,
    ReadTrackResponse,
    Track,
    TrackPoints,
)

from gateway.shapes.json_schema import COUNT, FLAG, INTEGER, NUMBER, TEXT, Schema, always, one_of, several, table
from gateway.shapes.shape import (
    Json,
    Key,
    ListShape,
    Shape,
    components,
    computed,
    constant,
    omitted,
    one,
    success,
    value,
)
from gateway.shapes.tracker_responses import DATE_TIME, moment, second_text

HEADING: Schema = {**INTEGER, "minimum": 0, "maximum": 360}
WITHIN_LIMIT = {"limit_exceeded": constant(False, FLAG)}  # of a tariff, which Daybook does not have
UTC = ZoneInfo("UTC")
MERGED = "merged"  # type of a track that `split` did not cut


def _known(found: float) -> int | None:
    """Return a number as a whole one, None where it is unknown."""
    return None if math.isnan(found) else round(found)


class Point(NamedTuple):
    """Point of a track; details are NaN, or -1 satellites, where they are unknown."""

    time_ms: int
    lat: float
    lng: float
    speed_kmh: float
    altitude_m: float = math.nan
    heading: float = math.nan
    satellites: int = -1
    mileage_km: float = 0.0
    parked: bool = False
    zone: ZoneInfo = UTC


def points_of(response: ReadTrackResponse) -> list[Point]:
    """Return the points of a message."""
    points, details, zone = response.points, response.details, ZoneInfo(response.time_zone or UTC.key)
    columns = (
        *_columns(points),
        details.altitude_m,
        details.heading,
        details.satellites,
        details.mileage_km,
        details.parked,
        [zone] * len(points.time_ms),
    )
    return list(map(Point, *columns))


def _columns(points: TrackPoints) -> tuple[Sequence[Any], ...]:
    return points.time_ms, points.lat, points.lng, points.speed_kmh


def _time(point: Point, *, iso: bool) -> str:
    return second_text(point.time_ms // 1000, point.zone, iso=iso)


PLACE_KEYS = {"lat": value(NUMBER), "lng": value(NUMBER)}
PLACE = Shape("", PLACE_KEYS)
BOUNDS = Shape("", {"nw": one(PLACE, "north_west"), "se": one(PLACE, "south_east")})


def track_point(*, iso: bool) -> Shape:
    """Return a point of a track, its time in the account's zone."""
    keys = {
        **PLACE_KEYS,
        "alt": omitted(INTEGER, "altitude_m", _known),
        "satellites": omitted(COUNT, "satellites", lambda count: None if count < 0 else count),
        "mileage": value(NUMBER, "mileage_km"),
        "get_time": computed(DATE_TIME, partial(_time, iso=iso)),
        "address": constant("", TEXT),  # devices record none
        "heading": omitted(HEADING, "heading", _known),
        "speed": value(INTEGER, "speed_kmh", round),
        "parking": omitted(always(True), "parked"),
    }
    return Shape("TrackPoint", keys)


class InZone(NamedTuple):
    """Track with the zone in which its moments are written."""

    track: Track
    zone: ZoneInfo


def _tracks(response: ListTracksResponse) -> list[InZone]:
    zone = ZoneInfo(response.time_zone or UTC.key)
    return [InZone(track, zone) for track in response.tracks]


POINT_KEYS = {**PLACE_KEYS, "speed": value(INTEGER, "speed_kmh", round)}
LISTED_POINTS = {
    iso: Shape("", {**POINT_KEYS, "get_time": computed(DATE_TIME, partial(_time, iso=iso))}) for iso in (False, True)
}


def _listed_points(found: InZone, *, iso: bool) -> list[Json] | None:
    """Return the points of a track, None where they are not wanted."""
    if not found.track.HasField("points"):
        return None
    rows = zip(*_columns(found.track.points), strict=True)
    points = (Point(ms, lat, lng, kmh, zone=found.zone) for ms, lat, lng, kmh in rows)
    return LISTED_POINTS[iso].write_all(points)


def track_entry(*, iso: bool) -> Shape:
    """Return an entry of the list of tracks, its dates in the account's zone. One that is not split has no id."""

    def local(name: str) -> Key:
        return computed(DATE_TIME, lambda found: moment(getattr(found.track, name), found.zone, iso=iso))

    def counted(schema: Schema, name: str) -> Key:
        return omitted(schema, "track", lambda track: getattr(track, name) if track.HasField(name) else None)

    keys = {
        "id": omitted(INTEGER, "track.id"),
        "start_date": local("start_time"),
        "start_address": value(TEXT, "track.start_address"),
        "max_speed": value(INTEGER, "track.max_speed_kmh", round),
        "end_date": local("end_time"),
        "end_address": value(TEXT, "track.end_address"),
        "length": value(NUMBER, "track.length_km"),
        "points": value(COUNT, "track.point_count"),
        "avg_speed": value(INTEGER, "track.avg_speed_kmh", round),
        "event_count": counted(COUNT, "event_count"),
        "norm_fuel_consumed": counted(NUMBER, "norm_fuel_l"),
        "type": value(one_of(("regular", MERGED)), "track.id", lambda id_: "regular" if id_ else MERGED),
        "points_list": omitted(several(LISTED_POINTS[False].schema), "", partial(_listed_points, iso=iso)),
        "bounds": one(BOUNDS, "track.bounds"),
    }
    return Shape("Track", keys)


def _by_tracker(found: Sequence[ReadMileageResponse]) -> Json:
    return {
        str(tracker.tracker_id): {day.date: {"mileage": day.mileage_km} for day in tracker.days} for tracker in found
    }


DAY = Shape("", {"mileage": value(NUMBER)})
MILEAGE = success(result=computed(table(table(DAY.schema)), _by_tracker), **WITHIN_LIMIT)
TRACK_LISTS = {iso: ListShape(track_entry(iso=iso), _tracks, before=WITHIN_LIMIT) for iso in (False, True)}
TRACKS_POINTS = {iso: ListShape(track_point(iso=iso), points_of, before=WITHIN_LIMIT) for iso in (False, True)}

SCHEMAS = components(track_entry(iso=False), track_point(iso=False))
