"""Speeding: episodes found on the whole recording, cut by windows."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.columnar import Flags, Readings
from services.generation.domain.detection import Rules
from services.generation.domain.outliers import Acceptance
from services.generation.domain.route import Route, RouteBuilder, routes
from services.generation.domain.speeding import Speeding, Violations, find_speeding
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows
from tests.builders.tracks import NOON_MS, minutes, recording, track, windows
from tests.unit.generation.domain.recorded import RULES, WINDOWS, tracks

ALWAYS = Windows.of([(0, 2 * NOON_MS)])


def above_60(speed_kmh: Readings) -> Flags:
    fast: Flags = speed_kmh > 60
    return fast


def episodes(known: Track, shown: Windows = ALWAYS, rules: Rules = Rules()) -> Speeding:  # noqa: B008 - frozen
    return find_speeding(recording(known, 1), shown, rules, above_60)


def whole_route(known: Track, rules: Rules = Rules()) -> Route:  # noqa: B008 - frozen
    acceptance = Acceptance(rules.detection.jump_kmh)
    return RouteBuilder(rules).add(acceptance.add(known, whole=True), whole=True)


def spans(found: Speeding) -> list[tuple[float, float]]:
    return list(zip(minutes(found.start_ms), minutes(found.end_ms), strict=True))


def test_an_episode_lasts_from_the_first_point_above_the_limit_to_the_first_at_or_below_it() -> None:
    """A point at the limit is not above it."""
    found = episodes(track((10, 60), (5, 90), (10, 60), (5, 61), (5, 0)))

    assert [(10, 15), (25, 30)] == spans(found)
    assert [7.5, 5.083333] == found.inside(ALWAYS).length_km.round(6).tolist()
    assert [90, 61] == found.max_kmh.tolist()


def test_a_gap_of_more_than_30_minutes_ends_an_episode_at_the_last_point_above() -> None:
    """30 minutes do not, nor does any shorter gap or the end of a trip."""
    for gap_s, expected in ((1800, [(0, 40)]), (1801, [(0, 5), (35 + 1 / 60, 40 + 1 / 60)])):
        first = track((5, 90), (1, None))
        second = track((5, 90), (1, 0), start_ms=int(first.time_ms[-1]) + 1000 * gap_s, at=(55.1, 37.0))
        found = spans(episodes(Track.join([first, second])))
        assert np.allclose(expected, found, atol=1e-6)


def test_at_the_end_of_the_recording_an_episode_ends_at_the_last_point_above() -> None:
    """There is no later point."""
    assert [(5, 10)] == spans(episodes(track((5, 30), (5, 90))))


def test_an_episode_is_kept_when_it_lasts_longer_than_the_minimum() -> None:
    """Strictly: one of exactly the minimum is dropped, and with 0 a lone point before a gap."""
    found = episodes(track((5, 30), (5, 90), (5, 30)))

    assert (0, 1) == (len(found.longer_than(300)), len(found.longer_than(299)))
    assert not len(episodes(track((5, 90), every_s=600)[:1]))


def test_the_maximum_is_the_fastest_points_or_the_average_where_that_is_higher() -> None:
    """Its place is that of the fastest point, the first of equals."""
    known = track((5, 30), (5, 90), (5, 120), (5, 30))
    found = episodes(known).inside(ALWAYS)
    fastest = np.flatnonzero(known.speed_kmh == 120)[0]

    assert ([120], [known.lat[fastest]]) == (found.max_kmh.tolist(), found.lat.tolist())
    reads_low = Track.of(known.time_ms, known.lat, known.lng, speed_kmh=np.where(known.speed_kmh > 60, 61, 30))
    found = episodes(reads_low).inside(ALWAYS)
    assert [105] == found.max_kmh.round(6).tolist()


def test_a_window_cuts_an_episode_exactly_at_its_edge_between_points() -> None:
    """The way of the leg is shared by time."""
    known, edges = track((5, 30), (10, 90), (5, 30), every_s=60), (0, 7.25, 7.5, 60)
    pieces = Violations.join(episodes(known).inside(windows(own)) for own in pairwise(edges))

    assert [5, 7.25, 7.5] == minutes(pieces.start_ms)
    assert [7.25, 7.5, 15] == minutes(pieces.end_ms)
    assert [3.375, 0.375, 11.25] == pieces.length_km.round(6).tolist()


def by_hand(route: Route) -> list[tuple[int, int]]:
    """Return the episodes point by point."""
    found: list[tuple[int, int]] = []
    start = None
    rows = list(zip(route.time_ms.tolist(), (route.speed_kmh > 60).tolist(), strict=True))
    for place, (time_ms, fast) in enumerate(rows):
        if start is not None and time_ms - rows[place - 1][0] > 1_800_000:
            found.append((start, rows[place - 1][0]))
            start = None
        if fast and start is None:
            start = time_ms
        elif not fast and start is not None:
            found.append((start, time_ms))
            start = None
    found += [] if start is None else [(start, rows[-1][0])]
    return [(start, end) for start, end in found if start < end]


@given(tracks(), RULES)
def test_episodes_are_those_found_point_by_point(known: Track, rules: Rules) -> None:
    """Whatever the track."""
    found = episodes(known, rules=rules)

    assert by_hand(whole_route(known, rules)) == list(zip(found.start_ms.tolist(), found.end_ms.tolist(), strict=True))


@given(tracks(), RULES, WINDOWS)
def test_a_period_cuts_episodes_and_does_not_decide(known: Track, rules: Rules, shown: Windows) -> None:
    """Reading some windows gives what the whole recording gives in them."""
    part, whole = episodes(known, shown, rules).inside(shown), episodes(known, ALWAYS, rules).inside(shown)
    for name in ("start_ms", "end_ms", "max_kmh", "lat", "lng"):
        assert getattr(part, name).tolist() == getattr(whole, name).tolist()
    assert np.allclose(part.length_km, whole.length_km, atol=1e-9)


@given(tracks(), RULES, st.lists(st.integers(-100, 20_000), min_size=1, max_size=3))
def test_pieces_of_episodes_add_up(known: Track, rules: Rules, seconds: list[int]) -> None:
    """Lengths and times of the parts of a cut period come to those of the whole; no average is above its maximum."""
    edges = [0, *(NOON_MS + 1000 * second for second in sorted(set(seconds))), 2 * NOON_MS]
    whole = episodes(known, ALWAYS, rules).inside(ALWAYS)
    parts = [
        episodes(known, own, rules).inside(own)
        for own in (Windows.of([(start, end)]) for start, end in pairwise(edges))
    ]

    assert sum((part.end_ms - part.start_ms).sum() for part in parts) == (whole.end_ms - whole.start_ms).sum()
    assert np.isclose(sum(part.length_km.sum() for part in parts), whole.length_km.sum(), atol=1e-9)
    for part in parts:
        lasted_h = (part.end_ms - part.start_ms) / 3_600_000
        lasting = lasted_h > 0
        assert (part.length_km[lasting] <= part.max_kmh[lasting] * lasted_h[lasting] * (1 + 1e-12)).all()


@given(tracks(), RULES, st.integers(1, 20))
def test_a_route_does_not_depend_on_its_pieces(known: Track, rules: Rules, size: int) -> None:
    """Neither on how points are read, nor on where the period begins."""
    acceptance, builder = Acceptance(rules.detection.jump_kmh), RouteBuilder(rules)
    starts = range(0, len(known), size)
    pieces = [builder.add(acceptance.add(known[start : start + size])) for start in starts]
    pieces.append(builder.add(acceptance.add(Track.empty(), whole=True), whole=True))
    found, whole = Route.join(pieces), whole_route(known, rules)

    assert found.time_ms.tolist() == whole.time_ms.tolist()
    assert np.array_equal(found.speed_kmh, whole.speed_kmh)
    assert np.array_equal(found.way_km, whole.way_km)


@given(tracks(), RULES, WINDOWS)
def test_a_route_of_a_period_is_part_of_that_of_the_whole(known: Track, rules: Rules, shown: Windows) -> None:
    """It has all accepted points inside and the last one before."""
    if not (len(known) and len(shown)):
        return
    start_ms, end_ms = int(shown.start_ms[0]), int(shown.end_ms[-1])
    part, whole = Route.join(routes(recording(known, 1), start_ms, end_ms, rules)), whole_route(known, rules)
    first = max(int(np.searchsorted(whole.time_ms, start_ms, side="right")) - 1, 0)
    wanted, own = (
        whole[first:],
        part[int(np.searchsorted(part.time_ms, whole.time_ms[first])) :] if len(whole) else part,
    )

    assert wanted.time_ms.tolist() == own.time_ms.tolist()
    assert np.array_equal(wanted.speed_kmh[1:], own.speed_kmh[1:])
    assert np.allclose(np.diff(wanted.way_km), np.diff(own.way_km), atol=1e-9)
