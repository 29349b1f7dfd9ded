"""Geofence entry and exit report: kind 89 (decisions 3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from daybook.input.v1.events_pb2 import Event
from daybook.report.v1.sheet_pb2 import Section

from services.generation.domain.columnar import Ints
from services.generation.inputs.events import EVENTS
from services.generation.kinds.event_lists import located
from services.generation.kinds.visit_options import MIN_VISIT
from services.generation.kinds.visit_reports import MINUTE_S, zones_of
from services.generation.kinds.visit_tables import (
    Site,
    SiteTotals,
    SiteVisits,
    VisitColumns,
    VisitRows,
    charts,
    in_total,
)
from services.generation.kit.dated_records import inside_windows
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.kind import Group, SheetContext, TrackerKind
from services.generation.kit.options import Options, Whole, option
from services.generation.kit.spots import places_of_moments
from services.generation.words.catalogue import mark as _
from services.generation.words.numbers import UNKNOWN

ENTRY, EXIT = "inzone", "outzone"
SHOWN = VisitColumns("zone_name", _("Geofence"))
ZoneKey = tuple[int, str]  # id, and the label of a zone without one


@dataclass(frozen=True, slots=True)
class Passage:
    """Entry of a zone and its exit, by the numbers of their events; one of them may be missing."""

    zone: ZoneKey
    entry: int | None
    exit: int | None

    @property
    def first(self) -> int:
        """The number of the first of its events."""
        return min(one for one in (self.entry, self.exit) if one is not None)


class ZoneEventOptions(Options):
    """Options of the geofence entry and exit report."""

    min_minutes_in_zone: Whole = option(5, *MIN_VISIT, ge=0, le=1440, unit="min")


class ZoneEventReport(TrackerKind[ZoneEventOptions, SiteVisits]):
    """Visits of geofences as the tracker's events tell them: an entry with the next exit of the same geofence."""

    id: ClassVar[int] = 89
    title: ClassVar[str] = _("Geofence entry/exit report")
    description: ClassVar[str] = _("Entries and exits that the tracker reported, and the time between them.")
    group: ClassVar[Group] = Group.LANDMARKS
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.zone_event"
    ui_module: ClassVar[str] = "ZoneEvent"
    Options = ZoneEventOptions
    inputs: ClassVar[tuple[str, ...]] = ("points", "trackers", "employees", "events", "zones", "places")

    def rows(self, context: SheetContext[ZoneEventOptions], data: TrackerData) -> SiteVisits:
        """Return the passages; those shorter than the minimum are none."""
        events, time_ms = _events(context, data)
        lat, lng = places_of_moments(context, data, time_ms, [located(one) for one in events])
        least_ms = context.options.min_minutes_in_zone * MINUTE_S * 1000
        passages = [
            one
            for one in _paired(events)
            if one.entry is None or one.exit is None or time_ms[one.exit] - time_ms[one.entry] >= least_ms
        ]
        passages.sort(key=lambda one: one.first)
        site_of: dict[ZoneKey, int] = {}
        site = np.array([site_of.setdefault(one.zone, len(site_of)) for one in passages], np.int64)
        moments, known = np.append(time_ms, 0).astype(np.float64), (np.append(lat, np.nan), np.append(lng, np.nan))
        moments[-1] = np.nan
        entry, exit_ = (
            np.array([len(events) if one is None else one for one in ends], np.int64)
            for ends in ([one.entry for one in passages], [one.exit for one in passages])
        )
        unknown = np.full(len(passages), np.nan)
        places = (known[0][entry], known[1][entry], known[0][exit_], known[1][exit_])
        return SiteVisits(_sites(data, [*site_of]), VisitRows(site, moments[entry], moments[exit_], *places, unknown))

    def sections(
        self, context: SheetContext[ZoneEventOptions], data: TrackerData, rows: SiteVisits
    ) -> Sequence[Section]:
        """Return charts, passages by day, and sums."""
        language = context.language
        totals = SiteTotals.of(language, rows, with_mileage=False)
        return [
            *charts(language, totals),
            SHOWN.visits(language, data, rows),
            SHOWN.by_site(language, totals),
            totals.lines(in_total(language)),
        ]


def _events(context: SheetContext[ZoneEventOptions], data: TrackerData) -> tuple[list[Event], Ints]:
    """Return the entries and exits inside the windows in time order, with their moments."""
    period = (context.start_ms, context.end_ms)
    found = data.records(EVENTS, tracker_id=data.entity_id, event=[ENTRY, EXIT], time=period)
    return inside_windows(context, found, "time")


def _zones(event: Event) -> list[ZoneKey]:
    """Return the zones of an event, each by its id and the label that the event has for it."""
    labels = [*event.extra.zone_labels]
    keys = [
        (one, labels[place] if place < len(labels) else "") for place, one in enumerate(event.extra.zone_ids) if one
    ]
    return keys or [(0, labels[0] if labels else "")]


def _paired(events: Sequence[Event]) -> Iterator[Passage]:
    """Yield each entry with the next exit of the same zone; a second entry before it is passed over."""
    entered: dict[int | str, tuple[ZoneKey, int]] = {}
    for place, event in enumerate(events):
        for zone in _zones(event):
            own = zone[0] or zone[1]
            if event.event == ENTRY:
                entered.setdefault(own, (zone, place))
            elif own in entered:
                yield Passage(*entered.pop(own), place)
            else:
                yield Passage(zone, None, place)
    yield from (Passage(zone, place, None) for zone, place in entered.values())


def _sites(data: TrackerData, keys: Sequence[ZoneKey]) -> list[Site]:
    """Return the zones with their imported labels, else those that events have for them."""
    ids = [zone_id for zone_id, _label in keys if zone_id]
    known = {zone.id: zone.label for zone in zones_of(data, ids)} if ids else {}
    return [Site(zone_id, known.get(zone_id) or label or UNKNOWN) for zone_id, label in keys]
