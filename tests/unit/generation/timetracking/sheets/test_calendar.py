"""Dates and times of day as they are written."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.timetracking.parameters import DetailedParams, Params
from services.generation.timetracking.sheets.value_format import Calendar

DAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("form", "day", "short", "month"),
    [
        ("MM/DD/YYYY", "01/05/2026", "01/05", "01/2026"),
        ("DD-MM-YYYY", "05-01-2026", "05-01", "01-2026"),
        ("MM-DD-YYYY", "01-05-2026", "01-05", "01-2026"),
        ("YYYY-MM-DD", "2026-01-05", "01-05", "2026-01"),
        ("DD/MM/YYYY", "05/01/2026", "05/01", "01/2026"),
        ("DD.MM.YYYY", "05.01.2026", "05.01", "01.2026"),
    ],
)
def test_dates_follow_the_format(form: str, day: str, short: str, month: str) -> None:
    """Each format has a form without the year and one without the day."""
    calendar = Calendar.for_paper(Params(date_format=form))
    assert [day, short, month] == [calendar.day(DAY), calendar.short_day(DAY), calendar.month(DAY)]


def test_times_follow_the_hour_format() -> None:
    """Hours of the day count from 0 to 23, or twice from 12 to 11."""
    moments = np.array([0, 3_540, 43_200, 50_399, 86_399])
    assert ["0:00", "0:59", "12:00", "13:59", "23:59"] == Calendar.for_paper(Params()).times(moments)
    twelve = Calendar.for_paper(DetailedParams(hour_format="h:mm A"))
    assert ["12:00 AM", "12:59 AM", "12:00 PM", "1:59 PM", "11:59 PM"] == twelve.times(moments)


@given(st.lists(st.integers(-(10**9), 4 * 10**9)))
def test_programs_get_iso(moments: list[int]) -> None:
    """Dates and times are those of the standard library, before 1970 too."""
    wall_s, calendar = np.array(moments, np.int64), Calendar.for_programs()
    known = [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=moment) for moment in moments]
    assert [f"{moment:%Y-%m-%d}" for moment in known] == calendar.days(wall_s)
    assert [f"{moment:%H:%M:%S}" for moment in known] == calendar.times(wall_s)
