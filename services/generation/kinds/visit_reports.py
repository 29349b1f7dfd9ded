"""Reports on visits of geofences and places: kinds 8, 84 and 85 (reference 7.4 to 7.6)."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, TypeVar

import numpy as np
from daybook.input.v1.landmarks_pb2 import Place, Zone
from daybook.report.v1.sheet_pb2 import Section

from services.generation.domain.areas import Area, AreaIndex
from services.generation.domain.detection import Rules
from services.generation.domain.visits import find_visits
from services.generation.inputs.assignments import ASSIGNMENTS
from services.generation.inputs.places import PLACES, employees_of
from services.generation.inputs.places import area_of as area_of_place
from services.generation.inputs.zones import ZONES
from services.generation.inputs.zones import area_of as area_of_zone
from services.generation.kinds.visit_options import PlaceOptions, ZoneOptions, ZoneStayOptions
from services.generation.kinds.visit_tables import (
    Site,
    SiteTotals,
    SiteVisits,
    VisitColumns,
    VisitRows,
    charts,
    figures,
    in_total,
    note_left_out,
)
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.kind import Group, SheetContext, SummaryRow, TrackerKind
from services.generation.kit.options import Options
from services.generation.kit.sections import SUMMARY, sentence
from services.generation.words.catalogue import mark as _

MINUTE_S = 60

AnyVisitOptions = TypeVar("AnyVisitOptions", bound=Options)


class VisitKind(TrackerKind[AnyVisitOptions, SiteVisits]):
    """Kind of report on visits of areas."""

    group: ClassVar[Group] = Group.LANDMARKS
    all_rows: ClassVar[str] = _("All visits")

    @abstractmethod
    def areas(self, context: SheetContext[AnyVisitOptions], data: TrackerData) -> tuple[Sequence[Site], Sequence[Area]]:
        """Return the sites of a sheet with their areas, in the order of rows that begin together."""

    @abstractmethod
    def shown(self, options: AnyVisitOptions) -> VisitColumns:
        """Return how visits are shown."""

    @abstractmethod
    def least_minutes(self, options: AnyVisitOptions) -> int:
        """Return the shortest visit."""

    def shows_not_visited(self, options: AnyVisitOptions) -> bool:
        """Return whether sites without visits are shown."""
        del options
        return False

    def rows(self, context: SheetContext[AnyVisitOptions], data: TrackerData) -> SiteVisits:
        """Return the visits."""
        sites, areas = self.areas(context, data)
        rules = Rules(data.parking, context.detection)
        least_s = self.least_minutes(context.options) * MINUTE_S
        found = find_visits(data.recording, context.windows, rules, AreaIndex(areas), least_s)
        return SiteVisits(sites, VisitRows.of(found), self.shows_not_visited(context.options))

    def totals(self, context: SheetContext[AnyVisitOptions], rows: SiteVisits) -> SiteTotals:
        """Return what the visits of each site come to."""
        return SiteTotals.of(context.language, rows, with_mileage=self.shown(context.options).with_mileage)


class SummedVisitKind(VisitKind[AnyVisitOptions]):
    """Kind of report on visits with charts and a summary sheet."""

    @abstractmethod
    def hides_charts(self, options: AnyVisitOptions) -> bool:
        """Return whether tables stand in the place of charts."""

    def sections(
        self, context: SheetContext[AnyVisitOptions], data: TrackerData, rows: SiteVisits
    ) -> Sequence[Section]:
        """Return charts, visits and sums; without charts the sums stand in their place."""
        language, shown = context.language, self.shown(context.options)
        totals = self.totals(context, rows)
        visits = shown.visits(language, data, rows)
        sums = [shown.by_site(language, totals), totals.lines(in_total(language))]
        if self.hides_charts(context.options):
            return [*sums, visits, *note_left_out(language, rows)]
        return [*charts(language, totals), visits, *sums, *note_left_out(language, rows)]

    def summary_row(
        self, context: SheetContext[AnyVisitOptions], data: TrackerData, rows: SiteVisits
    ) -> SummaryRow | None:
        """Return the sums of the sites of a tracker."""
        del data
        totals = self.totals(context, rows)
        return {
            "sites": [
                {"id": site.id, "label": site.label, **record}
                for site, record in zip(totals.sites, totals.totals.records(), strict=True)
            ]
        }

    def summary_sections(self, context: SheetContext[AnyVisitOptions], rows: Sequence[SummaryRow]) -> Sequence[Section]:
        """Return the sums of the sites over all trackers."""
        language, shown = context.language, self.shown(context.options)
        each = [(Site(one["id"], one["label"]), one) for row in rows for one in row["sites"]]
        if not each:
            return [sentence(language.t(self.no_rows))]
        totals = SiteTotals.together(language, figures(with_mileage=shown.with_mileage), each)
        return [shown.by_site(language, totals), totals.lines(in_total(language))]


class ZoneReport(SummedVisitKind[ZoneOptions]):
    """Visits of geofences by day, with their number and time by geofence."""

    id: ClassVar[int] = 8
    title: ClassVar[str] = _("Geofence visits report")
    description: ClassVar[str] = _("When geofences were entered and left, how often, and for how long.")
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.zone"
    ui_module: ClassVar[str] = "Zone"
    Options = ZoneOptions
    inputs: ClassVar[tuple[str, ...]] = ("points", "trackers", "employees", "zones", "places")

    def areas(self, context: SheetContext[ZoneOptions], data: TrackerData) -> tuple[Sequence[Site], Sequence[Area]]:
        """Return the geofences asked for, else all."""
        zones = zones_of(data, context.options.zone_ids)
        return [Site(one.id, one.label) for one in zones], [area_of_zone(one) for one in zones]

    def shown(self, options: ZoneOptions) -> VisitColumns:
        """Return the columns of geofences."""
        return VisitColumns("zone_name", _("Geofence"), with_mileage=options.show_mileage)

    def least_minutes(self, options: ZoneOptions) -> int:
        """Return the shortest visit."""
        return options.min_minutes_in_zone

    def shows_not_visited(self, options: ZoneOptions) -> bool:
        """Return whether geofences without visits are shown."""
        return options.show_not_visited_zones

    def hides_charts(self, options: ZoneOptions) -> bool:
        """Return whether tables stand in the place of charts."""
        return options.hide_charts


class PlaceReport(SummedVisitKind[PlaceOptions]):
    """Visits of places by day, with their number and time by place."""

    id: ClassVar[int] = 85
    title: ClassVar[str] = _("POI visits report")
    description: ClassVar[str] = _("When places were visited, how often, and for how long.")
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.place"
    ui_module: ClassVar[str] = "Place"
    Options = PlaceOptions
    inputs: ClassVar[tuple[str, ...]] = ("points", "trackers", "employees", "assignments", "places", "zones")

    def areas(self, context: SheetContext[PlaceOptions], data: TrackerData) -> tuple[Sequence[Site], Sequence[Area]]:
        """Return the places asked for, those of the drivers, or all."""
        options = context.options
        places: Sequence[Place] = _in_order(data.records(PLACES), options.place_ids)
        if not options.fetch_places_by_employees:
            return [Site(one.id, one.label) for one in places], [area_of_place(one) for one in places]
        drivers = _drivers(context, data)
        linked = [(one, sorted(drivers.intersection(employees_of(one)))) for one in places]
        kept = [(one, ids) for one, ids in linked if ids]
        sites = [Site(one.id, one.label, ", ".join(data.employee_names(ids))) for one, ids in kept]
        return sites, [area_of_place(one) for one, _ids in kept]

    def shown(self, options: PlaceOptions) -> VisitColumns:
        """Return the columns of places, with the employee where places are the drivers'."""
        note = ("employee", _("Employee")) if options.fetch_places_by_employees else None
        return VisitColumns("place_name", _("Place"), with_mileage=options.show_mileage, note=note)

    def least_minutes(self, options: PlaceOptions) -> int:
        """Return the shortest visit."""
        return options.min_minutes_in_place

    def shows_not_visited(self, options: PlaceOptions) -> bool:
        """Return whether places without visits are shown."""
        return options.show_not_visited_places

    def hides_charts(self, options: PlaceOptions) -> bool:
        """Return whether tables stand in the place of charts."""
        return options.hide_charts


class ZoneStayReport(VisitKind[ZoneStayOptions]):
    """Stays in chosen geofences by day, with their number and time by geofence."""

    id: ClassVar[int] = 84
    title: ClassVar[str] = _("Stay in zones report")
    description: ClassVar[str] = _("Stays in chosen geofences by day, and their time by geofence.")
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.zone_stay"
    ui_module: ClassVar[str] = "ZoneStay"
    Options = ZoneStayOptions
    inputs: ClassVar[tuple[str, ...]] = ("points", "trackers", "employees", "zones")

    def areas(self, context: SheetContext[ZoneStayOptions], data: TrackerData) -> tuple[Sequence[Site], Sequence[Area]]:
        """Return the geofences asked for."""
        zones = zones_of(data, context.options.zone_ids)
        return [Site(one.id, one.label, ", ".join(one.tags)) for one in zones], [area_of_zone(one) for one in zones]

    def shown(self, options: ZoneStayOptions) -> VisitColumns:
        """Return the columns of geofences, with their tags where asked for."""
        note = ("tags", _("Tags")) if options.show_tags else None
        return VisitColumns("zone_name", _("Geofence"), with_addresses=False, note=note)

    def least_minutes(self, options: ZoneStayOptions) -> int:
        """Return the shortest stay."""
        return options.min_minutes_in_zone

    def sections(
        self, context: SheetContext[ZoneStayOptions], data: TrackerData, rows: SiteVisits
    ) -> Sequence[Section]:
        """Return the stays, the sums by geofence, and over all."""
        language, shown, totals = context.language, self.shown(context.options), self.totals(context, rows)
        return [
            shown.visits(language, data, rows),
            shown.by_site(language, totals),
            totals.lines(language.t(SUMMARY)),
        ]


def zones_of(data: TrackerData, ids: Sequence[int]) -> Sequence[Zone]:
    """Return the zones of an account by their ids in the order given; all by id without any."""
    return _in_order(data.records(ZONES), ids)


Landmark = TypeVar("Landmark", Place, Zone)


def _in_order(found: Sequence[Landmark], ids: Sequence[int]) -> Sequence[Landmark]:
    by_id = {one.id: one for one in found}
    return [by_id[one] for one in (ids or sorted(by_id)) if one in by_id]


def _drivers(context: SheetContext[PlaceOptions], data: TrackerData) -> set[int]:
    """Return the ids of those who are assigned to the tracker at some time of the period."""
    period = (context.start_ms, context.end_ms)
    changes = data.records(ASSIGNMENTS, start_time=period)
    moments_ms = [context.start_ms, *(one.start_time.ToMilliseconds() for one in changes)]
    return set(data.driver_ids_at(np.array(sorted(moments_ms), np.int64)).tolist()) - {0}
