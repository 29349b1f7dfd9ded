"""A report's language bundles what its reader chose."""

import math

import pytest

from services.generation.words.language import Language, Locale


def test_the_defaults_are_english_utc_metric_and_twenty_four_hours() -> None:
    """A reader who chose nothing gets them."""
    language = Language.of(Locale())

    assert "en" == language.locale
    assert "UTC" == language.clock.zone
    assert "MMM d, y HH:mm" == language.clock.pattern
    assert "km" == language.units.distance_unit


def test_a_russian_report() -> None:
    """Words, numbers, dates, percentages and money of one reader agree."""
    language = Language.of(Locale("ru_RU", "Asia/Yekaterinburg", "metric", "ddMMyyyy_dots", "TWENTY_FOUR_HOURS"))

    assert "Общая длина поездок" == language.t("Total trips length")
    assert "км" == language.t(language.units.distance_unit)
    assert ["106,29", "—"] == language.numbers([106.29, math.nan], 2)
    assert ["14,7\xa0%"] == language.percents([14.66])
    assert ["454,50\xa0₽"] == language.money([454.5], "RUB")
    assert ["06.10.2020 02:47"] == language.clock.moments([1_601_934_439_000])
    assert "Страница {page} из {pages}" == language.t("Page {page} of {pages}")


def test_seconds_show_in_times_and_durations_alike() -> None:
    """`show_seconds` is one switch for the whole report."""
    plain, exact = Language.of(Locale()), Language.of(Locale(), show_seconds=True)

    assert (["01:52"], ["21:47"]) == (plain.durations([6749]), plain.clock.times([1_601_934_439_000]))
    assert (["01:52:29"], ["21:47:19"]) == (exact.durations([6749]), exact.clock.times([1_601_934_439_000]))


def test_an_american_report() -> None:
    """Miles, gallons and the morning."""
    language = Language.of(Locale("en_US", "America/Chicago", "us", "MMddyyyy_hyphens", "TWELVE_HOURS"))

    assert "mph" == language.t(language.units.speed_unit)
    assert ["62.1"] == language.numbers(language.units.distance([100]), 1)
    assert ["10-05-2020 4:47 PM"] == language.clock.moments([1_601_934_439_000])


def test_a_setting_outside_the_allowed_is_named_with_what_would_be_right() -> None:
    """Each field has its own rule; settings that are allowed have no faults."""
    faults = Locale("xx_QQ", "Mars/Base", "ells", "d", "NOON", "noday").faults()

    assert {"locale", "time_zone", "measurement_system", "date_format", "hour_mode", "week_start"} == set(faults)
    assert "must be an IANA time zone, such as Europe/Berlin" == faults["time_zone"]
    assert {} == Locale().faults() == Locale("ru_RU", date_format="dMMMy").faults()


@pytest.mark.parametrize(
    ("expected", "locale", "own"),
    [
        (0, "en", ""),
        (6, "en_US", ""),
        (0, "en_GB", ""),
        (0, "en_RU", ""),
        (5, "ar_EG", ""),
        (0, "en_US", "monday"),
        (6, "de", "sunday"),
    ],
)
def test_weeks_begin_as_in_the_territory_unless_the_reader_says_otherwise(expected: int, locale: str, own: str) -> None:
    """On Mondays where a locale has no territory."""
    assert expected == Locale(locale, week_start=own).first_weekday


def test_a_setting_outside_the_allowed_is_never_taken_for_a_default() -> None:
    """Accounts check settings before; here a wrong one is an error."""
    with pytest.raises(KeyError):
        Language.of(Locale(measurement_system="parsec"))
