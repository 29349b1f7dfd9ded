"""Messages of TrackService: requests as queries, lines and tracks as messages."""

from collections.abc import Iterator, Sequence

import numpy as np
from daybook.input.v1 import track_service_pb2 as pb
from daybook.input.v1.location_pb2 import Coordinates

from services.errors import InvalidParameters, Violation
from services.generation.domain.columnar import Floats
from services.generation.domain.line_thinning import FINEST_ZOOM
from services.generation.domain.track_lines import TrackLine
from services.generation.kit import measures
from services.generation.tracks.track_ranges import TrackerRange
from services.generation.tracks.track_service import DetailedLine, PeriodText, TrackQuery, Tracks, TracksQuery
from services.generation.tracks.track_units import Thinning, TripsChoice, TripsResult
from services.generation.words.numbers import half_up
from services.runtime.codec import datetime_of

LEAST_POINTS, MOST_POINTS, MOST_TRACK_POINTS = 2, 20_000, 3_000
TRACK_ZOOM = 18  # at which a track is simplified
UNKNOWN_COUNT = -1
S_PER_HOUR = 3600

Periodical = pb.ReadTrackRequest | pb.ListTracksRequest | pb.ReadMileageRequest


def ranges_of(request: pb.ReadPointsRequest) -> list[TrackerRange]:
    """Return the ranges that are asked for. Raises InvalidParameters, which names each moment that is none."""
    found: list[Violation] = []
    ranges = [
        TrackerRange(number, one.tracker_id, _ms(one, number, "start_time", found), _ms(one, number, "end_time", found))
        for number, one in enumerate(request.ranges)
    ]
    if found:
        raise InvalidParameters(found)
    return ranges


def _ms(one: pb.TrackRange, number: int, name: str, found: list[Violation]) -> int:
    """Return a moment in ms; 0 after adding to `found` that it is missing or none."""
    field, moment = f"ranges[{number}].{name}", one.start_time if name == "start_time" else one.end_time
    try:
        datetime_of(moment)
    except ValueError as error:
        found.append(Violation(field, str(error)))
        return 0
    if not moment.seconds and not moment.nanos:
        found.append(Violation(field, "must be given"))
    return moment.ToMilliseconds()


def points_thinning(request: pb.ReadPointsRequest) -> Thinning | None:
    """Return which points stay, None for all. Raises InvalidParameters."""
    zoom = request.zoom if request.HasField("zoom") else None
    if zoom is not None and not 0 <= zoom <= FINEST_ZOOM:
        raise InvalidParameters.one("zoom", f"must be 0 to {FINEST_ZOOM}")
    limit = _limit(request.point_limit, MOST_POINTS)
    return Thinning(zoom, limit or MOST_POINTS) if limit or zoom is not None else None


def _limit(limit: int, most: int) -> int:
    """Return a limit of points, 0 for none. Raises InvalidParameters."""
    if limit and not LEAST_POINTS <= limit <= most:
        raise InvalidParameters.one("point_limit", f"must be {LEAST_POINTS} to {most:,}, or 0 for none")
    return limit


def period_of(request: Periodical) -> PeriodText:
    """Return the period that is asked for."""
    return PeriodText(request.period_start, request.period_end)


def track_query(request: pb.ReadTrackRequest) -> TrackQuery:
    """Return the points that are asked for. Raises InvalidParameters."""
    limit = _limit(request.point_limit, MOST_TRACK_POINTS)
    zoom = None if request.unsimplified else TRACK_ZOOM
    return TrackQuery(
        request.tracker_id,
        period_of(request),
        request.track_id,
        filter_on=not request.unfiltered,
        thinning=Thinning(zoom, limit or MOST_POINTS) if limit or zoom is not None else None,
    )


def tracks_query(request: pb.ListTracksRequest) -> TracksQuery:
    """Return the tracks that are asked for. Raises InvalidParameters."""
    limit = _limit(request.point_limit, MOST_TRACK_POINTS) or MOST_TRACK_POINTS
    choice = TripsChoice(
        filter_on=not request.unfiltered,
        by_day=request.unsplit,
        with_addresses=not request.omit_addresses,
        with_events=request.count_events,
    )
    thinning = Thinning(TRACK_ZOOM, limit, of_each=True) if request.with_points else None
    return TracksQuery(request.tracker_id, period_of(request), choice, thinning)


def pieces_of(line: TrackLine) -> Iterator[slice]:
    """Yield the rows of a line in pieces that a message can hold."""
    return (slice(first, first + MOST_POINTS) for first in range(0, len(line), MOST_POINTS))


def points_message(line: TrackLine) -> pb.TrackPoints:
    """Return a line, its places to the seventh decimal, a centimetre."""
    return pb.TrackPoints(
        time_ms=line.time_ms.tolist(),
        lat=_degrees(line.lat),
        lng=_degrees(line.lng),
        speed_kmh=half_up(line.speed_kmh, 2).tolist(),
        line_starts=np.flatnonzero(line.after_gap).tolist(),
    )


def _degrees(values: Floats) -> list[float]:
    degrees: list[float] = half_up(values, measures.DEGREES.decimals).tolist()
    return degrees


def track_response(found: DetailedLine, rows: slice, time_zone: str) -> pb.ReadTrackResponse:
    """Return some points of a track."""
    details = found.details[rows]
    satellites = np.where(np.isnan(details.satellites), UNKNOWN_COUNT, details.satellites)
    columns = pb.PointDetails(
        altitude_m=details.altitude_m.tolist(),
        heading=details.heading.tolist(),
        satellites=satellites.astype(np.int64).tolist(),
        mileage_km=half_up(found.mileage_km[rows], 3).tolist(),
        parked=details.parked.tolist(),
    )
    return pb.ReadTrackResponse(points=points_message(found.line[rows]), details=columns, time_zone=time_zone)


def tracks_response(tracks: Tracks, time_zone: str, *, by_day: bool) -> pb.ListTracksResponse:
    """Return a part of a list of tracks."""
    response = pb.ListTracksResponse(time_zone=time_zone)
    response.tracks.extend(_tracks(tracks.found, by_day=by_day))
    for place, line in tracks.lines.items():
        response.tracks[place].points.CopyFrom(points_message(line))
    return response


def _tracks(found: TripsResult, *, by_day: bool) -> Iterator[pb.Track]:
    trips, boxes = found.trips, found.boxes
    speed = measures.SPEED.decimals
    average_kmh = S_PER_HOUR * trips.length_km / trips.travel_s
    numbers = {
        "length_km": half_up(trips.length_km, measures.TRIP_LENGTH.decimals),
        "max_speed_kmh": half_up(trips.max_speed_kmh, speed),
        "avg_speed_kmh": half_up(average_kmh, speed),
        "point_count": trips.point_count,
    }
    if found.event_counts is not None:
        numbers["event_count"] = found.event_counts
    if found.norm_fuel_l is not None:
        numbers["norm_fuel_l"] = half_up(found.norm_fuel_l, measures.VOLUME.decimals)
    corners = np.column_stack([boxes.north, boxes.west, boxes.south, boxes.east])
    columns = {name: values.tolist() for name, values in numbers.items()}
    for row, (north, west, south, east) in enumerate(half_up(corners, measures.DEGREES.decimals).tolist()):
        track = pb.Track(**{name: values[row] for name, values in columns.items()})
        start_ms, end_ms = int(trips.start_ms[row]), int(trips.end_ms[row])
        track.id = 0 if by_day else start_ms // 1000
        track.start_time.FromMilliseconds(start_ms)
        track.end_time.FromMilliseconds(end_ms)
        track.start_address, track.end_address = _at(found.start_addresses, row), _at(found.end_addresses, row)
        track.bounds.north_west.MergeFrom(Coordinates(lat=north, lng=west))
        track.bounds.south_east.MergeFrom(Coordinates(lat=south, lng=east))
        yield track


def _at(texts: Sequence[str], row: int) -> str:
    return texts[row] if texts else ""
