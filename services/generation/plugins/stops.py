"""The stops report: plugin 6 (reference 7.2)."""

from typing import ClassVar

import numpy as np

from daybook.report.v1.sheet_pb2 import Column, MapTable, Quantity, Section, TotalCell
from services.generation.domain.stops import Stops
from services.generation.plugins.base import Built, Flag, Job, Options, TrackerPlugin, sentence, tracker_sheet
from services.generation.plugins.measures import Measure, Spots, address, coordinates, moment
from services.generation.plugins.tables import Rows, day_table
from services.generation.ports import EntityData
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
        stops = data.stops(job, filtered=options.filter)
        language = job.language
        if not len(stops):
            return Built(None if options.hide_empty_tabs else tracker_sheet(job, data, [sentence(language.t(NO_DATA))]))
        columns = _columns(language, options, data, stops)
        table = day_table(language, language.t(STOPS), columns, stops.start_ms, lambda rows: _totals(language, stops, rows))
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
    columns.append(DURATION.column(language, stops.duration_s))
    ignition = [
        IGNITION.column(language, _known(stops)),
        IGNITION_PERCENT.column(language, _percent(_known(stops), stops.duration_s)),
    ]
    return columns + [_with_honest_zeros(column) for column in ignition]


def _known(stops: Stops) -> np.ndarray:  # type: ignore[type-arg]
    return np.where(stops.ignition_known, stops.ignition_on_s, np.nan)
