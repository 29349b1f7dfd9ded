"""Point report: kind 91 (reference 7.20)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.domain.columnar import Columns, Flags, Floats, Ints
from services.generation.domain.detection import Rules
from services.generation.domain.recordings import find_trips
from services.generation.domain.route import Route, routes_through
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows
from services.generation.inputs.points import POINTS
from services.generation.kit import measures
from services.generation.kit.columns import Spots, address, coordinates, text, time_of_day
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure
from services.generation.kit.groups import Groups
from services.generation.kit.kind import Group, SheetContext, TrackerKind
from services.generation.kit.options import Options
from services.generation.kit.sections import table
from services.generation.words.catalogue import mark as _

MOVING, PARKED = _("Moving"), _("Parked")


@dataclass(frozen=True, slots=True)
class StoredPoints(Columns):
    """Stored points, outliers too, in time order."""

    time_ms: Ints
    lat: Floats
    lng: Floats
    speed_kmh: Floats  # NaN where unknown
    heading: Floats
    moving: Flags  # inside a trip


SPEED = Figure[StoredPoints]("speed", _("Speed"), lambda points: points.speed_kmh, measures.SPEED, "none")
HEADING = Figure[StoredPoints]("heading", _("Heading"), lambda points: points.heading, measures.DEGREES, "none")


class PointOptions(Options):
    """Options of the point report, which has none of its own."""


class PointReport(TrackerKind[PointOptions, StoredPoints]):
    """Every stored point of one tracker in at most a day."""

    id: ClassVar[int] = 91
    title: ClassVar[str] = _("Point report")
    description: ClassVar[str] = _("Every recorded point of one object: when, where, how fast, moving or parked.")
    group: ClassVar[Group] = Group.ACTIVITY
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.point"
    ui_module: ClassVar[str] = "Point"
    Options = PointOptions
    inputs: ClassVar[tuple[str, ...]] = ("points", "trackers", "employees")
    all_rows: ClassVar[str] = _("All points")
    max_time_span: ClassVar[timedelta | None] = timedelta(hours=24)
    max_entities: ClassVar[int | None] = 1

    def rows(self, context: SheetContext[PointOptions], data: TrackerData) -> StoredPoints:
        """Return the points inside the windows."""
        windows = context.windows
        rules = Rules(data.parking, context.detection, filter_on=False)
        trips = find_trips(data.recording, windows, rules, data.on_progress)
        track = Track.join(
            data.recording.read(start_ms, end_ms)
            for start_ms, end_ms in zip(windows.start_ms.tolist(), windows.end_ms.tolist(), strict=True)
        )
        return StoredPoints(
            time_ms=track.time_ms,
            lat=track.lat,
            lng=track.lng,
            speed_kmh=_speeds(data, track, rules),
            heading=_headings(data, track),
            moving=Windows(trips.start_ms, trips.end_ms).at(track.time_ms) >= 0,
        )

    def sections(self, context: SheetContext[PointOptions], data: TrackerData, rows: StoredPoints) -> Sequence[Section]:
        """Return the table by day."""
        language = context.language
        spots = Spots(rows.time_ms, rows.lat, rows.lng, data.addresses(rows.lat, rows.lng))
        words = language.t(PARKED), language.t(MOVING)
        columns: list[Column | Figure[StoredPoints]] = [
            time_of_day(language, "time", _("Time"), rows.time_ms),
            *coordinates(language, "", (_("Latitude"), _("Longitude")), spots),
            SPEED,
            HEADING,
            address(language, "address", _("Address"), spots),
            text(language, "status", _("Status"), [words[moving] for moving in rows.moving.tolist()]),
        ]
        days = replace(Groups.by_day(language, rows.time_ms), with_totals=False)
        return [table(language, language.t(_("Points")), columns, rows, days)]


def _headings(data: TrackerData, track: Track) -> Floats:
    """Return the heading of each point; NaN where it is unknown."""
    headings = np.full(len(track), np.nan)
    if len(track):
        points = data.samples(POINTS, data.entity_id, int(track.time_ms[0]), int(track.time_ms[-1]) + 1)
        _, row, of_point = np.intersect1d(track.time_ms, points.time_ms, assume_unique=True, return_indices=True)
        headings[row] = points.column("heading")[of_point]
    return headings


def _speeds(data: TrackerData, track: Track, rules: Rules) -> Floats:
    """Return the speed of each point: reported, or else derived; NaN where it is unknown."""
    speed_kmh = track.speed_kmh.astype(np.float64)
    unknown = np.isnan(speed_kmh)
    if unknown.any():
        start_ms, end_ms = int(track.time_ms[0]), int(track.time_ms[-1]) + 1
        route = Route.join(routes_through(data.recording, start_ms, end_ms, rules))
        place = np.searchsorted(route.time_ms, track.time_ms)
        accepted = np.append(route.time_ms, -1)[place] == track.time_ms
        derived_kmh = np.append(route.speed_kmh, np.nan)[place]
        speed_kmh = np.where(unknown & accepted, derived_kmh, speed_kmh)
    return speed_kmh
