"""Axes of charts: round ticks that hold all values."""

import math
from itertools import pairwise

import pytest
from daybook.report.v1.sheet_pb2 import Quantity
from hypothesis import given
from hypothesis import strategies as st

from services.rendering.charts.axis import Axis, axis_for, tick_texts
from services.rendering.values import Reader, chart_text
from services.rendering.wall_clock import WallClock
from tests.builders.charts import EUROS, HOURS

COUNT = Quantity(kind=Quantity.KIND_NUMBER)
SHARE = Quantity(kind=Quantity.KIND_PERCENT, decimals=1)
KINDS = st.sampled_from([COUNT, HOURS, EUROS, SHARE])


@given(st.lists(st.floats(-1e15, 1e15), max_size=5), KINDS)
def test_an_axis_holds_all_values_and_zero(values: list[float], quantity: Quantity) -> None:
    """Few ticks, evenly spaced, from the lowest value or below to the highest or above; zero is one of them."""
    axis = axis_for(values, quantity)
    ticks = axis.ticks()

    assert 2 <= len(ticks) <= 8
    assert all(ticks[0] - axis.step * 1e-6 <= value <= ticks[-1] + axis.step * 1e-6 for value in values)
    assert 0.0 in ticks
    assert len(ticks) == len({text for _, text in tick_texts(axis, quantity)})
    assert all(math.isclose(axis.step, after - before) for before, after in pairwise(ticks))


@pytest.mark.parametrize(
    ("highest", "quantity", "texts"),
    [
        (0, HOURS, ["0:00", "0:15", "0:30", "0:45", "1:00"]),
        (37, HOURS, ["0:00:00", "0:00:10", "0:00:20", "0:00:30", "0:00:40"]),
        (8 * 3600, HOURS, ["0:00", "2:00", "4:00", "6:00", "8:00"]),
        (40 * 3600 + 1, HOURS, ["0:00", "10:00", "20:00", "30:00", "40:00", "50:00"]),
        (3, COUNT, ["0", "1", "2", "3"]),
        (0.034, EUROS, ["0.00", "0.01", "0.02", "0.03", "0.04"]),
        (99, SHARE, ["0%", "20%", "40%", "60%", "80%", "100%"]),
    ],
)
def test_ticks_are_round(highest: float, quantity: Quantity, texts: list[str]) -> None:
    """Durations step by round times, numbers by 1, 2 or 5; an axis of nothing still has a axis."""
    axis = axis_for([highest], quantity)

    assert texts == [text for _, text in tick_texts(axis, quantity)]


@pytest.mark.parametrize(
    ("value", "quantity", "text"),
    [
        (5400, HOURS, "1:30:00"),
        (360_000, Quantity(kind=Quantity.KIND_DURATION), "100:00"),
        (75.5, EUROS, "75.50 EUR"),
        (12.40, SHARE, "12.4%"),
        (100, COUNT, "100"),
        (-0.001, Quantity(kind=Quantity.KIND_NUMBER, decimals=2), "0"),
        (math.nan, HOURS, "—"),
    ],
)
def test_values_have_short_texts(value: float, quantity: Quantity, text: str) -> None:
    """Hours are not wrapped, trailing zeros go except of money, an unknown value is a dash."""
    assert text == chart_text(quantity, value)


@pytest.mark.parametrize(
    ("quantity", "text", "ticks"),
    [
        (Quantity(kind=Quantity.KIND_NUMBER, decimals=1), "0,4", ["0,0", "0,2", "0,4"]),
        (SHARE, "0,4\xa0%", ["0,0\xa0%", "0,2\xa0%", "0,4\xa0%"]),
        (EUROS, "0,40 EUR", ["0,0", "0,2", "0,4"]),
    ],
)
def test_values_and_ticks_have_the_decimal_sign_of_the_reader(quantity: Quantity, text: str, ticks: list[str]) -> None:
    """Russian has a comma, and a space before the percent sign."""
    reader = Reader(WallClock("UTC"), "ru_RU")

    assert text == chart_text(quantity, 0.4, reader)
    assert ticks == [tick for _, tick in tick_texts(Axis(0.0, 0.4, 0.2), quantity, reader)]
