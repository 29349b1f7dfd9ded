"""The stops report: plugin 6 (reference 7.2)."""

from typing import ClassVar

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, MapTable, Quantity, Section, TotalCell

from services.generation.domain.detection import Rules
from services.generation.domain.recordings import find_stops
from services.generation.domain.stops import Stops
from services.generation.kit.entity_data import EntityData
from services.generation.kit.figures import SUMMARY, Floats, Measure, Spots, address, coordinates, moment
from services.generation.kit.groups import day_table
from services.generation.kit.kind import Built, Flag, Job, Options, TrackerPlugin, sentence, tracker_sheet
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language

STOPS = _("Stops")
COUNT = Measure("count", STOPS)
DURATION = Measure("idle_duration", _("Stops duration"), Quantity.KIND_DURATION)
IGNITION = Measure("ignition_on", _("Ignition ON"), Quantity.KIND_DURATION)
IGNITION_PERCENT = Measure("ignition_percent", _("Ignition ON percentage"), Quantity.KIND_PERCENT, decimals=1)
NO_DATA = _("No data found for the selected period")


class StopsOptions(Options):
    """Options of the stops report."""

    filter: Flag = True
    show_coordinates: Flag = False


class StopsReport(TrackerPlugin):
    """Where and how long a tracker stood, by day; it never has a summary sheet."""

    id: ClassVar[int] = 6
    title: ClassVar[str] = _("Stops report")
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.parking"
    ui_module: ClassVar[str] = "Parking"
    Options = StopsOptions

    def sheet(self, job: Job, options: StopsOptions, data: EntityData) -> Built:
        """Build one tracker's sheet."""
        rules = Rules(data.parking, job.detection, options.filter)
        stops = find_stops(data.recording, job.windows, rules, data.on_progress)
        language = job.language
        if not len(stops):
            return Built(None if options.hide_empty_tabs else tracker_sheet(job, data, [sentence(language.t(NO_DATA))]))
        columns = _columns(language, options, data, stops)
        table = day_table(
            *(language, language.t(STOPS), columns, stops.start_ms),
            lambda days: [_totals(language, stops[rows]) for rows in days],
        )
        return Built(tracker_sheet(job, data, [table, _closing(language, stops)]))


def _columns(language: Language, options: StopsOptions, data: EntityData, stops: Stops) -> list[Column]:
    spots = Spots(stops.start_ms, stops.lat, stops.lng, data.addresses(stops.lat, stops.lng))
    columns = [
        moment(language, "start", _("Stop start"), stops.start_ms),
        moment(language, "end", _("Stop end"), stops.end_ms),
        address(language, "address", _("Address"), spots),
    ]
    if options.show_coordinates:
        columns += coordinates(language, "", (_("Latitude"), _("Longitude")), spots)
    return [*columns, DURATION.column(language, duration_s(stops)), *_ignition_columns(language, stops)]


def _ignition_columns(language: Language, stops: Stops) -> list[Column]:
    """Return the columns about the ignition.

    Without an ignition input they are hidden, but clients read them unguarded: an unknown value shows as an em dash and
    counts as 0 (reference 7.2).
    """
    on_s = ignition_s(stops)
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(duration_s(stops) > 0, 100 * on_s / duration_s(stops), np.nan)
    columns = [IGNITION.column(language, on_s), IGNITION_PERCENT.column(language, percent)]
    for column in columns:
        column.hidden = not stops.ignition_known.any()
        column.raw[:] = np.nan_to_num(column.raw).tolist()
    return columns


def _totals(language: Language, stops: Stops) -> list[TotalCell]:
    cells = [DURATION.total(language, float(duration_s(stops).sum()))]
    if stops.ignition_known.any():
        cells += [measure.total(language, value) for measure, value in _ignition(stops)]
    return cells


def _closing(language: Language, stops: Stops) -> Section:
    lines = [COUNT.line(language, len(stops)), DURATION.line(language, float(duration_s(stops).sum()))]
    if stops.ignition_known.any():
        lines += [measure.line(language, value) for measure, value in _ignition(stops)]
    return Section(map_table=MapTable(header=language.t(SUMMARY), rows=lines))


def _ignition(stops: Stops) -> list[tuple[Measure, float]]:
    """Return what the known ignition readings come to: seconds on, and their share of those stops."""
    on_s = float(np.nansum(ignition_s(stops)))
    known_s = float(duration_s(stops)[stops.ignition_known].sum())
    return [(IGNITION, on_s), (IGNITION_PERCENT, 100 * on_s / known_s if known_s else np.nan)]


def duration_s(stops: Stops) -> Floats:
    """Return how long each stop lasted, in whole seconds."""
    return (stops.end_ms // 1000 - stops.start_ms // 1000).astype(np.float64)


def ignition_s(stops: Stops) -> Floats:
    """Return how long the ignition was on in each stop, in whole seconds, NaN where unknown."""
    return np.where(stops.ignition_known, np.floor(stops.ignition_on_s), np.nan)
