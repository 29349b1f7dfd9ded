"""Of two points of one moment one stays, whatever the order in which they come."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.samples import Samples, merged, supersedes
from services.generation.inputs.points import POINTS
from tests.builders.points import assert_same, cut, drive

NAN = float("nan")

value = st.sampled_from([NAN, -0.0, 0.0, 1.0, 2.0])
row = st.tuples(st.integers(0, 4), value, value, value)


def points_of(rows: list[tuple[int, float, float, float]]) -> Samples:
    time_ms, lat, speed, odometer = zip(*rows, strict=True) if rows else ((), (), (), ())
    return POINTS.samples(time_ms, lat=lat, speed_kmh=speed, odometer_km=odometer)


tables = st.lists(row, max_size=12).map(points_of)


@given(tables, tables)
def test_merging_is_commutative(one: Samples, other: Samples) -> None:
    """The order of two writers does not matter."""
    assert_same(merged(Samples.join([one, other])), merged(Samples.join([other, one])))


@given(tables, tables, tables)
def test_merging_is_associative(one: Samples, two: Samples, three: Samples) -> None:
    """The order of merging does not matter."""
    whole = merged(Samples.join([one, two, three]))

    assert_same(whole, merged(Samples.join([merged(Samples.join([one, two])), three])))
    assert_same(whole, merged(Samples.join([one, merged(Samples.join([two, three]))])))


@given(tables)
def test_merging_is_idempotent(one: Samples) -> None:
    """Writing the same points again changes nothing, to the byte."""
    once, again = merged(one), merged(Samples.join([one, merged(one)]))

    assert once.time_ms.tobytes() == again.time_ms.tobytes()
    assert once.values.tobytes() == again.values.tobytes()


@given(tables)
def test_merged_points_ascend(one: Samples) -> None:
    """A moment has one point and time goes on."""
    assert sorted(set(one.time_ms.tolist())) == merged(one).time_ms.tolist()


@given(row, row)
def test_the_point_that_stays_is_the_one_that_supersedes(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    """`supersedes` and `merged` know the same order."""
    a, b = points_of([(0, *one[1:])]), points_of([(0, *other[1:])])
    stays = merged(Samples.join([a, b]))

    assert_same(a if supersedes(a, b)[0] else b, stays)
    assert not (supersedes(a, b)[0] and supersedes(b, a)[0])


def test_more_known_values_win() -> None:
    """A point with an odometer stays although the other was faster."""
    rich, fast = points_of([(0, 1.0, 1.0, 1.0)]), points_of([(0, 1.0, 2.0, NAN)])

    assert_same(rich, merged(Samples.join([rich, fast])))


def test_an_unknown_column_is_not_zero() -> None:
    """Values that the source does not have are NaN."""
    assert np.isnan(POINTS.samples([1, 2], lat=[1, 2]).column("speed_kmh")).all()


def test_points_cut_and_joined_are_the_same() -> None:
    """Joining undoes cutting."""
    points = drive(10)

    assert_same(points, Samples.join(cut(points, [3, 4])))
