"""Each case has the right trips, stops, days, odometer and silences."""

from zoneinfo import ZoneInfo

import numpy as np
import pytest

from services.generation.domain.columnar import Floats
from services.generation.domain.detection import Parking, Rules
from services.generation.domain.detector import Detector
from services.generation.domain.odometer import odometer_km
from services.generation.domain.recordings import find, find_days, find_stops, find_trips
from services.generation.domain.silences import silences_of
from services.generation.domain.windows import Daily, Windows, windows_of
from tests.builders.cases import Case, cases, lasted_s, moment_ms
from tests.builders.tracks import recording

UTC = ZoneInfo("UTC")
SECOND_MS, KM, KMH = 1000, 0.02, 1.0

with_each_case = pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases()])


def rules_of(case: Case) -> Rules:
    settings = case.settings
    parking = Parking(
        ignition_aware=settings.get("ignition_aware", False),
        gap_s=settings["gap_minutes"] * 60 if "gap_minutes" in settings else None,
    )
    return Rules(parking, filter_on=case.ask.get("plugin", {}).get("filter", True))


def windows(case: Case) -> Windows:
    clock = case.ask.get("time_filter")
    daily = Daily.between(clock["from"], clock["to"], clock["weekdays"]) if clock else Daily()
    return windows_of(moment_ms(case.ask["from"]), moment_ms(case.ask["to"]), daily, UTC)


def assert_near(expected: list[tuple[float, ...]], found: list[Floats], within: tuple[float, ...]) -> None:
    assert len(expected) == len(found[0])
    for right, values, tolerance in zip(zip(*expected, strict=True), found, within, strict=bool(expected)):
        np.testing.assert_allclose(values, right, rtol=0, atol=tolerance)


@with_each_case
def test_its_trips_are_right(case: Case) -> None:
    """Starts, ends, lengths, averages and highest speeds, or that there are none."""
    trips = find_trips(recording(case.track), windows(case), rules_of(case))
    if "trips" in case.ask:
        rows = [row.split() for row in case.ask["trips"]]
        expected = [(moment_ms(start), moment_ms(end), *map(float, values)) for start, end, *values in rows]
        average_kmh = trips.length_km / trips.travel_s * 3600
        found = [trips.start_ms, trips.end_ms, trips.length_km, average_kmh, trips.max_speed_kmh]
        assert_near(expected, found, (SECOND_MS, SECOND_MS, KM, KMH, KMH))


@with_each_case
def test_its_stops_are_right(case: Case) -> None:
    """Starts, ends and durations, or that there are none."""
    stops = find_stops(recording(case.track), windows(case), rules_of(case))
    if "stops" in case.ask:
        rows = [row.split() for row in case.ask["stops"]]
        expected = [(moment_ms(start), moment_ms(end), lasted_s(lasted) * 1000) for start, end, lasted in rows]
        found = [stops.start_ms, stops.end_ms, stops.end_ms - stops.start_ms]
        assert_near(expected, found, (SECOND_MS, SECOND_MS, SECOND_MS))


@with_each_case
def test_its_days_are_right(case: Case) -> None:
    """Length and time of each day where trips are not split."""
    days = find_days(recording(case.track), windows(case), rules_of(case), UTC)
    if "days" in case.ask:
        expected = [(float(km), lasted_s(lasted)) for km, lasted in map(str.split, case.ask["days"])]
        assert_near(expected, [days.length_km, days.travel_s], (KM, 1))


@with_each_case
def test_its_odometer_is_right(case: Case) -> None:
    """The value at the end of the period."""
    end_ms = moment_ms(case.ask["to"]) + SECOND_MS
    value_km = odometer_km(recording(case.track), end_ms, case.settings.get("odometer_km"), rules_of(case).detection)

    assert pytest.approx(case.ask.get("odometer", value_km), abs=0.5) == value_km


@with_each_case
def test_its_silences_without_data_are_right(case: Case) -> None:
    """Their time and length, none where none is told."""
    shown = windows(case)
    found = find(recording(case.track), shown, Detector(rules_of(case), shown.edges_ms()))
    silences = silences_of(found, shown)
    lasted, km = case.ask.get("no_data", ("00:00:00", 0))

    assert lasted_s(lasted) == pytest.approx((silences.end_ms - silences.start_ms).sum() / 1000, abs=1)
    assert km == pytest.approx(silences.length_km.sum(), abs=0.05)
