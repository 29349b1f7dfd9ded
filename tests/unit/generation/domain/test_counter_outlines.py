"""Outlines say where a counter may have fallen, and only there the points are read."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.counter_outlines import CounterOutlines
from services.generation.domain.detection import Detection
from services.generation.domain.odometer import driven_km, odometer_km
from services.generation.domain.outliers import Acceptance
from services.generation.domain.tracks import Track
from tests.builders.tracks import NOON_MS, recording, track

MINUTE_MS = 60_000
LENGTH = 120
Stretch = tuple[int, int, int, int]


def outlines(*stretches: tuple[int, int, float, float] | tuple[int, int, float, float, bool]) -> CounterOutlines:
    """Return outlines as first and last moment, first and last reading, and whether it falls."""
    rows = [(*one, False)[:5] for one in stretches]
    first_ms, last_ms, first, last, falls = (np.array(column) for column in zip(*rows, strict=True))
    return CounterOutlines(first_ms, last_ms, first, last, falls)


def test_a_counter_that_only_rises_has_no_falls() -> None:
    """Whatever the order of the stretches."""
    assert [] == CounterOutlines.empty().possible_falls()
    assert [] == outlines((30, 40, 7, 7), (10, 20, 5, 6), (50, 50, 7, 8)).possible_falls()


def test_a_fall_is_within_a_stretch_or_between_two() -> None:
    """Neighbouring intervals are one."""
    assert [(10, 20)] == outlines((10, 20, 5, 6, True), (30, 40, 7, 8)).possible_falls()
    assert [(20, 30)] == outlines((10, 20, 5, 9), (30, 40, 7, 8)).possible_falls()
    assert [(10, 30), (40, 50)] == outlines((10, 20, 5, 9, True), (30, 40, 7, 8), (50, 60, 7, 8)).possible_falls()


def test_stretches_that_overlap_may_fall_anywhere() -> None:
    """One that lies within another, and one that begins where another ends, as well."""
    assert [(10, 40)] == outlines((10, 40, 5, 9), (20, 30, 6, 7), (50, 60, 9, 9)).possible_falls()
    assert [(10, 60)] == outlines((10, 40, 5, 9), (40, 60, 9, 9)).possible_falls()
    assert [(10, 50)] == outlines((10, 40, 5, 9), (20, 30, 6, 7), (50, 60, 8, 9)).possible_falls()


def test_an_outline_has_known_readings_alone() -> None:
    """A reading of 0 is unknown; without any other there is no outline."""
    time_ms = np.array([1, 2, 3, 4])

    assert 0 == len(CounterOutlines.of(time_ms, np.array([np.nan, 0, 0, np.nan])))
    assert [(2, 4)] == CounterOutlines.of(time_ms, np.array([0, 5, np.nan, 4])).possible_falls()
    assert [] == CounterOutlines.of(time_ms, np.array([0, 5, 0, 5])).possible_falls()


def replayed_km(whole: Track, end_ms: int) -> float | None:
    """Return the odometer by a walk over all accepted points."""
    fixes = Acceptance(Detection().jump_kmh).add(whole, whole=True)
    readings = dict(zip(whole.time_ms.tolist(), whole.odometer_km.tolist(), strict=True))
    value_km, reading_km, way_km = None, 0.0, 0.0
    for time_ms, leg_km in zip(fixes.time_ms.tolist(), driven_km(fixes).tolist(), strict=True):
        if time_ms >= end_ms:
            break
        way_km += leg_km
        if readings[time_ms] > 0:
            gained_km = readings[time_ms] - reading_km
            value_km = readings[time_ms] if value_km is None else value_km + (way_km if gained_km < 0 else gained_km)
            reading_km, way_km = readings[time_ms], 0.0
    return None if value_km is None else value_km + way_km


def drive(random: np.random.Generator) -> Track:
    """Make a drive of two hours with silences, runs of wild points, and a counter that falls a few times."""
    whole = track((LENGTH, 60), every_s=60)[:-1]
    counter_km = 1 + random.integers(0, 3, LENGTH).cumsum()
    for row in np.sort(random.integers(0, LENGTH, random.integers(0, 4))):
        counter_km[row:] -= random.integers(0, counter_km[row])
    odometer_km = np.where(random.random(LENGTH) < random.choice([0.1, 0.5, 1]), counter_km, random.choice([0, np.nan]))
    lat = whole.lat.copy()
    for row in random.integers(0, LENGTH, random.integers(0, 6)):
        wild = slice(row, row + random.integers(1, 8))
        lat[wild] += 4
        odometer_km[wild] = random.integers(0, 300)
    heard = random.random(LENGTH) < random.choice([0.7, 1])
    return replace(whole, lat=lat, odometer_km=odometer_km)[heard]


def buckets(random: np.random.Generator, points: Track) -> list[Track]:
    """Return the points as they are stored together: in runs, some of which share their points with others."""
    size = random.integers(1, 40)
    of_point = 2 * (np.arange(len(points)) // size)
    mixed = random.random(2 * LENGTH) < random.choice([0, 0.3])
    of_point = of_point + mixed[of_point] * random.integers(0, 2, len(points))
    return [points[of_point == bucket] for bucket in np.unique(of_point)]


def test_points_whose_readings_all_come_later_are_read_once() -> None:
    """Points that are stored together may begin before a moment and have their first reading behind it."""
    whole = track((3, 60), every_s=60)
    whole = replace(whole, odometer_km=np.array([np.nan, np.nan, np.nan, 7.0]))
    stored = replace(recording(whole), odometer_outlines=lambda _: CounterOutlines.of(whole.time_ms, whole.odometer_km))
    end_ms = int(whole.time_ms[1])
    read: list[int] = []

    def reading(start_ms: int, behind_ms: int) -> Track:
        found = stored.read(start_ms, behind_ms)
        read.extend(found.time_ms.tolist())
        return found

    assert odometer_km(replace(stored, read=reading), end_ms, None, Detection()) is None
    assert sorted(set(read)) == sorted(read)


@given(st.integers(0, 2**32), st.integers(100, 130) | st.integers(0, 130))
def test_outlines_of_any_buckets_give_what_replaying_everything_gives(seed: int, end_minute: int) -> None:
    """Whichever points are stored together, from every point on its own to buckets that overlap."""
    random = np.random.default_rng(seed)
    whole = drive(random)
    groups = buckets(random, whole)
    found = CounterOutlines.join([CounterOutlines.of(one.time_ms, one.odometer_km) for one in groups])
    end_ms = NOON_MS + end_minute * MINUTE_MS
    stored = replace(recording(whole), odometer_outlines=lambda before_ms: found[found.first_ms < before_ms])

    expected = replayed_km(whole, end_ms)
    assert odometer_km(stored, end_ms, None, Detection()) == (None if expected is None else pytest.approx(expected))
    assert odometer_km(recording(whole), end_ms, None, Detection()) == (
        None if expected is None else pytest.approx(expected)
    )
