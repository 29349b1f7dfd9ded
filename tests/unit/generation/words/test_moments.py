"""Dates and times as readers of each zone, language and format see them."""

import datetime as dt
import math
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import pytest
from babel.dates import format_datetime
from babel.localedata import locale_identifiers
from hypothesis import given
from hypothesis import strategies as st

from services.generation.words.locales import cldr
from services.generation.words.moments import Clock
from services.generation.words.patterns import HOUR_MODES
from services.runtime.date_patterns import DATE_FORMATS

OCTOBER_6 = dt.date(2020, 10, 6)
FIRST_TRIP_MS = 1_601_934_439_000  # 00:47:19 at UTC+3
LAST_TRIP_MS = 1_601_980_444_000  # 13:34:04 at UTC+3
LOCALES = ("en", "en_GB", "ru", "es", "de", "mn", "zh_TW")
MOMENTS_MS = st.integers(0, 86_400_000 * 365 * 100)


def moscow(
    locale: str = "en", date_format: str = "", hour_mode: str = HOUR_MODES[0], *, seconds: bool = False
) -> Clock:
    return Clock("Europe/Moscow", locale, date_format, hour_mode, seconds=seconds)


def utc_ms(text: str) -> float:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp() * 1000


@given(
    st.sampled_from(sorted(available_timezones())),
    st.sampled_from(LOCALES),
    st.sampled_from(("", *DATE_FORMATS)),
    st.sampled_from(HOUR_MODES),
    st.lists(MOMENTS_MS, max_size=4),
)
def test_moments_are_what_babel_makes_of_the_pattern(
    zone: str, locale: str, date_format: str, hour_mode: str, moments_ms: list[int]
) -> None:
    """The quick way writes what Babel writes for the clock's own pattern, so a renderer that uses it agrees."""
    clock = Clock(zone, locale, date_format, hour_mode, seconds=True)
    local = [dt.datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)) for ms in moments_ms]

    assert [format_datetime(one, clock.pattern, locale=cldr(locale)) for one in local] == clock.moments(moments_ms)
    assert [one.toordinal() for one in local] == clock.local_days(moments_ms).tolist()


@pytest.mark.parametrize(
    ("hour_mode", "seconds", "expected"),
    [
        ("TWENTY_FOUR_HOURS", False, ["00:47", "13:34", "—"]),
        ("TWENTY_FOUR_HOURS", True, ["00:47:19", "13:34:04", "—"]),
        ("TWELVE_HOURS", False, ["12:47 AM", "1:34 PM", "—"]),
        ("TWELVE_HOURS", True, ["12:47:19 AM", "1:34:04 PM", "—"]),
    ],
)
def test_times_of_day(hour_mode: str, seconds: bool, expected: list[str]) -> None:
    """Both hour modes with and without seconds; unknown is an em dash."""
    clock = moscow(hour_mode=hour_mode, seconds=seconds)
    assert expected == clock.times([FIRST_TRIP_MS, LAST_TRIP_MS, math.nan])


def test_day_periods_are_in_the_readers_language() -> None:
    """Spanish writes its own morning and afternoon."""
    assert ["12:47 a.\u202fm.", "1:34 p.\u202fm."] == moscow("es", hour_mode="TWELVE_HOURS").times(
        [FIRST_TRIP_MS, LAST_TRIP_MS]
    )


def test_a_day_turns_at_noon_and_midnight() -> None:
    """Twelve o'clock is 12, not 0, in the twelve-hour mode."""
    clock = Clock("UTC", "en", hour_mode="TWELVE_HOURS")
    moments = [utc_ms(f"2020-10-06T{time}") for time in ("00:00", "11:59:59", "12:00", "23:59:59.999")]
    assert ["12:00 AM", "11:59 AM", "12:00 PM", "11:59 PM"] == clock.times(moments)


@pytest.mark.parametrize(
    ("locale", "date_format", "expected"),
    [
        ("en", "", "Oct 6, 2020"),
        ("en", "ddMMyyyy_dots", "06.10.2020"),
        ("en", "ddMMyyyy_slashes", "06/10/2020"),
        ("en", "MMddyyyy_hyphens", "10-06-2020"),
        ("en", "yyyyMMdd_hyphens", "2020-10-06"),
        ("en", "dMMMy", "6 Oct 2020"),
        ("en", "dMMMMy", "6 October 2020"),
        ("ru", "", "6 окт. 2020\u202fг."),  # noqa: RUF001 - Russian
        ("ru", "dMMMMy", "6 октября 2020\u202fг."),  # noqa: RUF001 - Russian
        ("es", "", "6 oct 2020"),
        ("es", "dMMMMy", "6 de octubre de 2020"),
        ("de", "", "06.10.2020"),
        ("de", "dMMMy", "6. Okt. 2020"),
        ("eu", "", "2020-10-06"),
    ],
)
def test_dates(locale: str, date_format: str, expected: str) -> None:
    """The locale's medium date without a setting, else the setting's order in the locale's words."""
    assert expected == moscow(locale, date_format).date(OCTOBER_6)


@pytest.mark.parametrize(
    ("locale", "date_format", "expected"),
    [
        ("en", "", "Oct 6, 2020 (Tue) : 7"),
        ("en", "yyyyMMdd_hyphens", "2020-10-06 (Tue) : 7"),
        ("ru", "ddMMyyyy_dots", "06.10.2020 (вт) : 7"),
        ("es", "", "6 oct 2020 (mar) : 7"),
        ("de", "", "06.10.2020 (Di) : 7"),
    ],
)
def test_day_headers(locale: str, date_format: str, expected: str) -> None:
    """Date, weekday in the reader's language, count of rows."""
    assert expected == moscow(locale, date_format).day_header(OCTOBER_6, 7)


def test_day_headers_split_in_every_language() -> None:
    """Clients cut at the bracket and at the colon, so neither may occur in a date."""
    languages = [name for name in locale_identifiers() if "_" not in name]
    headers = [
        moscow(name, date_format).day_header(OCTOBER_6, 7) for name in languages for date_format in ("", "dMMMMy")
    ]

    assert [] == [header for header in headers if header.count("(") != 1 or header.count(" : ") != 1]


def test_weekdays_begin_on_monday() -> None:
    """Seven abbreviations for lists of weekdays."""
    assert ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun") == moscow().weekdays


def test_a_full_moment_has_a_space_between_date_and_time() -> None:
    """Text and pattern agree, unknown is an em dash."""
    clock = moscow(date_format="ddMMyyyy_slashes")
    assert "dd/MM/yyyy HH:mm" == clock.pattern
    assert ["06/10/2020 00:47", "—"] == clock.moments([FIRST_TRIP_MS, math.nan])


def test_the_hour_that_is_skipped_and_the_one_that_comes_twice() -> None:
    """Berlin in March goes from 01:59 to 03:00, in October from 02:59 back to 02:00."""
    berlin = Clock("Europe/Berlin", "en")
    assert ["01:59", "03:00"] == berlin.times([utc_ms("2021-03-28T00:59:59"), utc_ms("2021-03-28T01:00")])
    assert ["02:59", "02:00"] == berlin.times([utc_ms("2021-10-31T00:59:59"), utc_ms("2021-10-31T01:00")])


def test_local_days_turn_at_local_midnight() -> None:
    """Kathmandu is 5 h 45 min ahead, and Berlin's day of 25 hours is one day."""
    midnight = utc_ms("2020-10-05T18:15")
    kathmandu = Clock("Asia/Kathmandu", "en").local_days([midnight - 1, midnight])
    berlin = Clock("Europe/Berlin", "en").local_days([utc_ms("2021-10-30T22:00"), utc_ms("2021-10-31T22:59:59")])

    assert [OCTOBER_6.toordinal() - 1, OCTOBER_6.toordinal()] == kathmandu.tolist()
    assert 1 == len(set(berlin.tolist()))


def test_no_moments_have_no_texts() -> None:
    """Empty columns stay empty."""
    assert ([], [], []) == (moscow().times([]), moscow().moments([]), moscow().local_days([]).tolist())


def test_unknown_settings_are_errors_at_once() -> None:
    """A zone, a format or an hour mode that does not exist is refused when the clock is made."""
    with pytest.raises(ZoneInfoNotFoundError):
        Clock("Mars/Olympus", "en")
    with pytest.raises(KeyError):
        Clock("UTC", "en", "yMd")
    with pytest.raises(KeyError):
        Clock("UTC", "en", "", "TEN_HOURS")
