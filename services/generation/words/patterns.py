"""CLDR patterns of dates and times of day."""

import re
from datetime import date
from typing import Literal, get_args

from babel import Locale
from babel.dates import parse_pattern

from services.generation.words.locales import cldr

DateFormat = Literal["ddMMyyyy_dots", "ddMMyyyy_slashes", "MMddyyyy_hyphens", "yyyyMMdd_hyphens", "dMMMy", "dMMMMy"]
DATE_FORMATS: tuple[str, ...] = get_args(DateFormat)

HourMode = Literal["TWENTY_FOUR_HOURS", "TWELVE_HOURS"]
HOUR_MODES: tuple[str, ...] = get_args(HourMode)
DEFAULT_HOUR_MODE = "TWENTY_FOUR_HOURS"
TWELVE_HOURS = "TWELVE_HOURS"

_FIXED = {
    "ddMMyyyy_dots": "dd.MM.yyyy",
    "ddMMyyyy_slashes": "dd/MM/yyyy",
    "MMddyyyy_hyphens": "MM-dd-yyyy",
    "yyyyMMdd_hyphens": "yyyy-MM-dd",
}


def date_pattern(date_format: str, locale: Locale) -> str:
    """Return the pattern of a date format (reference 1.3), or the locale's medium one when the format is empty.

    No pattern has a bracket, because clients split day headers there: a locale whose own pattern has a bracket gets
    yyyy-MM-dd. A month in words is written in the locale's form after the day ("d. MMM y" in German); a locale that
    puts the month first gets the order of the format's name. Raises KeyError for an unknown format.
    """
    if not date_format:
        medium = str(locale.date_formats["medium"].pattern)
        return _FIXED["yyyyMMdd_hyphens"] if "(" in medium else medium
    if date_format == "dMMMy":
        return _day_first(str(locale.datetime_skeletons["yMMMd"].pattern), "d MMM y")
    if date_format == "dMMMMy":
        return _day_first(str(locale.date_formats["long"].pattern), "d MMMM y")
    return _FIXED[date_format]


def numeric_date(locale: str) -> str:
    """Return a locale's pattern of a date in numbers with all digits; a bare "en" has MM/dd/yyyy (reference 5)."""
    pattern = str(cldr(locale).datetime_skeletons["yMd"].pattern)
    full = re.sub("d+", "dd", re.sub("M+", "MM", re.sub("y+", "yyyy", pattern)))
    return full if re.fullmatch(r"[yMd./\- ]+", full) else _FIXED["yyyyMMdd_hyphens"]


def date_text(day: date, pattern: str, locale: str) -> str:
    """Return a date as a pattern has it, in a locale's words."""
    return str(parse_pattern(pattern).apply(day, cldr(locale)))


def time_pattern(hour_mode: str, *, seconds: bool) -> str:
    """Return the pattern of a time of day (reference 1.3). Raises KeyError for an unknown hour mode."""
    head, tail = {"TWENTY_FOUR_HOURS": ("HH:mm", ""), "TWELVE_HOURS": ("h:mm", " a")}[hour_mode]
    return f"{head}{':ss' if seconds else ''}{tail}"


def _day_first(pattern: str, otherwise: str) -> str:
    letters = re.sub(r"'[^']*'|[^A-Za-z]", "", pattern)
    return pattern if re.fullmatch(r"d+M+y+", letters) else otherwise
