"""Visits: runs of points inside areas, found whole and cut by windows (decisions 3)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.areas import Area, AreaIndex
from services.generation.domain.detection import Rules
from services.generation.domain.recordings import Recording
from services.generation.domain.tracks import Track
from services.generation.domain.visits import Visits, find_visits
from services.generation.domain.windows import Windows
from tests.builders.tracks import NOON_MS, recording

MINUTE_MS = 60_000
LNG = 13.4
STEP = 0.001  # degrees of latitude, 111 m


def walk(*steps: int, every_ms: int = MINUTE_MS) -> Track:
    """Return a track along a meridian: a point each minute at so many steps north."""
    places = np.array(steps, np.float64)
    unknown = np.full(len(places), np.nan)
    return Track.of(
        time_ms=NOON_MS + np.arange(len(places)) * every_ms,
        lat=50 + places * STEP,
        lng=np.full(len(places), LNG),
        speed_kmh=unknown,
    )


def circle(step: float, radius_m: float = 60) -> Area:
    """Return a circle around a place so many steps north."""
    return Area.of([50 + step * STEP], [LNG], radius_m)


def found(track: Track, areas: list[Area], *spans: tuple[float, float], least_s: float = 0) -> Visits:
    """Return the visits in windows of minutes after noon, of the whole recording without any."""
    known = recording(track)
    whole = [(-10_000.0, 10_000.0)]
    windows = Windows.of((int(NOON_MS + a * MINUTE_MS), int(NOON_MS + b * MINUTE_MS)) for a, b in spans or whole)
    return find_visits(known, windows, Rules(), AreaIndex(areas), least_s)


def minutes(visits: Visits) -> list[tuple[int, float, float]]:
    """Return the area of each visit, and its entry and exit in minutes after noon."""
    rows = zip(visits.area.tolist(), visits.start_ms.tolist(), visits.end_ms.tolist(), strict=True)
    return [(area, (start - NOON_MS) / MINUTE_MS, (end - NOON_MS) / MINUTE_MS) for area, start, end in rows]


def test_a_visit_lasts_from_the_first_to_the_last_point_inside() -> None:
    """Its way is that between these points, and it has their places."""
    visits = found(walk(0, 1, 2, 2, 3, 4, 2, 0), [circle(2.5, 100)])
    assert [(0, 2, 4), (0, 6, 6)] == minutes(visits)
    assert [0.111, 0] == pytest.approx(visits.length_km.tolist(), abs=0.001)
    assert [50.002, 50.003] == pytest.approx([visits.start_lat[0], visits.end_lat[0]])


def test_overlapping_areas_have_visits_of_their_own() -> None:
    """They stand by entry, then in the order of the areas."""
    assert [(0, 1, 2), (1, 1, 3), (2, 2, 2)] == minutes(
        found(walk(0, 1, 2, 3, 9), [circle(1.5, 60), circle(2, 120), circle(2, 10)])
    )


def test_a_time_without_points_ends_no_visit() -> None:
    assert [(0, 1, 3)] == minutes(found(walk(0, 2, 2, 2, 9, every_ms=MINUTE_MS), [circle(2)]))
    sparse = walk(0, 2, 2, 0, every_ms=600 * MINUTE_MS)
    assert [(0, 600, 1200)] == minutes(found(sparse, [circle(2)]))


def test_the_minimum_is_judged_on_the_whole_visit() -> None:
    """A piece of a long visit may be shorter."""
    track = walk(0, *[2] * 8, 0)
    assert [(0, 1, 3)] == minutes(found(track, [circle(2)], (-5, 3), least_s=300))
    assert [] == minutes(found(track, [circle(2)], least_s=7 * 60 + 1))


def test_without_areas_or_points_there_are_no_visits() -> None:
    assert 0 == len(found(walk(1, 2, 3), []))
    assert 0 == len(found(walk(1, 2, 3)[:0], [circle(2)]))


@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=80),
    st.lists(st.tuples(st.floats(0, 4), st.sampled_from([30.0, 120.0, 260.0])), min_size=1, max_size=4),
    st.integers(1, 79),
    st.integers(0, 5),
)
def test_visits_of_a_period_cut_in_two_add_up(
    steps: list[int], drawn: list[tuple[float, float]], cut: int, least: int
) -> None:
    """In time and in length; and they are those of a plain walk over the points."""
    track, areas = walk(*steps), [circle(*one) for one in drawn]
    whole = found(track, areas, least_s=least * 60)
    first, second = (found(track, areas, span, least_s=least * 60) for span in ((-9000, cut), (cut, 9000)))
    for area in range(len(areas)):
        parts = [visits[visits.area == area] for visits in (whole, first, second)]
        times = [(part.end_ms - part.start_ms).sum() for part in parts]
        lengths = [part.length_km.sum() for part in parts]
        assert times[0] == times[1] + times[2]
        assert lengths[0] == pytest.approx(lengths[1] + lengths[2], abs=1e-9)

    assert sorted(walked(track, areas, least)) == sorted(minutes(whole))


def walked(track: Track, areas: list[Area], least: int) -> list[tuple[int, float, float]]:
    """Return the visits by looking at each point."""
    visits = []
    for number, area in enumerate(areas):
        inside = area.contains(track.lat, track.lng).tolist()
        begin = None
        for place, flag in enumerate([*inside, False]):
            if flag and begin is None:
                begin = place
            elif not flag and begin is not None:
                if place - 1 - begin >= least:
                    visits.append((number, float(begin), float(place - 1)))
                begin = None
    return visits


@given(st.lists(st.integers(0, 3), min_size=2, max_size=200), st.integers(1, 3))
def test_pieces_of_the_recording_change_nothing(steps: list[int], days: int) -> None:
    """A recording that is read in pieces of days has the same visits."""
    track, areas = walk(*steps, every_ms=60 * MINUTE_MS), [circle(1, 130), circle(2)]
    span = int(track.time_ms[0]), int(track.time_ms[-1])

    def read(start_ms: int, end_ms: int) -> Track:
        first, end = np.searchsorted(track.time_ms, [start_ms, end_ms])
        return track[int(first) : int(end)]

    windows = Windows.of([(span[0], span[1] + 1)])
    in_pieces = find_visits(Recording(read, span, days), windows, Rules(), AreaIndex(areas), 0)
    at_once = find_visits(recording(track), windows, Rules(), AreaIndex(areas), 0)
    assert minutes(at_once) == minutes(in_pieces)
    assert at_once.length_km.tolist() == pytest.approx(in_pieces.length_km.tolist(), abs=1e-9)
