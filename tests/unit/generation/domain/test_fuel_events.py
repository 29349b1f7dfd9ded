"""Fillings and drains (reference 6.6)."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.fuel_events import LevelCurve, Lowering, apart_from_trips, find_events, turning_points
from services.generation.domain.value_series import Values
from tests.builders.examples import examples
from tests.builders.readings import values
from tests.builders.tracks import NOON_MS

ERROR = 3.0


def events(known: Values, lowering: Lowering | None = None, km: list[float] | None = None) -> list[tuple[float, ...]]:
    """Return events as minutes of start and end and levels before and after."""
    curve = LevelCurve(known, None if km is None else np.array(km))
    found = find_events(curve, ERROR, lowering or Lowering())
    minutes = [(moments - NOON_MS) / 60_000 for moments in (found.start_ms, found.end_ms)]
    columns = [*minutes, found.start_level.round(2), found.end_level.round(2)]
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_a_rise_above_the_error_is_a_filling() -> None:
    """It begins with the last reading before it and ends with the first at the new level."""
    assert [(60, 65, 50, 80)] == events(values((60, 0), (5, 30), (60, 0)))


def test_a_rise_up_to_the_error_is_none() -> None:
    """The absolute error must be exceeded."""
    assert [] == events(values((60, 0), (1, 3), (60, 0)))


def test_a_fast_fall_is_a_drain_and_a_slow_one_is_consumption() -> None:
    """A drain is faster than 120 units an hour."""
    assert [(60, 65, 50, 38)] == events(values((60, 0), (5, -12), (60, 0)))
    assert [] == events(values((60, 0), (6, -12), (60, 0)))


def test_a_drain_is_found_within_consumption() -> None:
    """Consumption before and after it, without any pause, does not hide it."""
    ((start, end, before, after),) = events(values((60, -10), (5, -20), (60, -10), every_s=10))

    assert (60, 65) == (start, end)
    assert [40, 20] == pytest.approx([before, after], abs=0.3)


@pytest.mark.parametrize(("apart", "count"), [(9, 1), (11, 2)])
def test_changes_less_than_10_minutes_apart_are_one(apart: float, count: int) -> None:
    """Two fillings with a pause between them."""
    assert count == len(events(values((60, 0), (2, 10), (apart, 0), (2, 10), (60, 0))))


def test_an_opposite_change_above_the_error_parts_two_changes() -> None:
    """A fall between two rises, however short."""
    found = events(values((60, 0), (2, 20), (3, 0), (2, -10), (3, 0), (2, 20), (60, 0), every_s=10))

    assert [True, False, True] == [after > before for *_moments, before, after in found]


def test_a_silent_tank_that_is_fuller_afterwards_was_filled_at_the_first_reading() -> None:
    """Over more than 10 minutes without readings the same holds."""
    known = values((60, 0), (60, 0), (60, 20), (60, 0))
    silent = (known.time_ms > NOON_MS + 60 * 60_000) & (known.time_ms < NOON_MS + 180 * 60_000)

    assert [(60, 180, 50, 70)] == events(known[~silent])


@pytest.mark.parametrize(("volume", "count"), [(-250, 1), (-230, 0)])
def test_a_drain_in_silence_passes_the_limit_over_the_whole_time(volume: float, count: int) -> None:
    """In two hours of silence more than 240 units must be gone."""
    known = values((60, 0), (120, volume), (60, 0), first=400, every_s=60)
    silent = (known.time_ms > NOON_MS + 60 * 60_000) & (known.time_ms < NOON_MS + 180 * 60_000)

    assert count == len(events(known[~silent]))


def test_a_fall_that_is_slow_in_time_may_be_fast_by_mileage() -> None:
    """Where a bound on 100 km is set, it is enough to pass it."""
    known = values((60, 0), (60, -20), (60, 0))
    km = np.interp(known.time_ms, NOON_MS + np.array([0, 60, 120, 180]) * 60_000, [0, 0, 40, 40]).tolist()

    assert [] == events(known, Lowering(120, 60), km)
    assert [(60, 120, 50, 30)] == events(known, Lowering(120, 40), km)


def test_levels_of_events_are_medians_of_up_to_11_readings() -> None:
    """Single wild readings do not change a volume, nor are they events."""
    known = values((60, 0), (5, 30), (60, 0))
    wild = known.value.copy()
    wild[[40, 68]] = 99, 0

    ((_start, _end, before, after),) = events(replace(known, value=wild))
    assert (50, 80) == (before, after)


@examples(40)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, 10.0, 60.0]))
def test_noise_within_half_the_error_makes_no_event(seed: int, every_s: float) -> None:
    """Neither at rest nor while fuel is consumed."""
    known = values((120, 0), (300, -40), every_s=every_s, first=90)
    noise = np.random.default_rng(seed).uniform(-ERROR / 4, ERROR / 4, len(known))

    assert [] == events(replace(known, value=known.value + noise))


@examples(40)
@given(st.integers(0, 2**32 - 1), st.floats(8, 40), st.floats(1, 3))
def test_fillings_and_drains_are_found_among_noise(seed: int, volume: float, minutes: float) -> None:
    """Their volumes are right up to the noise."""
    known = values((60, 0), (minutes, volume), (60, -5), (60, 0), (minutes, -volume), (60, 0), every_s=20)
    noise = np.random.default_rng(seed).uniform(-0.5, 0.5, len(known))
    found = events(replace(known, value=known.value + noise))

    assert [volume, -volume] == pytest.approx([after - before for *_moments, before, after in found], abs=2)


@pytest.mark.parametrize("every_s", [300, 600, 900])
def test_rare_readings_tell_what_was_filled_between_two_drives(every_s: float) -> None:
    """Levels are medians of the readings of 10 minutes at most."""
    known = values(
        (600, 0), (120, -60), (20, 80), (120, -60), (600, 0), (10, -40), (600, 0), first=200, every_s=every_s
    )
    filled, drained = (after - before for *_moments, before, after in events(known))

    assert (80, -40) == (pytest.approx(filled, abs=6), drained)


def test_a_signal_that_is_noise_has_hardly_any_events() -> None:
    """Levels and turns must exceed the noise, too."""
    still = values((3000, 0))
    alternating = np.where(np.arange(len(still)) % 2 == 0, 60.0, 65.0)
    noise = 60 + np.random.default_rng(0).normal(0, 5, len(still))

    assert [] == events(replace(still, value=alternating))
    assert len(events(replace(still, value=noise))) < len(still) / 1000


@given(st.lists(st.integers(0, 30).map(float), min_size=2, max_size=80))
def test_between_turning_points_no_turn_back_exceeds_the_least(known: list[float]) -> None:
    """And each leg between two of them but those at the ends is larger."""
    value = np.array(known)
    rows = turning_points(value, ERROR)

    for first, last in zip(rows[:-1].tolist(), rows[1:].tolist(), strict=True):
        leg = value[first : last + 1] * (1 if value[last] > value[first] else -1)
        assert (np.maximum.accumulate(leg) - leg).max() <= ERROR
    assert (np.abs(np.diff(value[rows]))[1:-1] > ERROR).all()


def test_what_begins_deep_in_a_trip_is_not_apart_from_trips() -> None:
    """Up to the gap after the start, and before the end, it is."""
    known = values((4, 0), (1, 20), (30, 0), (1, 20), (24, 0), (1, 20), (60, 0))
    found = find_events(LevelCurve(known), ERROR, Lowering())
    trips = np.array([NOON_MS]), np.array([NOON_MS + 60 * 60_000])

    assert [True, False, True] == apart_from_trips(found, *trips, 5 * 60_000).tolist()
