"""CLDR patterns of dates and times of day."""

import re
from datetime import date
from typing import Literal, get_args

from babel.dates import parse_pattern

from services.generation.words.locales import cldr
from services.runtime.date_patterns import ISO

HourMode = Literal["TWENTY_FOUR_HOURS", "TWELVE_HOURS"]
HOUR_MODES: tuple[str, ...] = get_args(HourMode)
DEFAULT_HOUR_MODE = "TWENTY_FOUR_HOURS"
TWELVE_HOURS = "TWELVE_HOURS"


def numeric_date(locale: str) -> str:
    """Return a locale's pattern of a date in numbers with all digits; a bare "en" has MM/dd/yyyy (reference 5)."""
    pattern = str(cldr(locale).datetime_skeletons["yMd"].pattern)
    full = re.sub("d+", "dd", re.sub("M+", "MM", re.sub("y+", "yyyy", pattern)))
    return full if re.fullmatch(r"[yMd./\- ]+", full) else ISO


def date_text(day: date, pattern: str, locale: str) -> str:
    """Return a date as a pattern has it, in a locale's words."""
    return str(parse_pattern(pattern).apply(day, cldr(locale)))


def time_pattern(hour_mode: str, *, seconds: bool) -> str:
    """Return the pattern of a time of day (reference 1.3). Raises KeyError for an unknown hour mode."""
    head, tail = {"TWENTY_FOUR_HOURS": ("HH:mm", ""), "TWELVE_HOURS": ("h:mm", " a")}[hour_mode]
    return f"{head}{':ss' if seconds else ''}{tail}"
