"""Laws that hold for the trips and stops of every track."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st

from services.generation.domain.columnar import Columns
from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.findings import Findings
from services.generation.domain.silences import silences_of
from services.generation.domain.stops import stops_of
from services.generation.domain.tracks import Track, neighbour_km
from services.generation.domain.trips import trips_of
from services.generation.domain.windows import Windows
from tests.builders.examples import examples
from tests.builders.tracks import NOON_MS
from tests.unit.generation.domain.recorded import RULES, tracks

ALWAYS = Windows.of([(0, 2 * NOON_MS)])


def found_in(track: Track, rules: Rules, shown: Windows = ALWAYS) -> Findings:
    detector = Detector(rules, shown.edges_ms())
    detector.add(track)
    return detector.finish()


def rows_of(table: Columns) -> list[tuple[float, ...]]:
    return list(zip(*(getattr(table, name).tolist() for name in table.__slots__), strict=True))


def spans_of(table: Columns) -> list[tuple[int, int]]:
    return list(zip(table.start_ms.tolist(), table.end_ms.tolist(), strict=True))


@given(tracks(), RULES)
def test_every_moment_is_in_a_trip_a_stop_or_a_silence_or_a_short_rest(track: Track, rules: Rules) -> None:
    """Rows neither overlap nor leave holes, but for a short rest that begins the recording or follows a silence."""
    rules = replace(rules, filter_on=False)
    found = found_in(track, rules)
    assume(len(found.segments))
    trips, stops, silences = trips_of(found, ALWAYS), stops_of(found, ALWAYS), silences_of(found, ALWAYS)
    first_ms, last_ms = int(found.segments.first_ms[0]), int(found.segments.last_ms[-1])
    opens = {first_ms, *silences.end_ms.tolist()}
    spans = sorted([(0, first_ms), *spans_of(trips), *spans_of(stops), *spans_of(silences), (last_ms, last_ms)])

    for (_, end), (start, _) in pairwise(spans):
        assert end == start or (end < start and end in opens and start - end < rules.shortest_ms)


@given(tracks(), RULES)
def test_a_dropped_trip_is_rest(track: Track, rules: Rules) -> None:
    """Each moment of a trip without the filter is in a trip or a stop with it, or in a short rest between silences."""
    kept, without = (found_in(track, replace(rules, filter_on=on)) for on in (True, False))
    trips, stops = trips_of(kept, ALWAYS), stops_of(kept, ALWAYS)
    dropped = trips_of(without, ALWAYS)
    covered = Windows.of([*spans_of(trips), *spans_of(stops)])
    assume(rules.parking.idle_kmh > 0)

    for start, end in spans_of(dropped):
        inside = spans_of(covered.cut(np.array([start]), np.array([end])))
        assert inside == [(start, end)] or end - start < rules.shortest_ms


@given(tracks(), RULES)
def test_no_average_exceeds_the_highest_speed(track: Track, rules: Rules) -> None:
    """Whatever the tracker reports."""
    trips = trips_of(found_in(track, rules), ALWAYS)

    assert (trips.length_km / trips.travel_s * 3600 <= trips.max_speed_kmh * (1 + 1e-12)).all()


@given(tracks(), RULES, st.lists(st.integers(-100, 20_000), min_size=1, max_size=3))
def test_the_pieces_of_a_cut_period_add_up(track: Track, rules: Rules, seconds: list[int]) -> None:
    """Lengths and times of trips, stops and silences in the parts come to those of the whole."""
    edges = [0, *(NOON_MS + 1000 * second for second in sorted(set(seconds))), 2 * NOON_MS]
    parts = Windows(np.array(edges[:-1]), np.array(edges[1:]))
    found = found_in(track, rules, parts)

    for rows, whole in (
        (trips_of(found, parts), trips_of(found, ALWAYS)),
        (stops_of(found, parts), stops_of(found, ALWAYS)),
        (silences_of(found, parts), silences_of(found, ALWAYS)),
    ):
        assert (rows.end_ms - rows.start_ms).sum() == (whole.end_ms - whole.start_ms).sum()
        if hasattr(rows, "length_km"):
            assert rows.length_km.sum() == pytest.approx(whole.length_km.sum(), abs=1e-6)


@examples(40, HealthCheck.filter_too_much)  # most tracks have jumps of their own
@given(tracks(), RULES, st.data())
def test_a_wild_point_changes_nothing(track: Track, rules: Rules, data: st.DataObject) -> None:
    """A point out of reach is as if it were not there, wherever it lies among true ones."""
    far = neighbour_km(track.lat, track.lng) / np.diff(track.time_ms) * 3_600_000 > rules.detection.jump_kmh
    assume(len(track) > 1 and not far.any() and (track.lat != 0).all())
    row = data.draw(st.integers(0, len(track)))
    moments = np.concatenate([[track.time_ms[0] - 9000], track.time_ms, [track.time_ms[-1] + 9000]])
    assume(moments[row + 1] - moments[row] > 1)
    wild = Track.of(
        moments[row : row + 1] + 1,
        np.array([-40.0 if track.lat[0] > 0 else 40.0]),
        np.array([100.0]),
        speed_kmh=np.array([data.draw(st.sampled_from([0.0, 60.0, np.nan]))]),
    )
    with_it = Track.join([track[:row], wild, track[row:]])

    for rows in (trips_of, stops_of, silences_of):
        assert rows_of(rows(found_in(track, rules), ALWAYS)) == rows_of(rows(found_in(with_it, rules), ALWAYS))
