"""Trips by state: kind 73 (reference 7.20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.domain.columnar import Columns, Floats, Ints
from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.recordings import find
from services.generation.domain.route import routes_through
from services.generation.domain.trip_regions import RegionTimes, trips_by_region
from services.generation.kinds.trips_report import NO_MOVEMENTS
from services.generation.kit import measures
from services.generation.kit.columns import text
from services.generation.kit.entity_data import Region, RegionLevel, TrackerData
from services.generation.kit.figures import Figure, Quotient
from services.generation.kit.groups import Groups
from services.generation.kit.kind import Group, SheetContext, SummaryRow, TrackerKind
from services.generation.kit.options import Flag, SummaryOptions, option
from services.generation.kit.sections import table
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language

NO_REGION = Region("", "", "")
UNKNOWN_REGION = _("Unknown region")
LEVELS = {"province": _("Provinces"), "country": _("Countries")}


@dataclass(frozen=True, slots=True)
class StateTrips(Columns):
    """Trips by region, numbered as `regions` are."""

    region: Ints
    count: Floats
    length_km: Floats
    travel_s: Floats
    max_speed_kmh: Floats


@dataclass(frozen=True, slots=True)
class StateRows:
    """Regions with their trips; a region may come several times."""

    regions: Sequence[Region]
    trips: StateTrips

    def __len__(self) -> int:
        return len(self.trips)

    def by_name(self, language: Language) -> tuple[list[str], StateTrips]:
        """Return the rows with the name of each, in alphabetical order; what is in no region comes last.

        Regions of the same name in several countries are told apart by these.
        """
        known = {region.key: region for region in self.regions}
        names = [region.name for region in known.values()]
        titles = {
            key: f"{region.name}, {region.country}" if names.count(region.name) > 1 else region.name
            for key, region in known.items()
        }
        keys = sorted(titles, key=lambda key: (not key, titles[key].casefold()))
        place = np.array([keys.index(self.regions[row].key) for row in self.trips.region.tolist()], np.int64)
        return [titles[key] or language.t(UNKNOWN_REGION) for key in keys], _summed(self.trips, place, len(keys))


COUNT = Figure[StateTrips]("count", _("Trips"), lambda rows: rows.count)
LENGTH = Figure[StateTrips]("length", _("Total trips length"), lambda rows: rows.length_km, measures.TRIP_LENGTH)
TIME = Figure[StateTrips]("time", _("Travel time"), lambda rows: np.floor(rows.travel_s), measures.DURATION)
EXACT_LENGTH = Figure[StateTrips]("", "", lambda rows: rows.length_km, measures.EXACT)
EXACT_TIME = Figure[StateTrips]("", "", lambda rows: rows.travel_s, measures.EXACT)
AVERAGE = Figure("avg_speed", _("Average speed"), Quotient(EXACT_LENGTH, EXACT_TIME, 3600), measures.SPEED)
FASTEST = Figure[StateTrips]("max_speed", _("Max. speed"), lambda rows: rows.max_speed_kmh, measures.SPEED, "max")
FIGURES = (COUNT, LENGTH, TIME, AVERAGE, FASTEST)


class TripStateOptions(SummaryOptions):
    """Options of the report on trips by state."""

    filter: Flag = option(True, _("Smart filter"), _("Leave out trips that are too short to be real."))
    group_type: RegionLevel = option(
        "province", _("Regions"), _("Divide trips by provinces or by countries."), labels=LEVELS
    )


class TripStateReport(TrackerKind[TripStateOptions, StateRows]):
    """Trips divided at the borders of provinces or countries; the summary has those of all trackers."""

    id: ClassVar[int] = 73
    title: ClassVar[str] = _("Trips by state report")
    description: ClassVar[str] = _("Length and time of trips in each province or country.")
    group: ClassVar[Group] = Group.BUSINESS
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.trip_state"
    ui_module: ClassVar[str] = "TripState"
    Options = TripStateOptions
    inputs: ClassVar[tuple[str, ...]] = ("points", "trackers", "employees")
    no_rows: ClassVar[str] = NO_MOVEMENTS

    def rows(self, context: SheetContext[TripStateOptions], data: TrackerData) -> StateRows:
        """Return the trips of each region."""
        windows, level = context.windows, context.options.group_type
        if not len(windows):
            return StateRows([], StateTrips.empty())
        rules = Rules(data.parking, context.detection, context.options.filter)
        period = int(windows.start_ms[0]), int(windows.end_ms[-1])
        route = routes_through(data.recording, *period, rules)
        times = RegionTimes.along(route, lambda lat, lng: data.regions(lat, lng, level))
        edges_ms = np.union1d(windows.edges_ms(), times.start_ms)
        found = find(data.recording, windows, Detector(rules, edges_ms), data.on_progress)
        trips = trips_by_region(found, windows, times)
        regions = [NO_REGION if one < 0 else data.region(one, level) for one in trips.region.tolist()]
        count = trips.count.astype(np.float64)
        own = StateTrips(np.arange(len(trips)), count, trips.length_km, trips.travel_s, trips.max_speed_kmh)
        return StateRows(regions, own)

    def sections(self, context: SheetContext[TripStateOptions], data: TrackerData, rows: StateRows) -> list[Section]:
        """Return the table of regions."""
        del data
        return [_table(context.language, rows, FIGURES)]

    def summary_row(
        self, context: SheetContext[TripStateOptions], data: TrackerData, rows: StateRows
    ) -> SummaryRow | None:
        """Return the regions of a tracker with their trips, None without any."""
        del context, data
        if not len(rows):
            return None
        columns = zip(*(getattr(rows.trips, name).tolist() for name in StateTrips.__slots__[1:]), strict=True)
        return {
            "regions": [
                {"key": region.key, "name": region.name, "country": region.country, "trips": list(values)}
                for region, values in zip(rows.regions, columns, strict=True)
            ]
        }

    def summary_sections(
        self, context: SheetContext[TripStateOptions], rows: Sequence[SummaryRow]
    ) -> Sequence[Section]:
        """Return the table of the regions of all trackers."""
        found = [one for row in rows for one in row["regions"]]
        count, length_km, travel_s, max_kmh = np.array([one["trips"] for one in found], np.float64).T
        regions = [Region(one["key"], one["name"], one["country"]) for one in found]
        trips = StateTrips(np.arange(len(found)), count, length_km, travel_s, max_kmh)
        return [_table(context.language, StateRows(regions, trips), [figure.as_total for figure in FIGURES])]


def _table(language: Language, rows: StateRows, figures: Sequence[Figure[StateTrips]]) -> Section:
    names, trips = rows.by_name(language)
    region = text(language, "region", _("Region"), names)
    columns: list[Column | Figure[StateTrips]] = [region, *figures]
    return table(language, language.t(_("Trips by state")), columns, trips, Groups.single(len(trips), with_total=True))


def _summed(trips: StateTrips, place: Ints, size: int) -> StateTrips:
    """Return one row for each place."""
    count, length_km, travel_s, max_kmh = np.zeros((4, size))
    for total, values in ((count, trips.count), (length_km, trips.length_km), (travel_s, trips.travel_s)):
        np.add.at(total, place, values)
    np.maximum.at(max_kmh, place, trips.max_speed_kmh)
    return StateTrips(np.arange(size), count, length_km, travel_s, max_kmh)
