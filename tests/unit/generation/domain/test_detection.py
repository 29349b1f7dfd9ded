"""Detection finds what the rules say, however the points are read."""

from collections.abc import Sequence
from unittest.mock import patch
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from services.generation.domain import detector, recordings
from services.generation.domain.columnar import Columns
from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.recordings import find_days, find_stops, find_trips
from services.generation.domain.silences import Silences, silences_of
from services.generation.domain.stops import Stops, stops_of
from services.generation.domain.tracks import Track
from services.generation.domain.trips import Trips, trips_of
from services.generation.domain.windows import Windows, local_days
from tests.builders.examples import examples
from tests.builders.tracks import NOON_MS, recording
from tests.unit.generation.domain.oracle import Found
from tests.unit.generation.domain.recorded import RULES, WINDOWS, tracks


def whole(track: Track, rules: Rules, windows: Windows, cuts: Sequence[int] = ()) -> tuple[Trips, Stops, Silences]:
    """Return what is found in all points, read in pieces that end at the cuts."""
    detector = Detector(rules, windows.edges_ms())
    for start, end in zip([0, *cuts], [*cuts, len(track)], strict=True):
        detector.add(track[start:end])
    found = detector.finish()
    return trips_of(found, windows), stops_of(found, windows), silences_of(found, windows)


def rows_of(table: Columns) -> list[tuple[float, ...]]:
    return list(zip(*(getattr(table, name).tolist() for name in table.__slots__), strict=True))


def flat(rows: ArrayLike) -> list[float]:
    return np.asarray(rows, np.float64).ravel().tolist()


@given(tracks(), RULES, WINDOWS)
def test_trips_and_stops_follow_the_rules(track: Track, rules: Rules, windows: Windows) -> None:
    """The rules told point by point give the same trips and stops."""
    told, (trips, stops, _) = Found(track, rules), whole(track, rules, windows)

    columns = (trips.start_ms, trips.end_ms, trips.point_count, trips.length_km, trips.max_speed_kmh, trips.idle_s)
    assert flat(told.trip_rows(windows)) == pytest.approx(flat(np.column_stack(columns)), abs=1e-4)
    columns = (stops.start_ms, stops.end_ms, stops.lat, stops.lng, stops.ignition_on_s)
    assert flat(told.stop_rows(windows)) == pytest.approx(flat(np.column_stack(columns)))


@given(tracks(), RULES, WINDOWS, st.data())
def test_reading_in_pieces_changes_nothing(track: Track, rules: Rules, windows: Windows, data: st.DataObject) -> None:
    """Trips and stops are the same to the last bit wherever the points are divided."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(track)), max_size=6)))
    expected, found = whole(track, rules, windows), whole(track, rules, windows, cuts)

    for all_at_once, in_pieces in zip(expected, found, strict=True):
        assert rows_of(all_at_once) == rows_of(in_pieces)


@given(tracks(), RULES, WINDOWS)
def test_merging_segments_changes_nothing(track: Track, rules: Rules, windows: Windows) -> None:
    """However few segments are kept as they are, trips and stops are the same to the last bit."""
    expected = whole(track, rules, windows)
    with patch.object(detector, "MOST_SEGMENTS", 2), patch.object(detector, "BLOCK", 5):
        merged = whole(track, rules, windows)
        with patch.object(recordings, "MS_PER_DAY", 600_000), patch.object(recordings, "MS_PER_HOUR", 60_000):
            trips = find_trips(recording(track, chunk_days=2), windows, rules)

    for kept, few in zip(expected, merged, strict=True):
        assert rows_of(kept) == rows_of(few)
    assert rows_of(expected[0]) == rows_of(trips)


@examples(300)
@given(tracks(), RULES, WINDOWS)
def test_a_period_cuts_and_does_not_decide(track: Track, rules: Rules, windows: Windows) -> None:
    """Reading only around the windows finds what reading everything does; here a day is ten minutes long."""
    expected = whole(track, rules, windows)
    with patch.object(recordings, "MS_PER_DAY", 600_000), patch.object(recordings, "MS_PER_HOUR", 60_000):
        trips = find_trips(recording(track, chunk_days=2), windows, rules)
        stops = find_stops(recording(track, chunk_days=2), windows, rules)

    assert rows_of(expected[0]) == rows_of(trips)
    assert rows_of(expected[1]) == rows_of(stops)


@given(tracks(), RULES, st.integers(-100, 20_000))
def test_a_period_cut_in_two_outside_trips_gives_the_same_trips(track: Track, rules: Rules, second: int) -> None:
    """Trips of two neighbouring periods are those of both together, unless one is under way between them."""
    middle = NOON_MS + second * 1000
    one, two = Windows.of([(0, middle)]), Windows.of([(middle, 2 * NOON_MS)])
    both = find_trips(recording(track), Windows.of([(0, 2 * NOON_MS)]), rules)
    if ((both.start_ms < middle) & (both.end_ms >= middle)).any():
        return
    parts = Trips.join([find_trips(recording(track), half, rules) for half in (one, two)])

    assert [row[:-1] for row in rows_of(both)] == [row[:-1] for row in rows_of(parts)]
    assert both.idle_s.sum() >= parts.idle_s.sum()  # a stop cut in two follows a trip only in its first part


@given(tracks(), RULES, WINDOWS)
def test_a_days_row_is_the_sum_of_its_trips(track: Track, rules: Rules, windows: Windows) -> None:
    """Each day alone has trips that come to the row of that day, and stops that come to its idle time.

    A trip that goes on where the last one ended is not counted again.
    """
    zone = ZoneInfo("Asia/Kolkata")
    rows = find_days(recording(track), windows, rules, zone)
    days = local_days(NOON_MS - 86_400_000, NOON_MS + 4 * 86_400_000, zone)
    sums, before_ms = [], 0
    for start, end in rows_of(days):
        alone = Windows.of((max(start, first), min(end, last)) for first, last in rows_of(windows))
        trips, stops = find_trips(recording(track), alone, rules), find_stops(recording(track), alone, rules)
        stopped_s = (stops.end_ms - stops.start_ms).sum() / 1000
        if len(trips):
            totals = trips.length_km.sum(), trips.travel_s.sum(), trips.max_speed_kmh.max(), trips.point_count.sum()
            goes_on = np.count_nonzero(trips.start_ms[1:] == trips.end_ms[:-1])
            sums.append((*totals, stopped_s, len(trips) - goes_on - (trips.start_ms[0] == before_ms)))
            before_ms = int(trips.end_ms[-1])

    columns = rows.length_km, rows.travel_s, rows.max_speed_kmh, rows.point_count, rows.idle_s, rows.trip_count
    assert flat(sums) == pytest.approx(flat(np.column_stack(columns)))
