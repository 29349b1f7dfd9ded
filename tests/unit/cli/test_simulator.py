"""The simulator of the demo's vans."""

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.cli.simulator import simulate
from tests.builders.examples import examples

MORNING = datetime(2019, 5, 27, 5, tzinfo=UTC)
DAY_MS = 86_400_000


def test_the_same_seed_gives_the_same_points() -> None:
    """And another seed others."""
    assert simulate(1, MORNING, 1) == simulate(1, MORNING, 1)
    assert simulate(1, MORNING, 1) != simulate(2, MORNING, 1)


@examples(10)
@given(st.integers(0, 1000))
def test_a_van_is_plausible(seed: int) -> None:
    """Points come in order within the day without a gap, nobody races or leaps, and the odometer never runs back."""
    points = simulate(seed, MORNING, 1)
    first = round(MORNING.timestamp() * 1000)

    assert first < points[0].time_ms <= points[-1].time_ms < first + DAY_MS
    for one, other in pairwise(points):
        assert 0 < other.time_ms - one.time_ms <= 5 * 60_000
        assert 0 <= other.speed_kmh < 125
        assert 0 <= other.odometer_km - one.odometer_km < 0.2
        assert abs(other.lat - one.lat) < 0.003
        assert abs(other.lng - one.lng) < 0.003


def test_a_van_drives_several_trips_a_day() -> None:
    """Between them its ignition is off."""
    points = simulate(1, MORNING, 3)
    starts = sum(not one.ignition and bool(other.ignition) for one, other in pairwise(points))

    assert 18 <= starts <= 30
