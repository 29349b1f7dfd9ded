"""Tables of eco-driving reports: the violations of each kind by day."""

from collections.abc import Sequence
from dataclasses import replace

from daybook.input.v1.events_pb2 import Event
from daybook.input.v1.location_pb2 import Location
from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.domain.columnar import Ints
from services.generation.kinds.eco_options import HARSH_TYPES, EcoOptions
from services.generation.kinds.eco_violations import HarshRows, IdlingRows, SpeedingRows, Violations, harsh_type
from services.generation.kit import measures
from services.generation.kit.columns import Spots, address, text, time_of_day
from services.generation.kit.entity_data import EntityData
from services.generation.kit.figures import Figure
from services.generation.kit.groups import Groups
from services.generation.kit.kind import TRACKER, SheetContext
from services.generation.kit.measures import Measure
from services.generation.kit.sections import table
from services.generation.kit.spots import spots_at
from services.generation.words.catalogue import mark as _

SPEEDING, HARSH, IDLING = _("Speeding"), _("Harsh driving"), _("Idling")
SPEEDING_HEADER = _("Speed violations (with duration of {minutes}+ min.)")
IDLING_HEADER = _("Idling (with duration of {minutes}+ min.)")
START, EVENT_ADDRESS, DURATION, POINTS = _("Start time"), _("Address"), _("Duration"), _("Penalty")

PENALTY = Measure(decimals=1, raw_decimals=4)
SPEEDING_FIGURES = (
    Figure[SpeedingRows]("speed_limit", _("Speed limit"), lambda rows: rows.limit_kmh, measures.SPEED, "none"),
    Figure[SpeedingRows]("max_speed", _("Max. speed"), lambda rows: rows.max_kmh, measures.SPEED, "max"),
    Figure[SpeedingRows]("overspeed", _("Excess"), lambda rows: rows.max_kmh - rows.limit_kmh, measures.SPEED, "max"),
    Figure[SpeedingRows]("duration", DURATION, lambda rows: (rows.end_ms - rows.start_ms) // 1000, measures.DURATION),
)
SPEEDING_PENALTY = Figure[SpeedingRows]("penalty", POINTS, lambda rows: rows.penalty, PENALTY)
HARSH_PENALTY = Figure[HarshRows]("penalty", POINTS, lambda rows: rows.penalty, PENALTY)
IDLING_FIGURES = (
    Figure[IdlingRows]("duration", DURATION, lambda rows: (rows.end_ms - rows.start_ms) // 1000, measures.DURATION),
    Figure[IdlingRows]("penalty", POINTS, lambda rows: rows.penalty, PENALTY),
)


def violation_tables(
    context: SheetContext[EcoOptions], data: EntityData, found: Violations, *, with_object: bool
) -> list[Section]:
    """Return a table by day of each kind of violations that there are, with the trackers' labels if asked for."""

    def objects(tracker: Ints) -> list[Column]:
        names = [found.labels[place] for place in tracker.tolist()]
        return [text(context.language, "object", TRACKER, names)] if with_object else []

    tables = []
    if len(found.speeding):
        tables.append(_speeding_table(context, data, found.speeding, objects(found.speeding.tracker)))
    if len(found.harsh):
        tables.append(_harsh_table(context, data, found, objects(found.harsh.tracker)))
    if len(found.idling):
        tables.append(_idling_table(context, data, found.idling, objects(found.idling.tracker)))
    return tables


def _speeding_table(
    context: SheetContext[EcoOptions], data: EntityData, rows: SpeedingRows, objects: Sequence[Column]
) -> Section:
    language = context.language
    spots = Spots(rows.start_ms, rows.lat, rows.lng, data.addresses(rows.lat, rows.lng))
    header = language.t(SPEEDING_HEADER).format(minutes=context.options.min_speeding_duration)
    columns: list[Column | Figure[SpeedingRows]] = [
        time_of_day(language, "start_time", START, rows.start_ms),
        *SPEEDING_FIGURES,
        address(language, "max_speed_address", _("Address of the maximum speed"), spots),
        SPEEDING_PENALTY,
        *objects,
    ]
    return table(language, header, columns, rows, Groups.by_day(language, rows.start_ms))


def _harsh_table(
    context: SheetContext[EcoOptions], data: EntityData, found: Violations, objects: Sequence[Column]
) -> Section:
    language, rows = context.language, found.harsh
    events = [found.events[place] for place in rows.event.tolist()]
    locations = [_location(one) for one in events]
    names = [language.t(HARSH_TYPES.get(harsh_type(one), HARSH)) for one in events]
    columns: list[Column | Figure[HarshRows]] = [
        time_of_day(language, "start_time", START, rows.start_ms),
        address(
            language,
            "event_address",
            EVENT_ADDRESS,
            spots_at(context, data, rows.start_ms, locations, (rows.lat, rows.lng)),
        ),
        text(language, "event", _("Event"), names),
        HARSH_PENALTY,
        *objects,
    ]
    days = replace(Groups.by_day(language, rows.start_ms), with_totals=False)
    return table(language, language.t(HARSH), columns, rows, days)


def _location(event: Event) -> Location:
    """Return the location of an event with the event's own address."""
    location = Location()
    location.CopyFrom(event.location)
    location.address = event.address or location.address
    return location


def _idling_table(
    context: SheetContext[EcoOptions], data: EntityData, rows: IdlingRows, objects: Sequence[Column]
) -> Section:
    language = context.language
    spots = Spots(rows.start_ms, rows.lat, rows.lng, data.addresses(rows.lat, rows.lng))
    header = language.t(IDLING_HEADER).format(minutes=context.options.min_idling_duration)
    columns: list[Column | Figure[IdlingRows]] = [
        time_of_day(language, "start_time", START, rows.start_ms),
        address(language, "event_address", EVENT_ADDRESS, spots),
        *IDLING_FIGURES,
        *objects,
    ]
    return table(language, header, columns, rows, Groups.by_day(language, rows.start_ms))
