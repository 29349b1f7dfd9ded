"""Driver shift change report: kind 66 (reference 7.20)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from daybook.input.v1.fleet_pb2 import Assignment
from daybook.input.v1.location_pb2 import Location
from daybook.report.v1.sheet_pb2 import Section

from services.generation.domain.columnar import Ints
from services.generation.inputs.assignments import ASSIGNMENTS
from services.generation.inputs.events import EVENTS
from services.generation.kinds.event_lists import INPUTS, located
from services.generation.kit.columns import address, full_moment, text
from services.generation.kit.dated_records import in_time_order, moments_of
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.groups import Groups
from services.generation.kit.kind import Group, SheetContext, TrackerKind
from services.generation.kit.options import Options
from services.generation.kit.sections import columns_table
from services.generation.kit.spots import places_of_moments, spots_at
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language
from services.generation.words.numbers import UNKNOWN

DRIVER_CHANGED = "driver_changed"
SAME_CHANGE_MS = 60_000  # within which an event tells of the change that an assignment made
SOURCES: Mapping[int, str] = {
    Assignment.SOURCE_HARDWARE_KEY: _("Device key"),
    Assignment.SOURCE_MOBILE_APP: _("Mobile app"),
    Assignment.SOURCE_MANUAL: _("Manual"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """Change of drivers: its moment in milliseconds UTC, ids of employees (0 for none), origin and place."""

    time_ms: int
    previous_id: int
    new_id: int
    source: int
    location: Location


class DriverChangeOptions(Options):
    """Options of the driver shift change report, which has none of its own."""


class DriverChangeReport(TrackerKind[DriverChangeOptions, list[Change]]):
    """Changes of drivers by day: from assignments, and from events that no assignment explains."""

    id: ClassVar[int] = 66
    title: ClassVar[str] = _("Driver shift change report")
    description: ClassVar[str] = _("Who took over from whom, when, where, and how it became known.")
    group: ClassVar[Group] = Group.BUSINESS
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.driver_change"
    ui_module: ClassVar[str] = "DriverChange"
    Options = DriverChangeOptions
    inputs: ClassVar[tuple[str, ...]] = INPUTS

    def rows(self, context: SheetContext[DriverChangeOptions], data: TrackerData) -> list[Change]:
        """Return the changes inside the windows in time order."""
        near = (context.start_ms - SAME_CHANGE_MS, context.end_ms + SAME_CHANGE_MS)
        assignments = data.records(ASSIGNMENTS, tracker_id=data.entity_id, start_time=near)
        changes = [*_assigned(data, assignments), *_told(context, data, assignments)]
        changes.sort(key=lambda one: one.time_ms)
        inside = context.windows.at(_moments(changes)) >= 0
        return [change for change, kept in zip(changes, inside.tolist(), strict=True) if kept]

    def sections(
        self, context: SheetContext[DriverChangeOptions], data: TrackerData, rows: list[Change]
    ) -> Sequence[Section]:
        """Return the table by day."""
        language, time_ms = context.language, _moments(rows)
        locations = [one.location for one in rows]
        places = places_of_moments(context, data, time_ms, locations)
        previous, new = (
            data.employee_names(ids) for ids in ([one.previous_id for one in rows], [one.new_id for one in rows])
        )
        columns = [
            full_moment(language, "time", _("Time"), time_ms),
            text(language, "previous_driver", _("Previous driver"), previous),
            text(language, "new_driver", _("New driver"), new),
            text(language, "source", _("Source"), [_source(language, one) for one in rows]),
            address(language, "address", _("Address"), spots_at(context, data, time_ms, locations, places)),
        ]
        days = replace(Groups.by_day(language, time_ms), with_totals=False)
        return [columns_table(language, language.t(_("Driver changes")), columns, days)]


def _moments(changes: Sequence[Change]) -> Ints:
    return np.array([one.time_ms for one in changes], np.int64)


def _assigned(data: TrackerData, assignments: Sequence[Assignment]) -> Iterator[Change]:
    """Yield the changes that assignments make: one to the driver of the moment before is none."""
    time_ms = moments_of(assignments, "start_time")
    before = data.driver_ids_at(time_ms - 1).tolist()
    for assignment, moment_ms, previous_id in zip(assignments, time_ms.tolist(), before, strict=True):
        if assignment.employee_id != previous_id:
            yield Change(moment_ms, previous_id, assignment.employee_id, assignment.source, Location())


def _told(
    context: SheetContext[DriverChangeOptions], data: TrackerData, assignments: Sequence[Assignment]
) -> Iterator[Change]:
    """Yield the changes that events tell of without an assignment near."""
    period = (context.start_ms, context.end_ms)
    events = in_time_order(data.records(EVENTS, tracker_id=data.entity_id, event=DRIVER_CHANGED, time=period), "time")
    assigned_ms = moments_of(assignments, "start_time")
    time_ms = moments_of(events, "time")
    before = data.driver_ids_at(time_ms - 1).tolist()
    for event, moment_ms, previous_id in zip(events, time_ms.tolist(), before, strict=True):
        if not (np.abs(assigned_ms - moment_ms) <= SAME_CHANGE_MS).any():
            yield Change(moment_ms, previous_id, event.extra.employee_id, 0, located(event))


def _source(language: Language, change: Change) -> str:
    return language.t(SOURCES[change.source]) if change.source in SOURCES and change.new_id else UNKNOWN
