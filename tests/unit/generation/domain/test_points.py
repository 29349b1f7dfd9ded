"""Of two points of one moment one stays, whatever the order in which they come."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.points import Points, merged, supersedes
from tests.builders.points import assert_same, cut, drive

NAN = float("nan")

value = st.sampled_from([NAN, -0.0, 0.0, 1.0, 2.0])
row = st.tuples(st.integers(0, 4), value, value, value)


def points_of(rows: list[tuple[int, float, float, float]]) -> Points:
    time_ms, lat, speed, odometer = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Points.of(time_ms, {"lat": lat, "speed_kmh": speed, "odometer_km": odometer})


tables = st.lists(row, max_size=12).map(points_of)


@given(tables, tables)
def test_merging_is_commutative(one: Points, other: Points) -> None:
    """Which of two writers comes first does not matter."""
    assert_same(merged(Points.join([one, other])), merged(Points.join([other, one])))


@given(tables, tables, tables)
def test_merging_is_associative(one: Points, two: Points, three: Points) -> None:
    """What is merged before does not matter."""
    whole = merged(Points.join([one, two, three]))

    assert_same(whole, merged(Points.join([merged(Points.join([one, two])), three])))
    assert_same(whole, merged(Points.join([one, merged(Points.join([two, three]))])))


@given(tables)
def test_merging_is_idempotent(one: Points) -> None:
    """Writing the same points again changes nothing, to the byte."""
    once, again = merged(one), merged(Points.join([one, merged(one)]))

    assert once.time_ms.tobytes() == again.time_ms.tobytes()
    assert once.values.tobytes() == again.values.tobytes()


@given(tables)
def test_merged_points_ascend(one: Points) -> None:
    """A moment has one point and time goes on."""
    assert sorted(set(one.time_ms.tolist())) == merged(one).time_ms.tolist()


@given(row, row)
def test_the_point_that_stays_is_the_one_that_beats(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    """`beats` and `merged` know the same order."""
    a, b = points_of([(0, *one[1:])]), points_of([(0, *other[1:])])
    stays = merged(Points.join([a, b]))

    assert_same(a if supersedes(a, b)[0] else b, stays)
    assert not (supersedes(a, b)[0] and supersedes(b, a)[0])


def test_more_known_values_win() -> None:
    """A point with an odometer stays although the other was faster."""
    rich, fast = points_of([(0, 1.0, 1.0, 1.0)]), points_of([(0, 1.0, 2.0, NAN)])

    assert_same(rich, merged(Points.join([rich, fast])))


def test_an_unknown_column_is_not_zero() -> None:
    """What the source does not have is NaN."""
    assert np.isnan(Points.of([1, 2], {"lat": [1, 2]}).column("speed_kmh")).all()


def test_points_cut_and_joined_are_the_same() -> None:
    """Joining undoes cutting."""
    points = drive(10)

    assert_same(points, Points.join(cut(points, [3, 4])))
