"""Forms of dates and of weeks by locale, as reports have them."""

from babel import Locale, UnknownLocaleError
from daybook.report.v1.locale_pb2 import DateFormat

from gateway.web.translations import SOURCE
from services.runtime.date_patterns import date_pattern
from services.runtime.enum_words import words_of

MONDAY = 1


def pattern_of(date_format: DateFormat.ValueType, locale: str) -> str:
    """Return the CLDR pattern of a form of dates in a locale such as "en_US"."""
    word = words_of(DateFormat.DESCRIPTOR).get(date_format, "")
    return date_pattern(word, _known(locale) or _known(locale.partition("_")[0]) or Locale(SOURCE))


def week_start_of(locale: str) -> int:
    """Return the first day of weeks in a locale's territory, 1 for Monday, which it is without one, to 7 for Sunday."""
    found = _known(locale)
    return found.first_week_day + 1 if found is not None and found.territory else MONDAY


def _known(locale: str) -> Locale | None:
    try:
        return Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None
