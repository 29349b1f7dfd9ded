"""Scales of x: round times on the reader's clock, round numbers."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from daybook.report.v1.sheet_pb2 import Quantity, XAxis
from hypothesis import given
from hypothesis import strategies as st

from services.rendering.charts.x_scale import time_scale, x_scale
from services.rendering.values import Reader
from services.rendering.wall_clock import WallClock
from tests.builders.charts import MINUTE_MS, MOMENT, START_MS

MOSCOW = Reader(WallClock("Europe/Moscow"), "en")
HOUR_MS = 60 * MINUTE_MS


def test_a_day_has_round_hours_and_its_date_once() -> None:
    """Hours of the reader's clock; the date stands below the first hour of each day."""
    scale = time_scale(START_MS, START_MS + 24 * HOUR_MS, 8, MOMENT, MOSCOW)

    assert ["00:00", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "00:00"] == [
        tick.text for tick in scale.ticks
    ]
    assert ["06.10.2020", "07.10.2020"] == [tick.day for tick in scale.ticks if tick.day]


def test_a_month_has_mondays() -> None:
    """Steps of a week begin on Monday; dates stand alone."""
    scale = time_scale(START_MS, START_MS + 31 * 24 * HOUR_MS, 8, MOMENT, MOSCOW)

    assert ["12.10.2020", "19.10.2020", "26.10.2020", "02.11.2020"] == [tick.text for tick in scale.ticks]
    assert not any(tick.day for tick in scale.ticks)


def test_ticks_follow_a_change_of_clocks() -> None:
    """Midnight stays midnight on the 25-hour day."""
    zone = ZoneInfo("Europe/Berlin")
    start, end = (datetime(2020, 10, day, tzinfo=zone).timestamp() * 1000 for day in (24, 27))
    scale = time_scale(start, end, 7, MOMENT, Reader(WallClock("Europe/Berlin"), "de"))

    assert ["00:00", "12:00"] * 3 + ["00:00"] == [tick.text for tick in scale.ticks]


def test_a_single_moment_stands_in_the_middle() -> None:
    """A scale has some length in any case."""
    scale = time_scale(START_MS, START_MS, 8, MOMENT, MOSCOW)

    assert 0.5 == scale.share(START_MS)
    assert scale.ticks


@given(st.floats(-1e12, 1e14), st.floats(0, 1e14), st.integers(1, 12))
def test_a_time_scale_never_has_many_ticks(start: float, length: float, most: int) -> None:
    """Whatever the period, also one that no clock shows."""
    scale = time_scale(start, start + length, most, MOMENT, MOSCOW)

    assert len(scale.ticks) <= most + 2
    assert all(scale.low <= tick.x <= scale.high for tick in scale.ticks)


@pytest.mark.parametrize(
    ("ends", "texts"), [((0.0, 650.0), ["0", "200", "400", "600"]), ((5.0, 5.0), ["4.5", "5", "5.5"]), (None, [])]
)
def test_mileage_has_round_numbers(ends: tuple[float, float] | None, texts: list[str]) -> None:
    """The scale ends with the data, not at a tick."""
    axis = XAxis(kind=XAxis.KIND_MILEAGE, quantity=Quantity(kind=Quantity.KIND_NUMBER, decimals=1))
    scale = x_scale(axis, ends, 4, MOSCOW)

    assert texts == [tick.text for tick in scale.ticks]
    assert (scale.low, scale.high) == ((0.0, 650.0) if texts and texts[0] == "0" else (scale.low, scale.high))
