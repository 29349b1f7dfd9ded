"""Dates and times of day as they are written."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.timetracking.parameters import DetailedParams, Params
from services.generation.timetracking.sheets.value_format import Calendar
from services.generation.words.language import Locale

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
    calendar = Calendar.for_paper(Params(date_format=form), Locale("de"))
    assert [day, short, month] == [calendar.day(DAY), calendar.short_day(DAY), calendar.month(DAY)]


def test_times_follow_the_hour_format() -> None:
    """Hours of the day count from 0 to 23, or twice from 12 to 11."""
    moments = np.array([0, 3_540, 43_200, 50_399, 86_399])
    assert ["0:00", "0:59", "12:00", "13:59", "23:59"] == Calendar.for_paper(Params(), Locale()).times(moments)
    twelve = Calendar.for_paper(DetailedParams(hour_format="h:mm A"), Locale())
    assert ["12:00 AM", "12:59 AM", "12:00 PM", "1:59 PM", "11:59 PM"] == twelve.times(moments)


@pytest.mark.parametrize(
    ("reader", "day", "short", "month"),
    [
        (Locale("en"), "01/05/2026", "01/05", "01/2026"),
        (Locale("en_GB"), "05/01/2026", "05/01", "01/2026"),
        (Locale("de"), "05.01.2026", "05.01", "01.2026"),
        (Locale("es"), "05/01/2026", "05/01", "01/2026"),
        (Locale("bg"), "2026-01-05", "01-05", "2026-01"),
        (Locale("de", date_format="yyyyMMdd_hyphens"), "2026-01-05", "01-05", "2026-01"),
        (Locale("de", date_format="dMMMMy"), "5. Januar 2026", "5. Januar", "Januar 2026"),
    ],
)
def test_a_reader_has_dates_of_the_account_or_of_the_language(reader: Locale, day: str, short: str, month: str) -> None:
    """A bare "en" has the published ones."""
    calendar = Calendar.for_paper(Params(), reader)
    assert [day, short, month] == [calendar.day(DAY), calendar.short_day(DAY), calendar.month(DAY)]


def test_the_account_says_how_hours_are_counted() -> None:
    """Unless the parameters do."""
    reader, seven = Locale(hour_mode="TWELVE_HOURS"), np.array([68_400])
    assert ["7:00 PM"] == Calendar.for_paper(DetailedParams(), reader).times(seven)
    assert ["19:00"] == Calendar.for_paper(DetailedParams(hour_format="H:mm"), reader).times(seven)


@given(st.lists(st.integers(-(10**9), 4 * 10**9)))
def test_programs_get_iso(moments: list[int]) -> None:
    """Dates and times are those of the standard library, before 1970 too."""
    wall_s, calendar = np.array(moments, np.int64), Calendar.for_programs()
    known = [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=moment) for moment in moments]
    assert [f"{moment:%Y-%m-%d}" for moment in known] == calendar.days(wall_s)
    assert [f"{moment:%H:%M:%S}" for moment in known] == calendar.times(wall_s)
