"""Lists of events by day or by type with their numbers, of which reports on events are made (reference 7.7, 7.21)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, TypeVar

import numpy as np
from daybook.input.v1.events_pb2 import Event
from daybook.input.v1.location_pb2 import Location
from daybook.report.v1.sheet_pb2 import Column, MapRow, Quantity, Section

from services.generation.domain.columnar import Ints
from services.generation.inputs.events import EVENTS
from services.generation.kit.columns import address, full_moment, text
from services.generation.kit.dated_records import in_time_order, moments_of
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.event_types import in_order, name_of, worded
from services.generation.kit.groups import Groups
from services.generation.kit.kind import SheetContext, TrackerKind
from services.generation.kit.options import Options
from services.generation.kit.sections import columns_table, lines_table, sentence
from services.generation.kit.spots import places_of_moments, spots_at
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language
from services.generation.words.numbers import UNKNOWN

MOST_A_DAY = 10_000
MANY = _("Only the first 10,000 events of a day are shown; left out: {days}")
HEADER = _("Events")
NUMBERS = _("Number of events by type")
COUNT_QUANTITY = Quantity(kind=Quantity.KIND_NUMBER)
INPUTS = ("points", "trackers", "events", "employees", "assignments", "places", "zones")


@dataclass(frozen=True, slots=True)
class EventRows:
    """Events in time order with their drivers, and how many are left out of days by their ordinals."""

    events: Sequence[Event]
    time_ms: Ints
    employees: Ints  # ids, 0 where unknown
    left_out: Mapping[int, int]
    period: Sequence[Event] = ()  # all events of the period, those outside the windows and left out too

    def __len__(self) -> int:
        return len(self.events)

    @property
    def types(self) -> list[str]:
        """The type of each event."""
        return [one.event for one in self.events]

    def of_type(self, event_type: str) -> "EventRows":
        """Return the events of a type."""
        kept = [place for place, one in enumerate(self.types) if one == event_type]
        return EventRows([self.events[place] for place in kept], self.time_ms[kept], self.employees[kept], {})


AnyEventOptions = TypeVar("AnyEventOptions", bound=Options)


class EventListReport(TrackerKind[AnyEventOptions, EventRows]):
    """Events of some types by day, and how many there are of each.

    Attributes:
        types: Types of events in the order of the numbers.

    """

    types: ClassVar[Sequence[str]]
    inputs: ClassVar[tuple[str, ...]] = INPUTS
    all_rows: ClassVar[str] = _("All events")

    def wanted(self, options: AnyEventOptions) -> Sequence[str]:
        """Return the types of events that the report is about, none for all."""
        del options
        return self.types

    def rows(self, context: SheetContext[AnyEventOptions], data: TrackerData) -> EventRows:
        """Return the events inside the windows, of each day the first ones."""
        by: dict[str, Any] = {"tracker_id": data.entity_id, "time": (context.start_ms, context.end_ms)}
        if wanted := self.wanted(context.options):
            by["event"] = list(wanted)
        found = in_time_order(data.records(EVENTS, **by), "time")
        time_ms = moments_of(found, "time")
        inside = np.flatnonzero(context.windows.at(time_ms) >= 0)
        first, left_out = _first_of_days(context.language.clock.local_days(time_ms[inside]))
        kept = inside[first]
        events = [found[place] for place in kept.tolist()]
        return EventRows(events, time_ms[kept], _employees(data, events, time_ms[kept]), left_out, found)

    def sections(self, context: SheetContext[AnyEventOptions], data: TrackerData, rows: EventRows) -> Sequence[Section]:
        """Return the tables, what stands behind them, the numbers, and what is left out."""
        return [
            *_tables(context, data, rows),
            *self.charts(context, rows),
            self._numbers(context, rows),
            *_left_out(context.language, rows),
        ]

    def charts(self, context: SheetContext[AnyEventOptions], rows: EventRows) -> Sequence[Section]:
        """Return the charts of the sheet."""
        del context, rows
        return ()

    def counted(self, options: AnyEventOptions, rows: EventRows) -> Sequence[str]:
        """Return the types whose events are counted, in order: those asked for, else those that occur."""
        return list(dict.fromkeys(self.wanted(options))) or in_order(rows.types)

    def _numbers(self, context: SheetContext[AnyEventOptions], rows: EventRows) -> Section:
        language, counts = context.language, Counter(rows.types)
        numbers = [(one, counts[one]) for one in self.counted(context.options, rows)]
        lines = [
            MapRow(
                field=event_type,
                name=name_of(language, event_type),
                text=str(count) if count else UNKNOWN,
                raw=count,
                quantity=COUNT_QUANTITY,
            )
            for event_type, count in numbers
        ]
        return lines_table(language.t(NUMBERS), lines)


def _first_of_days(days: Ints) -> tuple[Ints, dict[int, int]]:
    """Return the places of the events that are shown, given the day of each, and how many are left out of a day."""
    starts = np.flatnonzero(np.diff(days, prepend=-1))
    counts = np.diff(starts, append=len(days))
    over = {int(days[start]): count - MOST_A_DAY for start, count in zip(starts, counts.tolist(), strict=True)}
    shown = np.flatnonzero(np.arange(len(days)) - np.repeat(starts, counts) < MOST_A_DAY)
    return shown, {day: count for day, count in over.items() if count > 0}


def _employees(data: TrackerData, events: Sequence[Event], time_ms: Ints) -> Ints:
    """Return who drove: the employee that an event names, else the driver of the moment."""
    named = np.array([one.extra.employee_id for one in events], np.int64)
    return np.where(named > 0, named, data.driver_ids_at(time_ms))


def _tables(context: SheetContext[Any], data: TrackerData, rows: EventRows) -> Iterator[Section]:
    """Yield the table of events, or one for each type."""
    language, with_employees = context.language, bool((rows.employees > 0).any())
    parts = [(language.t(HEADER), rows)]
    if context.options.group_by_type:
        parts = [(name_of(language, one), rows.of_type(one)) for one in in_order(rows.types)]
    for header, part in parts:
        columns = _columns(context, data, part, with_employees=with_employees)
        yield columns_table(language, header, columns, Groups.by_day(language, part.time_ms))


def _columns(context: SheetContext[Any], data: TrackerData, rows: EventRows, *, with_employees: bool) -> list[Column]:
    language = context.language
    locations = [located(one) for one in rows.events]
    places = places_of_moments(context, data, rows.time_ms, locations)
    columns = [
        full_moment(language, "time", _("Time"), rows.time_ms),
        text(language, "event", _("Event"), [worded(language, one.event, one.message) for one in rows.events]),
        address(language, "address", _("Address"), spots_at(context, data, rows.time_ms, locations, places)),
    ]
    if with_employees:
        columns.append(text(language, "employee", _("Employee"), data.employee_names(rows.employees.tolist())))
    return columns


def located(event: Event) -> Location:
    """Return the place of an event with the event's own address, which comes before the geocoder's."""
    place = Location()
    place.CopyFrom(event.location)
    place.address = event.address or place.address
    return place


def _left_out(language: Language, rows: EventRows) -> list[Section]:
    """Return the small print on the days that have more events than are shown."""
    if not rows.left_out:
        return []
    days = [f"{language.clock.date(date.fromordinal(day))} ({count})" for day, count in rows.left_out.items()]
    return [sentence(language.t(MANY).format(days=", ".join(days)), small=True)]
