"""Moments on the wall clock of a zone."""

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from services.rendering.wall_clock import WallClock, iso_text

ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "America/New_York")
EARLY, LATE = datetime(1900, 4, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@given(
    st.lists(st.integers(int(EARLY.timestamp()), int(LATE.timestamp())), min_size=1, max_size=20),
    st.sampled_from(ZONES),
)
def test_local_time_is_what_the_zone_says(seconds: list[int], zone: str) -> None:
    """Also where the offset is remembered from a moment before."""
    expected = [f"{datetime.fromtimestamp(second, ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}" for second in seconds]

    assert expected == [iso_text(second) for second in WallClock(zone).local_s([s * 1000 + 999 for s in seconds])]


def test_the_night_of_the_change_is_read_hour_by_hour() -> None:
    """Clocks in Berlin went from 02:00 to 03:00 on 31 March 2024."""
    night = datetime(2024, 3, 31, tzinfo=UTC).timestamp()

    local = WallClock("Europe/Berlin").local_s([(night + minutes * 60) * 1000 for minutes in (59, 60)])

    assert ["2024-03-31 01:59:00", "2024-03-31 03:00:00"] == list(map(iso_text, local))


def test_a_moment_no_spreadsheet_can_show_is_unknown() -> None:
    """Before March 1900, infinite, or unknown already."""
    assert all(map(math.isnan, WallClock("UTC").serials([-3e12, math.inf, math.nan])))


def test_days_are_counted_as_excel_counts_them() -> None:
    """Noon of 1 January 2000 is 36526.5."""
    assert [36526.5] == WallClock("UTC").serials([datetime(2000, 1, 1, 12, tzinfo=UTC).timestamp() * 1000])
