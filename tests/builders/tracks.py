"""Short ways to make tracks: as tables of minutes and km/h, and the track of the published example."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from services.generation.domain.columnar import Ints
from services.generation.domain.detection import Parking
from services.generation.domain.recordings import Recording
from services.generation.domain.tracks import Track, neighbour_km
from services.generation.domain.windows import Windows

DAY_MS = 86_400_000
NOON_MS = 1_601_985_600_000  # 2020-10-06T12:00:00Z
KM_PER_DEGREE = 6371.0088 * np.pi / 180


def parking(shortest_s: float = 300, idle_kmh: float = 3, *, ignition_aware: bool = False) -> Parking:
    """Return when a tracker counts as parked."""
    return Parking(idle_kmh, shortest_s, ignition_aware)


def track(
    *legs: tuple[float, float | None] | tuple[float, float | None, float],
    start_ms: int = NOON_MS,
    every_s: float = 10,
    at: tuple[float, float] = (55.0, 37.0),
) -> Track:
    """Return a drive straight to the north as legs of minutes and km/h, and ignition (1 on, 0 off) where it is known.

    Points come every few seconds, one at the very end too. A speed of None is silence: time without points.
    """
    pieces, clock_s, way_km = [], 0.0, 0.0
    for place, leg in enumerate(legs):
        minutes, kmh, ignition = (*leg, np.nan)[:3]
        if kmh is not None:
            is_last = place + 1 == len(legs) or legs[place + 1][1] is None
            since_s = every_s * np.arange(round(minutes * 60 / every_s) + is_last)
            same = np.ones(len(since_s))
            pieces.append((clock_s + since_s, way_km + kmh * since_s / 3600, kmh * same, ignition * same))
            way_km += kmh * minutes / 60
        clock_s += minutes * 60
    seconds, ways, speeds, ignitions = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return Track.of(
        start_ms + np.rint(seconds * 1000).astype(np.int64),
        at[0] + ways / KM_PER_DEGREE,
        np.full(len(ways), at[1]),
        speed_kmh=speeds,
        ignition=ignitions,
    )


def without_speeds(known: Track) -> Track:
    """Return the track with unknown speeds."""
    return replace(known, speed_kmh=np.full(len(known), np.nan))


def recording(whole: Track, chunk_days: int = 7) -> Recording:
    """Return a track as a recording that is read from memory."""
    span = (int(whole.time_ms[0]), int(whole.time_ms[-1])) if len(whole) else None
    return Recording(whole.between, span, chunk_days)


def windows(*spans: tuple[float, float]) -> Windows:
    """Return windows in minutes since the start of a track; by default from long before to long after it."""
    spans = spans or ((-1_000_000, 1_000_000),)
    return Windows.of((NOON_MS + round(start * 60_000), NOON_MS + round(end * 60_000)) for start, end in spans)


def minutes(time_ms: Ints) -> list[float]:
    """Return moments as minutes since the start of a track."""
    return ((time_ms - NOON_MS) / 60_000).tolist()


@dataclass(frozen=True, slots=True)
class PublishedTrip:
    """A trip of the published example (reference section 4.8 and the seed)."""

    start_ms: int
    end_ms: int
    start: tuple[float, float]
    end: tuple[float, float]
    km: float
    avg_kmh: int
    max_kmh: int


PUBLISHED_TRIPS = (
    PublishedTrip(1601934439000, 1601941188000, (55.5311083, 36.96743), (54.9218516, 37.335545), 106.29, 57, 94),
    PublishedTrip(1601943083000, 1601950218000, (54.9218116, 37.3354833), (55.5308216, 36.967315), 106.97, 54, 94),
    PublishedTrip(1601959081000, 1601960075000, (55.53122, 36.9672916), (55.4666366, 36.9216966), 10.03, 36, 85),
    PublishedTrip(1601960315000, 1601966165000, (55.46661, 36.9216516), (54.926835, 37.3341066), 95.31, 59, 91),
    PublishedTrip(1601966585000, 1601967190000, (54.9264033, 37.3336633), (54.921935, 37.33551), 0.95, 6, 13),
    PublishedTrip(1601969226000, 1601977017000, (54.9219933, 37.335495), (55.5309666, 36.9674183), 108.48, 50, 89),
    PublishedTrip(1601980444000, 1601989300000, (55.5309966, 36.96738), (54.9875133, 37.3093183), 95.79, 39, 88),
)
PUBLISHED_PARKING = parking(shortest_s=180)
WORKED_EXAMPLE_DAY_MS = 1_601_931_600_000  # 2020-10-06 00:00:00 at UTC+3


def worked_example_track() -> Track:
    """Return a track whose trips, with parking after 3 minutes, are the published ones; it ends while still driving."""
    drives = [_drive(trip) for trip in PUBLISHED_TRIPS]
    drives[-1].speed_kmh[-1] = PUBLISHED_TRIPS[-1].avg_kmh
    pieces = [_rest(WORKED_EXAMPLE_DAY_MS, drives[0])]
    for drive, following in pairwise(drives):
        pieces += [drive, _rest(int(drive.time_ms[-1]) + REST_MS, following, drive)]
    return Track.join([*pieces, drives[-1]])


REST_MS = 120_000


def _rest(from_ms: int, drive: Track, arrived: Track | None = None) -> Track:
    """Return points of rest until a drive begins: where the last one arrived, and at last where this one begins."""
    time_ms = np.arange(from_ms, drive.time_ms[0], REST_MS)
    lat, lng = (arrived.lat[-1], arrived.lng[-1]) if arrived else (drive.lat[0], drive.lng[0])
    still = np.zeros(len(time_ms))
    rest = Track.of(time_ms, still + lat, still + lng, speed_kmh=still)
    rest.lat[-1], rest.lng[-1] = drive.lat[0], drive.lng[0]
    return rest


def _drive(trip: PublishedTrip) -> Track:
    """Return a drive in bends of the published length, at even speed but for one point at the highest."""
    time_ms = np.append(np.arange(trip.start_ms, trip.end_ms, 10_000), trip.end_ms)
    done = (time_ms - trip.start_ms) / (trip.end_ms - trip.start_ms)
    bend = 1 - np.abs(1 - 2 * (3 * done % 1))  # three triangles, flat at both ends
    start, end = np.array(trip.start), np.array(trip.end)
    along = end - start
    across = np.array([along[1], -along[0]])
    narrow, wide = 0.0, 9.0
    for _ in range(60):
        width = (narrow + wide) / 2
        lat, lng = start[:, np.newaxis] + np.outer(along, done) + width * np.outer(across, bend)
        narrow, wide = (width, wide) if neighbour_km(lat, lng).sum() < trip.km else (narrow, width)
    speed_kmh = np.full(len(time_ms), trip.km / (trip.end_ms - trip.start_ms) * 3_600_000)
    speed_kmh[len(speed_kmh) // 2], speed_kmh[-1] = trip.max_kmh, 0
    return Track.of(time_ms, lat, lng, speed_kmh=speed_kmh)
