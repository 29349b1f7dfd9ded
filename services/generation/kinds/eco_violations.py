"""Violations of eco driving: speeding, harsh driving and idling of a tracker with their penalties."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from daybook.input.v1.events_pb2 import Event

from services.generation.domain.columnar import Columns, Flags, Floats, Ints
from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.idling import find_idling, ignition_intervals, span_of_idling
from services.generation.domain.penalties import MS_PER_MINUTE, Tiers, penalised, rows_of_events
from services.generation.domain.recordings import find
from services.generation.domain.speeding import find_speeding
from services.generation.domain.surroundings import Surroundings
from services.generation.domain.trips import trips_of
from services.generation.domain.windows import Windows
from services.generation.inputs.events import EVENTS
from services.generation.kinds.eco_options import EcoOptions
from services.generation.kit.dated_records import inside_windows
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.kind import SheetContext
from services.generation.kit.spots import own_places
from services.generation.kit.states import ignition_states

HARSH_EVENT = "harsh_driving"
NEAREST_MS, PARKED_KMH = 60_000, 5  # a harsh event at a slower point is none

BelongsAt = Callable[[Ints], Flags]


@dataclass(frozen=True, slots=True)
class SpeedingRows(Columns):
    """Episodes of speeding inside the windows, in ms, km/h, degrees and points."""

    tracker: Ints  # index
    start_ms: Ints
    end_ms: Ints
    limit_kmh: Floats
    max_kmh: Floats
    lat: Floats
    lng: Floats
    penalty: Floats


@dataclass(frozen=True, slots=True)
class HarshRows(Columns):
    """Harsh driving: each row is an event, or several of its type soon after each other."""

    tracker: Ints
    event: Ints  # index of the first
    start_ms: Ints
    lat: Floats
    lng: Floats
    penalty: Floats


@dataclass(frozen=True, slots=True)
class IdlingRows(Columns):
    """Idling inside the windows."""

    tracker: Ints
    start_ms: Ints
    end_ms: Ints
    lat: Floats
    lng: Floats
    penalty: Floats


@dataclass(frozen=True, slots=True)
class Violations:
    """Violations with their penalties, the trackers' labels, the harsh events, and the length of the trips."""

    labels: Sequence[str]
    events: Sequence[Event]
    speeding: SpeedingRows
    harsh: HarshRows
    idling: IdlingRows
    mileage_km: float

    @classmethod
    def join(cls, parts: Sequence["Violations"]) -> "Violations":
        """Return the violations of several trackers in time order."""
        labels = [label for part in parts for label in part.labels]
        offsets = np.cumsum([0, *(len(part.events) for part in parts)])[:-1].tolist()
        tables: list[tuple[SpeedingRows, HarshRows, IdlingRows]] = [
            (
                replace(part.speeding, tracker=part.speeding.tracker + place),
                replace(part.harsh, tracker=part.harsh.tracker + place, event=part.harsh.event + offset),
                replace(part.idling, tracker=part.idling.tracker + place),
            )
            for place, (part, offset) in enumerate(zip(parts, offsets, strict=True))
        ]
        speeding = SpeedingRows.join(one for one, _, _ in tables)
        harsh = HarshRows.join(one for _, one, _ in tables)
        idling = IdlingRows.join(one for _, _, one in tables)
        return cls(
            labels,
            [event for part in parts for event in part.events],
            speeding[np.argsort(speeding.start_ms, kind="stable")],
            harsh[np.argsort(harsh.start_ms, kind="stable")],
            idling[np.argsort(idling.start_ms, kind="stable")],
            sum(part.mileage_km for part in parts),
        )


def violations_of(
    context: SheetContext[EcoOptions], data: TrackerData, mileage_windows: Windows, belongs_at: BelongsAt
) -> Violations:
    """Return the violations of a tracker in the windows of the report.

    Args:
        context: Report.
        data: Tracker.
        mileage_windows: Windows whose trips count for the mileage.
        belongs_at: Function that tells of moments whether a violation that starts then counts.

    """
    rules = Rules(data.parking, context.detection, filter_on=True)
    events, time_ms = _harsh_events(context, data)
    surroundings = Surroundings(time_ms)
    speeding = _speeding(context, data, rules, surroundings, belongs_at)
    harsh = _harsh(context.options, events, time_ms, surroundings)
    idling, mileage_km = _idling(context, data, rules, mileage_windows, belongs_at)
    return Violations([data.label], events, speeding, harsh[belongs_at(harsh.start_ms)], idling, mileage_km)


def _speeding(
    context: SheetContext[EcoOptions],
    data: TrackerData,
    rules: Rules,
    surroundings: Surroundings,
    belongs_at: BelongsAt,
) -> SpeedingRows:
    options, vehicle = context.options, data.vehicle
    limit_kmh = float(options.speed_limit)
    if options.use_vehicle_speed_limit and vehicle is not None and vehicle.HasField("max_speed"):
        limit_kmh = float(vehicle.max_speed)
    tiers = Tiers.of(limit_kmh, options.speeding_penalties)
    least_ms = options.min_speeding_duration * MS_PER_MINUTE
    windows = context.windows
    found = find_speeding(data.recording, windows, rules, lambda kmh: kmh >= tiers.lowest_kmh, surroundings.add)
    found = found.longer_than(least_ms / 1000)
    found = found[belongs_at(found.start_ms)]
    pieces = found.inside(windows)
    points = penalised(found.start_ms, found.end_ms, least_ms, tiers.rates_at(found.max_kmh), windows).points
    none = np.zeros(len(pieces), np.int64)
    return SpeedingRows(
        none,
        pieces.start_ms,
        pieces.end_ms,
        np.full(len(pieces), limit_kmh),
        pieces.max_kmh,
        pieces.lat,
        pieces.lng,
        points,
    )


def _harsh_events(context: SheetContext[EcoOptions], data: TrackerData) -> tuple[list[Event], Ints]:
    """Return the events of harsh driving inside the windows in time order, with their moments."""
    period = context.start_ms, context.end_ms
    found = data.records(EVENTS, tracker_id=data.entity_id, time=period, event=HARSH_EVENT)
    return inside_windows(context, found, "time")


def harsh_type(event: Event) -> str:
    """Return the type of an event of harsh driving, empty where it has none."""
    return str(event.extra.harsh_type or event.extra.type)


def _harsh(options: EcoOptions, events: Sequence[Event], time_ms: Ints, surroundings: Surroundings) -> HarshRows:
    types = [harsh_type(one) for one in events]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(types))}
    kinds = np.array([numbers[name] for name in types], np.int64)
    points = np.array([options.harsh_driving_penalties.points_of(name) for name in types], np.float64)
    moving = np.flatnonzero(~(surroundings.nearest_kmh(NEAREST_MS) < PARKED_KMH))
    row = moving[rows_of_events(time_ms[moving], kinds[moving])]
    firsts, place = np.unique(row, return_inverse=True)
    lat, lng = own_places([one.location for one in events])
    lat, lng = np.where(np.isnan(lat), surroundings.lat, lat), np.where(np.isnan(lat), surroundings.lng, lng)
    sums = np.bincount(place, points[moving], len(firsts)).astype(np.float64)
    return HarshRows(np.zeros(len(firsts), np.int64), firsts, time_ms[firsts], lat[firsts], lng[firsts], sums)


def _idling(
    context: SheetContext[EcoOptions], data: TrackerData, rules: Rules, mileage_windows: Windows, belongs_at: BelongsAt
) -> tuple[IdlingRows, float]:
    """Return the idling, and the length of the trips."""
    windows, options = context.windows, context.options
    if not len(windows):
        return IdlingRows.empty(), 0.0
    states = ignition_states(data)
    span = span_of_idling(data.recording, states, rules, windows)
    edges_ms = np.unique(np.concatenate([windows.edges_ms(), mileage_windows.edges_ms(), np.array(span)]))
    found = find(data.recording, Windows.of([span]), Detector(rules, edges_ms), data.on_progress)
    mileage_km = float(trips_of(found, mileage_windows).length_km.sum())
    idling = find_idling(found, ignition_intervals(states, *span))
    idling = idling[belongs_at(idling.start_ms)]
    rates = np.full(len(idling), options.idling_penalty)
    pieces = penalised(idling.start_ms, idling.end_ms, options.min_idling_duration * MS_PER_MINUTE, rates, windows)
    if not len(pieces):
        return IdlingRows.empty(), mileage_km
    lat, lng = found.line.last_places_before(pieces.start_ms)
    tracker = np.zeros(len(pieces), np.int64)
    return IdlingRows(tracker, pieces.start_ms, pieces.end_ms, lat, lng, pieces.points), mileage_km
