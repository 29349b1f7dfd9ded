"""A report's language bundles what its reader chose."""

import math
from dataclasses import dataclass

import pytest

from services.generation.words.language import Language


@dataclass(frozen=True)
class Choice:
    locale: str = ""
    time_zone: str = ""
    measurement_system: str = ""
    date_format: str = ""
    hour_mode: str = ""


def test_empty_settings_are_the_defaults() -> None:
    """English, UTC, metric, twenty-four hours."""
    language = Language.of(Choice())

    assert "en" == language.locale
    assert "UTC" == language.clock.zone
    assert "MMM d, y HH:mm" == language.clock.pattern
    assert "Total trips length,\nkm" == language.column_title("Total trips length", language.units.distance_unit)


def test_a_russian_report() -> None:
    """Words, numbers, dates, percentages and money of one reader agree."""
    language = Language.of(Choice("ru_RU", "Asia/Yekaterinburg", "metric", "ddMMyyyy_dots", "TWENTY_FOUR_HOURS"))

    assert "Общая длина поездок, км" == language.row_name("Total trips length", language.units.distance_unit)
    assert ["106,29", "—"] == language.numbers([106.29, math.nan], 2)
    assert ["14,7\xa0%"] == language.percents([14.66])
    assert ["454,50\xa0₽"] == language.money([454.5], "RUB")
    assert ["06.10.2020 02:47"] == language.clock.moments([1_601_934_439_000])
    assert "Страница {page} из {pages}" == language.t("Page {page} of {pages}")


def test_seconds_show_in_times_and_durations_alike() -> None:
    """`show_seconds` is one switch for the whole report."""
    plain, exact = Language.of(Choice()), Language.of(Choice(), show_seconds=True)

    assert (["01:52"], ["21:47"]) == (plain.durations([6749]), plain.clock.times([1_601_934_439_000]))
    assert (["01:52:29"], ["21:47:19"]) == (exact.durations([6749]), exact.clock.times([1_601_934_439_000]))


def test_an_american_report() -> None:
    """Miles, gallons and the morning."""
    language = Language.of(Choice("en_US", "America/Chicago", "us", "MMddyyyy_hyphens", "TWELVE_HOURS"))

    assert "Average speed,\nmph" == language.column_title("Average speed", language.units.speed_unit)
    assert ["62.1"] == language.numbers(language.units.distance([100]), 1)
    assert ["10-05-2020 4:47 PM"] == language.clock.moments([1_601_934_439_000])


def test_a_setting_outside_the_allowed_is_an_error() -> None:
    """Accounts check settings; a wrong one never passes as a default."""
    with pytest.raises(KeyError):
        Language.of(Choice(measurement_system="parsec"))
