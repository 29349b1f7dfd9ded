"""Records of the demo fleet, made from its simulated points, in the form of `daybook import`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from random import Random

from services.cli.demo_work import (
    DEPOT_HEIGHT,
    DEPOT_ID,
    DEPOT_WIDTH,
    MINUTE_MS,
    SPEED_LIMIT_KMH,
    TOWNS,
    Record,
    Van,
    events_of,
    moment,
    rests_of,
    work_of,
)
from services.cli.simulator import CUSTOMERS, DEPOT

Records = Mapping[str, list[Record]]  # by kind of input, in the order of import

DRIVERS = (("Samantha", "Reed"), ("Igor", "Petrov"), ("Lucía", "Ortega"))
ZONE_RADIUS_M = 300
TANK_L = 80.0
FULL_L = 76.0
REFILL_BELOW_L = 45.0
STEALING_VAN = 3  # loses fuel in its first night
STOLEN_L = 14.0
LITRES_PER_KM = 0.11
RAW_PER_LITRE = 4095 / TANK_L
LIFTED = 0.4  # of the readings at rest


def demo_records(vans: Sequence[Van]) -> Records:
    """Return the records of a fleet by kind, in the form of `daybook import`; the same points give the same records."""
    records: dict[str, list[Record]] = defaultdict(list)
    records["zones"] = [*_zones()]
    records["places"] = [*_places()]
    for van in vans:
        for kind, record in _of_van(van):
            records[kind].append(record)
    for number, event in enumerate(sorted(records["events"], key=lambda one: one["time"]), start=1):
        event["id"] = number
    return records


def families(trackers: Sequence[int]) -> list[Record]:
    """Return a kind of report of each family with its options, as `plugin` of the public API."""
    sensors = [
        {"tracker_id": tracker, "sensor_id": 10 * number + 2} for number, tracker in enumerate(trackers, start=1)
    ]
    shifts = [
        {"name": "Morning", "start_time": "06:00", "end_time": "12:00"},
        {"name": "Afternoon", "start_time": "12:00", "end_time": "20:00"},
    ]
    return [
        {"plugin_id": 77, "shifts": shifts},
        {"plugin_id": 6},
        {"plugin_id": 8},
        {"plugin_id": 7},
        {"plugin_id": 10},
        {"plugin_id": 9, "sensors": sensors},
        {"plugin_id": 27},
        {"plugin_id": 46},
        {"plugin_id": 11},
        {"plugin_id": 42},
    ]


def _zones() -> Iterator[Record]:
    (south, west), (north, east) = ((DEPOT[0] + sign * DEPOT_HEIGHT, DEPOT[1] + sign * DEPOT_WIDTH) for sign in (-1, 1))
    corners = [(south, west), (south, east), (north, east), (north, west)]
    yield {
        "id": DEPOT_ID,
        "type": "polygon",
        "label": "Depot",
        "points": [{"lat": lat, "lng": lng} for lat, lng in corners],
        "color": "27A9E3",
    }
    for number, (town, (lat, lng)) in enumerate(zip(TOWNS, CUSTOMERS, strict=True), start=DEPOT_ID + 1):
        center = {"lat": lat, "lng": lng}
        yield {
            "id": number,
            "type": "circle",
            "label": town,
            "center": center,
            "radius": ZONE_RADIUS_M,
            "tags": ["customers"],
        }


def _places() -> Iterator[Record]:
    for number, (town, (lat, lng)) in enumerate(zip(TOWNS, CUSTOMERS, strict=True), start=1):
        location = {"lat": lat, "lng": lng, "radius": 150}
        yield {"id": number, "label": f"Customer in {town}", "location": location}


def _of_van(van: Van) -> Iterator[tuple[str, Record]]:
    rng = Random(van.number)
    first, last = DRIVERS[(van.number - 1) % len(DRIVERS)]
    yield (
        "employees",
        {"id": van.number, "first_name": first, "last_name": last, "personnel_number": f"{100 + van.number}"},
    )
    yield (
        "vehicles",
        {
            "id": van.number,
            "tracker_id": van.tracker_id,
            "label": f"Van {van.number}",
            "max_speed": SPEED_LIMIT_KMH,
            "norm_avg_fuel_consumption": 10,
            "fuel_cost": 1.1,
            "fuel_tank_volume": TANK_L,
        },
    )
    start = moment(van.samples[0].time_ms)
    tracker = {"tracker_id": van.tracker_id}
    yield "assignments", tracker | {"employee_id": van.number, "start_time": start, "source": "hardware_key"}
    yield from (("sensors", sensor) for sensor in _sensors(van))
    rests = list(rests_of(van.samples))
    yield from (("readings", reading) for reading in _readings(van, rng))
    yield from (("events", tracker | event) for event in events_of(van, rests, rng))
    yield from work_of(van, [rest for rest in rests if not rest.is_at_depot], rng)


def _sensors(van: Van) -> Iterator[Record]:
    base, tracker = van.number * 10, {"tracker_id": van.tracker_id}
    calibration = [{"in": 0, "out": 0}, {"in": 4095, "out": TANK_L}]
    fuel = {"kind": "metering", "sensor_type": "fuel", "units_type": "litre", "calibration": calibration}
    yield {"id": base + 1, "name": "Fuel tank", "input_name": "lls_level_1", **tracker, **fuel}
    cold = {"kind": "metering", "sensor_type": "temperature", "units_type": "celsius"}
    yield {"id": base + 2, "name": "Cold room", "input_name": "temp_1", **tracker, **cold}
    meter = {"kind": "metering", "sensor_type": "flow_meter", "units_type": "litre"}
    yield {"id": base + 4, "name": "Flow meter", "input_name": "flow_1", **tracker, **meter}
    lift = {"kind": "discrete", "sensor_type": "custom", "input_number": 2}
    yield {"id": base + 3, "name": "Tail lift", **tracker, **lift}


def _readings(van: Van, rng: Random) -> Iterator[Record]:
    """Yield the tank's level, the temperature, the tail lift and the flow meter, about a minute apart on the road."""
    tank, cold, lift, meter = (van.number * 10 + number for number in (1, 2, 3, 4))
    litres, burnt, sent_ms = 68.0, 0.0, -MINUTE_MS
    is_stolen = van.number != STEALING_VAN
    for before, sample in pairwise(van.samples):
        used = (sample.odometer_km - before.odometer_km) * LITRES_PER_KM
        litres, burnt = litres - used, burnt + used
        if not sample.ignition and not before.ignition:
            if litres < REFILL_BELOW_L:
                litres = FULL_L
            elif not is_stolen and sample.time_ms - van.samples[0].time_ms > 26 * 60 * MINUTE_MS:
                litres, is_stolen = litres - STOLEN_L, True
        if sample.time_ms - sent_ms < MINUTE_MS:
            continue
        time, sent_ms = moment(sample.time_ms), sample.time_ms
        level = round((litres + rng.gauss(0, 0.15)) * RAW_PER_LITRE)
        yield {"time": time, "sensor_id": tank, "value": level}
        yield {"time": time, "sensor_id": cold, "value": round(4 + 1.5 * rng.random() + 2 * sample.ignition, 1)}
        is_lifted = not sample.ignition and not before.ignition and rng.random() < LIFTED
        yield {"time": time, "sensor_id": lift, "value": int(is_lifted)}
        yield {"time": time, "sensor_id": meter, "value": round(burnt, 2)}
