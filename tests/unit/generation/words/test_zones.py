"""Offsets of whole columns are those of zoneinfo, value by value."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.words.time_zones import is_time_zone, offsets_s

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EVENTFUL = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Casablanca",
)
ZONES = st.sampled_from(EVENTFUL) | st.sampled_from(sorted(available_timezones()))
MOMENTS = st.integers(-86_400 * 366 * 100, 86_400 * 366 * 130)


def ask(zone: str, moment_s: int) -> int:
    ahead = (EPOCH + timedelta(seconds=moment_s)).astimezone(ZoneInfo(zone)).utcoffset()
    assert ahead is not None
    return int(ahead.total_seconds())


def offsets(zone: str, *moments_s: int) -> list[int]:
    return offsets_s(zone, np.array(moments_s, np.int64)).tolist()


def utc_s(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@given(ZONES, st.lists(MOMENTS, max_size=8))
def test_offsets_are_those_of_zoneinfo(zone: str, moments_s: list[int]) -> None:
    """Any moments of any years, in any order, have the offset zoneinfo gives each."""
    assert [ask(zone, moment) for moment in moments_s] == offsets(zone, *moments_s)


@pytest.mark.parametrize("zone", EVENTFUL)
def test_every_hour_of_a_year_has_its_offset(zone: str) -> None:
    """Both changes of a year are found to the hour and around it."""
    hours = range(utc_s("2011-01-01"), utc_s("2012-02-01"), 3600)
    assert [ask(zone, hour) for hour in hours] == offsets(zone, *hours)


@pytest.mark.parametrize(
    ("change", "before", "after"), [("2021-03-28T01:00:00", 3600, 7200), ("2021-10-31T01:00:00", 7200, 3600)]
)
def test_clocks_change_at_the_second(change: str, before: int, after: int) -> None:
    """Berlin changes at 01:00:00 UTC: the second before has the old offset, that second the new one."""
    second = utc_s(change)
    assert [before, after] == offsets("Europe/Berlin", second - 1, second)


def test_odd_offsets() -> None:
    """Offsets of three quarters of an hour, of seconds, and a day skipped at the date line."""
    assert [20_700] == offsets("Asia/Kathmandu", utc_s("2020-10-06"))
    assert [-2_670] == offsets("Africa/Monrovia", utc_s("1971-06-01"))
    assert [-36_000, 50_400] == offsets("Pacific/Apia", utc_s("2011-12-30T09:59:59"), utc_s("2011-12-30T10:00:00"))


def test_the_ends_of_the_calendar_have_offsets() -> None:
    """The first and the last moment that a date can have raise nothing."""
    assert 2 == len(offsets("Asia/Tokyo", utc_s("0001-01-01"), utc_s("9999-12-31T23:59:59")))


def test_no_moments_have_no_offsets() -> None:
    """An empty column stays empty."""
    assert [] == offsets("Europe/Berlin")


@pytest.mark.parametrize(
    "text", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/Argentina/Buenos_Aires", "EST5EDT"]
)
def test_iana_names_are_time_zones(text: str) -> None:
    """Places, and the older names that IANA keeps."""
    assert is_time_zone(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mars/Olympus",
        "europe/berlin",
        "+05:00",
        "America",
        "../UTC",
        "/etc/localtime",
        "localtime",
        "Factory",
        "a\0",
    ],
)
def test_anything_else_is_not(text: str) -> None:
    """Offsets, folders, paths and wrong cases are no names."""
    assert not is_time_zone(text)


def test_an_unknown_zone_is_an_error() -> None:
    """Asking for the offsets of nowhere raises."""
    with pytest.raises(ZoneInfoNotFoundError):
        offsets("Mars/Olympus", 0)
