"""Colours of charts: readers can tell neighbours apart, and each from the paper."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.rendering import theme
from services.rendering.charts.chart_data import series_colours, slices_of
from services.rendering.charts.distinct_colours import contrast, difference, distinct
from services.runtime.chart_values import palette_colour
from tests.builders.charts import bars, pie
from tests.builders.examples import examples

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@examples(60)
@given(st.lists(colours, min_size=1, max_size=12))
def test_neighbours_differ_whatever_their_colours(some: list[str]) -> None:
    """By 25 (CIE76), around the ring as well, and each from the paper by 3:1."""
    made = distinct(some, is_ring=True)

    assert all(contrast(one, theme.PAPER) >= 3 for one in made)
    assert all(difference(one, other) >= 25 for one, other in pairwise(made))
    assert len(made) < 3 or difference(made[0], made[-1]) >= 25


def test_a_colour_is_kept_unless_its_neighbour_has_it() -> None:
    """Another one has the same hue, lighter or darker."""
    first, second, third = distinct(["#2c6fbb", "#2c6fbb", "#c9503f"])

    assert ("#2c6fbb", "#c9503f") == (first, third)
    assert second != first


def test_known_values() -> None:
    """Black and white, and the red of the standard's examples."""
    assert 21 == round(contrast("#000000", "#ffffff"), 3)
    assert 100 == round(difference("#000000", "#ffffff"), 2)
    assert 4 == round(contrast("#ff0000", "#ffffff"))


def test_charts_take_distinct_colours() -> None:
    """Of the renderer's choice, or asked for."""
    shares = pie(dict.fromkeys(map(str, range(24)), 1.0))
    shares.colors[:] = ["#2c6fbb"] * 24
    ring = [one.colour for one in slices_of(shares)]
    series = series_colours(bars(["Mon"], {str(number): [1.0] for number in range(12)}))

    assert all(difference(one, other) >= 25 for one, other in zip(ring, [*ring[1:], ring[0]], strict=True))
    assert all(difference(one, other) >= 25 for one, other in pairwise(series))
    assert palette_colour(0) == series[0]
