"""Settings of a reader's texts as messages: enums of the contract are the services' words."""

import pytest
from daybook.account.v1.account_service_pb2 import CreateUserRequest, Right
from daybook.report.v1.report_pb2 import LocaleInfo

from services.generation.accounts.user import RIGHTS
from services.generation.servicers.locale_messages import ENUMS, locale_text, locale_values
from services.generation.words.language import Locale
from services.generation.words.measurement_systems import MEASUREMENT_SYSTEMS
from services.generation.words.patterns import HOUR_MODES
from services.generation.words.weekdays import WEEKDAYS
from services.runtime.date_patterns import DATE_FORMATS
from services.runtime.enum_words import words_of

WORDS = {
    "measurement_system": MEASUREMENT_SYSTEMS,
    "date_format": DATE_FORMATS,
    "hour_mode": HOUR_MODES,
    "week_start": WEEKDAYS,
}


@pytest.mark.parametrize("name", ENUMS)
def test_an_enum_has_the_values_that_a_reader_may_choose(name: str) -> None:
    """By the words that HTTP and the command line have."""
    assert ["", *WORDS[name]] == list(words_of(ENUMS[name]).values())


def test_rights_are_those_of_sub_users() -> None:
    """None of them is unset."""
    assert {"", *RIGHTS} == set(words_of(Right.DESCRIPTOR).values())


@pytest.mark.parametrize(
    "locale", [Locale(), Locale("ru", "Asia/Tokyo", "metric_gal_us", "dMMMMy", "TWELVE_HOURS", "sunday")]
)
def test_settings_come_back_as_they_went(locale: Locale) -> None:
    """All of them."""
    message = LocaleInfo(**locale_values(locale))
    found: list[object] = []

    assert locale == Locale(
        **{name: locale_text(message, name, found) for name in LocaleInfo.DESCRIPTOR.fields_by_name}
    )
    assert [] == found


def test_what_is_not_set_is_the_default_and_what_does_not_exist_is_named() -> None:
    """A number that no value has is a fault of its field."""
    found = []
    request = CreateUserRequest(hour_mode=9)

    assert ("metric", "UTC") == tuple(locale_text(request, name, found) for name in ("measurement_system", "time_zone"))
    locale_text(request, "hour_mode", found)
    assert ["hour_mode"] == [one.field for one in found]
    assert "HOUR_MODE_TWENTY_FOUR_HOURS, HOUR_MODE_TWELVE_HOURS" in found[0].description
