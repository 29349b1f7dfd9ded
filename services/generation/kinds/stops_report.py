"""Stops report: kind 6 (reference 7.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.domain.columnar import Floats
from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.recordings import find
from services.generation.domain.silences import Silences, silences_of
from services.generation.domain.stops import Stops, stops_of
from services.generation.kit import measures
from services.generation.kit.columns import Spots, address, coordinates, time_of_day
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure, Quotient, count_of
from services.generation.kit.groups import Groups
from services.generation.kit.kind import Group, SheetContext, TrackerKind
from services.generation.kit.options import Flag, Options, option
from services.generation.kit.sections import SUMMARY, lines, lines_table, silence_note, table
from services.generation.words.catalogue import mark as _


def duration_s(stops: Stops) -> Floats:
    """Return the duration of each stop in whole seconds."""
    return (stops.end_ms // 1000 - stops.start_ms // 1000).astype(np.float64)


def ignition_s(stops: Stops) -> Floats:
    """Return for how many whole seconds the ignition was on in each stop, NaN where unknown."""
    return np.where(stops.ignition_known, np.floor(stops.ignition_on_s), np.nan)


@dataclass(frozen=True, slots=True)
class StopRows:
    """Stops inside the windows, the time without data there, and whether a point lies there."""

    stops: Stops
    silences: Silences
    has_points: bool

    def __len__(self) -> int:
        return len(self.stops)


STOPS = _("Stops")
NO_STOPS = _("No stops found for the specified period")

COUNT = count_of(STOPS)
DURATION = Figure[Stops]("idle_duration", _("Stops duration"), duration_s, measures.DURATION)
# Without an ignition input people do not see the columns, but clients read their cells unguarded (reference 7.2).
IGNITION = Figure[Stops](
    "ignition_on", _("Ignition ON"), ignition_s, measures.DURATION, "known_sum", optional=True, unknown_raw=0
)
KNOWN = Figure[Stops](
    "", "", lambda stops: np.where(stops.ignition_known, duration_s(stops), np.nan), measures.DURATION, "known_sum"
)
IGNITION_PERCENT = Figure(
    "ignition_percent",
    _("Ignition ON percentage"),
    Quotient(IGNITION, KNOWN, 100),
    measures.PERCENT,
    optional=True,
    unknown_raw=0,
)
FIGURES = (COUNT, DURATION, IGNITION, IGNITION_PERCENT)


class StopsOptions(Options):
    """Options of the stops report."""

    filter: Flag = option(True, _("Smart filter"), _("Count trips that are too short to be real as parts of stops."))
    show_coordinates: Flag = option(
        False, _("Coordinates"), _("Show latitude and longitude beside addresses."), layout=True
    )


class StopsReport(TrackerKind[StopsOptions, StopRows]):
    """Stops of a tracker by day; it never has a summary sheet."""

    id: ClassVar[int] = 6
    title: ClassVar[str] = _("Stops report")
    description: ClassVar[str] = _("Stops by day with their place and duration, and for how long the ignition was on.")
    group: ClassVar[Group] = Group.ACTIVITY
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.parking"
    ui_module: ClassVar[str] = "Parking"
    Options = StopsOptions
    inputs: ClassVar[tuple[str, ...]] = ("points", "trackers", "employees")
    all_rows: ClassVar[str] = _("All stops")

    def rows(self, context: SheetContext[StopsOptions], data: TrackerData) -> StopRows:
        """Return what is inside the windows."""
        windows, rules = context.windows, Rules(data.parking, context.detection, context.options.filter)
        found = find(data.recording, windows, Detector(rules, windows.edges_ms()), data.on_progress)
        has_points = bool((windows.at(found.segments.first_ms) >= 0).any())
        return StopRows(stops_of(found, windows), silences_of(found, windows), has_points)

    def sections(self, context: SheetContext[StopsOptions], data: TrackerData, rows: StopRows) -> Sequence[Section]:
        """Return the table by day and the summary."""
        language, stops = context.language, rows.stops
        days = Groups.by_day(language, stops.start_ms)
        return [
            table(language, language.t(STOPS), [*_places(context, data, stops), *FIGURES], stops, days),
            lines_table(language.t(SUMMARY), lines(language, FIGURES, stops)),
        ]

    def empty_sentence(self, context: SheetContext[StopsOptions], data: TrackerData, rows: StopRows) -> str:
        """Return that there are no stops where there are points, else that there is no data."""
        return NO_STOPS if rows.has_points else super().empty_sentence(context, data, rows)

    def closing_sections(self, context: SheetContext[StopsOptions], rows: StopRows) -> Sequence[Section]:
        """Return for how long and how far there is no data."""
        return silence_note(context.language, rows.silences)


def _places(context: SheetContext[StopsOptions], data: TrackerData, stops: Stops) -> list[Column]:
    language = context.language
    spots = Spots(stops.start_ms, stops.lat, stops.lng, data.addresses(stops.lat, stops.lng))
    columns = [
        time_of_day(language, "start", _("Stop start"), stops.start_ms),
        time_of_day(language, "end", _("Stop end"), stops.end_ms, start_field="start"),
        address(language, "address", _("Address"), spots),
    ]
    if context.options.show_coordinates:
        columns += coordinates(language, "", (_("Latitude"), _("Longitude")), spots)
    return columns
