"""Simulator of delivery vans around Omaha, for the demo: the same seed gives the same points."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from services.cli.tracks.base import Sample
from services.cli.tracks.fields import EPOCH

METRES_PER_DEGREE = 111_195.0
STEP_S = 5  # between points on the road
PING_S = 300  # between points at rest
KMH = 1 / 3.6  # m/s
ACCELERATION = 1.6  # m/s²
CORNER_KMH = 22.0
RED_LIGHTS = 0.35  # of all corners

Place = tuple[float, float]  # latitude and longitude in degrees

DEPOT: Place = (41.2586, -95.9378)
CUSTOMERS: tuple[Place, ...] = (
    (41.2619, -95.8608),  # Council Bluffs
    (41.1370, -95.9145),  # Bellevue
    (41.1544, -96.0422),  # Papillion
    (41.1839, -96.0311),  # La Vista
    (41.2053, -96.0425),  # Ralston
    (41.1408, -96.2397),  # Gretna
    (41.2842, -96.2345),  # Elkhorn
    (41.3647, -96.1578),  # Bennington
    (41.2906, -95.9181),  # Carter Lake
    (41.0822, -96.1342),  # Springfield
)


def simulate(seed: int, first_morning: datetime, days: int) -> list[Sample]:
    """Return the points of one van over some days, from the midnight that begins the first.

    It rests at the depot by night and drives tours between half past seven and about five in the afternoon.
    """
    van = _Van(Random(seed), first_morning)
    for day in range(days):
        midnight = first_morning + timedelta(days=day)
        van.rest_until(midnight + timedelta(hours=7, minutes=van.rng.randint(15, 55)))
        for customer in van.rng.sample(CUSTOMERS, k=van.rng.randint(6, 8)):
            van.drive_to(customer)
            van.rest_until(van.now + timedelta(minutes=van.rng.randint(12, 70)))
        van.drive_to(DEPOT)
    van.rest_until(first_morning + timedelta(days=days, seconds=-1))
    return van.samples


def _path(rng: Random, start: Place, end: Place) -> Iterator[Place]:
    """Yield the corners of a way along a grid of streets that run east and north, both ends included."""
    crossings = rng.randint(2, 5)
    shares = sorted(rng.random() for _ in range(crossings))
    lat, lng = start
    yield start
    for number, share in enumerate([*shares, 1.0]):
        if number % 2:
            lat = start[0] + (end[0] - start[0]) * share
        else:
            lng = start[1] + (end[1] - start[1]) * share
        yield lat, lng
    yield lat, end[1]
    yield end


@dataclass(slots=True)
class _Van:
    """Where the van is, and the points it has sent so far."""

    rng: Random
    now: datetime
    at: Place = DEPOT
    speed: float = 0.0  # m/s
    heading: float = 0.0
    odometer_km: float = 48_210.0
    samples: list[Sample] = field(default_factory=list)

    def rest_until(self, moment: datetime) -> None:
        """Stand with the ignition off."""
        self.speed = 0.0
        self.now += timedelta(seconds=STEP_S)
        while self.now < moment:
            self._send(ignition=0)
            self.now = min(self.now + timedelta(seconds=PING_S), moment)

    def drive_to(self, goal: Place) -> None:
        """Drive along streets to a place, slowly round corners and now and then waiting at a red light."""
        corners = list(_path(self.rng, self.at, goal))
        for number, (start, end) in enumerate(pairwise(corners), start=2):
            metres = _distance(start, end)
            if metres < 1:
                continue
            is_last = number == len(corners)
            self._drive_leg(end, metres, 0.0 if is_last else CORNER_KMH * KMH)
            if not is_last and self.rng.random() < RED_LIGHTS:
                self._wait_at_light(self.rng.randint(10, 60))

    def _drive_leg(self, end: Place, metres: float, speed_at_end: float) -> None:
        start, driven = self.at, 0.0
        self.heading = _heading(start, end)
        cruise = min(42 + metres / 160, 82) * self.rng.uniform(0.9, 1.05) * KMH
        while driven < metres:
            braking = math.sqrt(speed_at_end**2 + 2 * ACCELERATION * (metres - driven))
            wish = min(cruise * self.rng.uniform(0.94, 1.04), braking, self.speed + ACCELERATION * STEP_S)
            self.speed = max(wish, 2.0)
            step = min(self.speed * STEP_S, metres - driven)
            driven += step
            self.odometer_km += step / 1000
            share = driven / metres
            self.at = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
            self.now += timedelta(seconds=STEP_S)
            self._send(ignition=1)
        self.at = end

    def _wait_at_light(self, seconds: int) -> None:
        self.speed = 0.0
        for _ in range(seconds // STEP_S):
            self.now += timedelta(seconds=STEP_S)
            self._send(ignition=1)

    def _send(self, ignition: int) -> None:
        spread = 2.5 / METRES_PER_DEGREE  # of a good receiver, in degrees
        self.samples.append(
            Sample(
                place=len(self.samples) + 1,
                time_ms=round((self.now - EPOCH).total_seconds()) * 1000,
                lat=round(self.at[0] + self.rng.gauss(0, spread), 7),
                lng=round(self.at[1] + self.rng.gauss(0, spread), 7),
                speed_kmh=round(self.speed / KMH, 1),
                heading=round(self.heading, 1),
                satellites=self.rng.randint(8, 13),
                ignition=ignition,
                odometer_km=round(self.odometer_km, 3),
            )
        )


def _distance(start: Place, end: Place) -> float:
    """Return metres on a flat map, good enough within a county."""
    north, east = _offset(start, end)
    return math.hypot(north, east)


def _heading(start: Place, end: Place) -> float:
    """Return degrees clockwise from north."""
    north, east = _offset(start, end)
    return math.degrees(math.atan2(east, north)) % 360


def _offset(start: Place, end: Place) -> Place:
    north = (end[0] - start[0]) * METRES_PER_DEGREE
    east = (end[1] - start[1]) * METRES_PER_DEGREE * math.cos(math.radians(start[0]))
    return north, east
