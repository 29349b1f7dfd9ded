"""Records of the work of a simulated van: its events, tasks, forms, check-ins and work statuses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from random import Random
from typing import Any

from services.cli.simulator import CUSTOMERS, DEPOT
from services.cli.tracks.base import Sample

Record = dict[str, Any]  # a line of `daybook import`

TOWNS = (
    "Council Bluffs",
    "Bellevue",
    "Papillion",
    "La Vista",
    "Ralston",
    "Gretna",
    "Elkhorn",
    "Bennington",
    "Carter Lake",
    "Springfield",
)
MINUTE_MS = 60_000
DEPOT_ID = 1
DEPOT_HEIGHT, DEPOT_WIDTH = 0.002, 0.003  # degrees to either side of the middle
SPEED_LIMIT_KMH = 72
HARSH = ("harshBraking", "harshAcceleration", "harshTurn", "harshQuickLaneChange")
HARSH_SHARE = 0.004  # of all points on the road
SPEEDING_AGAIN_MS = 15 * MINUTE_MS  # before a second event of speeding
DONE, DAMAGED, CHECKED_IN = 0.85, 0.1, 0.3  # shares of all visits
NIGHT_EVENTS = {  # minutes after the beginning of the longest rest
    20: "sos",
    60: "offline",
    95: "online",
    120: "poweroff",
    130: "poweron",
    140: "door_alarm",
    150: "detach",
    155: "attach",
    160: "g_sensor",
    170: "location_response",
}
WORK_STATUSES = {"Unloading": 1, "On the road": 2}
FORM = {
    "label": "Receipt",
    "template_id": 1,
    "fields": [
        {"id": "who", "label": "Received by", "type": "text"},
        {"id": "state", "label": "State", "type": "dropdown", "options": [{"label": "whole"}, {"label": "damaged"}]},
    ],
}


@dataclass(frozen=True, slots=True)
class Van:
    """Simulated van: its number from 1, its tracker and its points."""

    number: int
    tracker_id: int
    samples: Sequence[Sample]


@dataclass(frozen=True, slots=True)
class Rest:
    """Time at rest with the ignition off, in milliseconds UTC, and its place in degrees."""

    start_ms: int
    end_ms: int
    lat: float
    lng: float

    @property
    def is_at_depot(self) -> bool:
        """Whether the van stands at the depot."""
        return abs(self.lat - DEPOT[0]) < DEPOT_HEIGHT and abs(self.lng - DEPOT[1]) < DEPOT_WIDTH

    @property
    def customer(self) -> int:
        """The place of the nearest customer in the list of all."""
        return min(
            range(len(CUSTOMERS)), key=lambda one: abs(CUSTOMERS[one][0] - self.lat) + abs(CUSTOMERS[one][1] - self.lng)
        )


def moment(time_ms: int) -> str:
    """Return a moment in ISO 8601, UTC."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat().replace("+00:00", "Z")


def rests_of(samples: Sequence[Sample]) -> Iterator[Rest]:
    """Yield the rests among points."""
    for ignition, run in groupby(samples, key=lambda one: one.ignition):
        if not ignition:
            first, *others = run
            last = others[-1] if others else first
            yield Rest(first.time_ms, last.time_ms, first.lat, first.lng)


def events_of(van: Van, rests: Sequence[Rest], rng: Random) -> Iterator[Record]:
    """Yield harsh driving, speeding, the depot left and reached, a loss of connection and an alarm."""
    sped_ms = -SPEEDING_AGAIN_MS
    for sample in van.samples:
        place = {"time": moment(sample.time_ms), "location": {"lat": sample.lat, "lng": sample.lng}}
        if sample.ignition and rng.random() < HARSH_SHARE:
            yield {"event": "harsh_driving", **place, "extra": {"harsh_type": rng.choice(HARSH)}}
        if sample.speed_kmh > SPEED_LIMIT_KMH and sample.time_ms - sped_ms >= SPEEDING_AGAIN_MS:
            yield {"event": "speedup", "message": f"Speeding - {sample.speed_kmh:.0f} km/h", **place}
            sped_ms = sample.time_ms
    zone = {"extra": {"zone_ids": [DEPOT_ID]}}
    for rest in rests:
        location = {"location": {"lat": rest.lat, "lng": rest.lng}}
        if rest.is_at_depot:
            yield {"event": "inzone", "time": moment(rest.start_ms), **location, **zone}
            yield {"event": "outzone", "time": moment(rest.end_ms), **location, **zone}
    longest = max(rests, key=lambda rest: rest.end_ms - rest.start_ms)
    for minutes, event in NIGHT_EVENTS.items():
        yield {"event": event, "time": moment(longest.start_ms + minutes * MINUTE_MS)}


def work_of(van: Van, rests: Sequence[Rest], rng: Random) -> Iterator[tuple[str, Record]]:
    """Yield a task for each customer's visit, forms and check-ins of some, and the work statuses."""
    tracker = {"tracker_id": van.tracker_id}
    for number, rest in enumerate(rests, start=van.number * 1000):
        lat, lng = CUSTOMERS[rest.customer]
        place, is_done = {"lat": lat, "lng": lng}, rng.random() < DONE
        yield "tasks", {"id": number, **tracker, **_task(rest), "status": "done" if is_done else "failed"}
        leaving = moment(rest.end_ms - MINUTE_MS)
        if is_done:
            who = {"type": "text", "value": f"{rng.choice('ABCDEFG')}. Doe"}
            state = {"type": "dropdown", "value_index": int(rng.random() < DAMAGED)}
            filled = {"submitted": leaving, "submit_location": place, "values": {"who": who, "state": state}}
            yield "forms", {"id": number, "task_id": number, **FORM, **filled}
        if rng.random() < CHECKED_IN:
            note = {"marker_time": leaving, "location": place, "comment": "Door code 4711"}
            yield "checkins", {"id": number, **tracker, **note}
        for time_ms, label in zip((rest.start_ms, rest.end_ms), WORK_STATUSES, strict=True):
            status = {"new_status_id": WORK_STATUSES[label], "label": label, "origin": "employee"}
            record_id = 2 * number + WORK_STATUSES[label]
            yield "statuses", {"id": record_id, **tracker, **status, "changed": moment(time_ms)}


def _task(rest: Rest) -> Record:
    lat, lng = CUSTOMERS[rest.customer]
    return {
        "label": f"Deliver to {TOWNS[rest.customer]}",
        "from": moment(rest.start_ms - 30 * MINUTE_MS),
        "to": moment(rest.end_ms + 30 * MINUTE_MS),
        "arrival_date": moment(rest.start_ms),
        "stay_duration": (rest.end_ms - rest.start_ms) // 1000,
        "location": {"lat": lat, "lng": lng, "radius": 150},
    }
