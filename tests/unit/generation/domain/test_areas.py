"""Areas on the globe: which points are inside, and that the index finds what a look at each area finds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.areas import Area, AreaIndex
from services.generation.domain.columnar import Floats

KM = 1 / 111.195  # degrees of a kilometre along a meridian


def inside(area: Area, *points: tuple[float, float]) -> list[bool]:
    lat, lng = (np.array(column) for column in zip(*points, strict=True))
    found: list[bool] = area.contains(lat, lng).tolist()
    return found


def test_a_circle_holds_what_is_within_its_radius() -> None:
    """Its edge too."""
    circle = Area.of([52.0], [13.0], 1000)

    assert [True, True, False] == inside(circle, (52, 13), (52 + 0.999 * KM, 13), (52 + 1.001 * KM, 13))


def test_a_polygon_follows_the_even_odd_rule() -> None:
    """A bow tie has two halves; a first point that is repeated at the end changes nothing."""
    tie = [0.0, 1.0, 1.0, 0.0], [0.0, 0.0, 1.0, 1.0]
    bow = [0.0, 2.0, 0.0, 2.0], [0.0, 2.0, 2.0, 0.0]

    for lat, lng in (tie, ([*tie[0], 0.0], [*tie[1], 0.0])):
        assert [True, False] == inside(Area.of(lat, lng), (0.5, 0.5), (0.5, 1.5))
    assert [True, True, False, False] == inside(Area.of(*bow), (1.0, 0.2), (1.0, 1.8), (0.5, 1.0), (1.5, 1.0))


def test_a_corridor_has_round_ends() -> None:
    """It reaches as far as its radius from the nearest segment."""
    line = Area.of([52.0, 52.0, 52.1], [13.0, 13.2, 13.2], 100)

    assert [True, False] == inside(line, (52 + 0.099 * KM, 13.1), (52 + 0.101 * KM, 13.1))
    assert [True, False] == inside(line, (52.1 + 0.099 * KM, 13.2), (52.1 + 0.101 * KM, 13.2))
    assert [True] == inside(Area.of([52.0, 52.0], [13.0, 13.0], 100), (52, 13))


@pytest.mark.parametrize(
    "area",
    [
        Area.of([0.0, 1.0, 1.0, 0.0], [179.5, 179.5, -179.5, -179.5]),
        Area.of([0.5, 0.5], [179.0, -179.0], 60_000),
        Area.of([0.5], [180.0], 70_000),
    ],
)
def test_an_area_may_lie_on_the_date_line(area: Area) -> None:
    """Edges go the shorter way round the globe; the index finds it from both sides."""
    lat, lng = np.array([0.5, 0.5, 0.5, 0.5]), np.array([179.9, -179.9, 178.0, -178.0])

    assert [True, True, False, False] == area.contains(lat, lng).tolist()
    assert [0, 1] == AreaIndex([area]).containing(lat, lng)[0].tolist()


DEGREES = st.floats(-1, 1)
POINTS = st.lists(st.tuples(DEGREES, DEGREES), min_size=1, max_size=30)
SHAPES = st.lists(
    st.tuples(
        st.lists(st.tuples(DEGREES, DEGREES), min_size=3, max_size=6), st.sampled_from([None, 500.0, 50_000.0, 9e6])
    ),
    max_size=8,
)


@given(SHAPES, POINTS, st.sampled_from([(0.0, 0.0), (50.0, 180.0), (-70.0, 13.0), (88.9, -179.0)]))
def test_the_index_finds_what_a_look_at_each_area_finds(
    shapes: list[tuple[list[tuple[float, float]], float | None]],
    points: list[tuple[float, float]],
    middle: tuple[float, float],
) -> None:
    """Wherever on the globe, of any sizes, in the order of points and areas."""

    def columns(some: list[tuple[float, float]]) -> tuple[Floats, Floats]:
        lat, lng = np.array(some).T + np.array(middle)[:, np.newaxis]
        return lat, (lng + 180) % 360 - 180

    areas = [Area.of(*(part.tolist() for part in columns(shape)), radius) for shape, radius in shapes]
    lat, lng = columns(points)
    expected = [
        (point, number)
        for point in range(len(lat))
        for number, area in enumerate(areas)
        if area.contains(lat[[point]], lng[[point]])[0]
    ]

    assert expected == list(zip(*(part.tolist() for part in AreaIndex(areas).containing(lat, lng)), strict=True))


def test_an_unknown_place_is_in_no_area() -> None:
    """Not even in one that is everywhere."""
    everywhere = Area.of([0.0], [0.0], 30_000_000)
    nowhere = np.array([np.nan, 1.0])

    assert [1] == AreaIndex([everywhere]).containing(nowhere, nowhere)[0].tolist()
    assert [] == AreaIndex([]).containing(nowhere, nowhere)[0].tolist()
