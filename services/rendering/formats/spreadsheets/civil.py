"""Dates and times of day as a wall clock showed them, in whatever zone that was (Quantity.KIND_CIVIL)."""

import math
import re
from collections.abc import Iterable
from functools import cache

from services.rendering.formats.spreadsheets.moments import DAY_S, EARLIEST_MS, EPOCH_SERIAL, LATEST_MS, iso_text

DAY_MS = DAY_S * 1000
DATE_LETTERS = frozenset("GyYuUrQqMLlwWdDFgEec")
TIME_LETTERS = frozenset("abBhHkKjJmsSA")

_QUOTED = re.compile(r"'(?:[^']|'')*'")


@cache
def shows_date(pattern: str) -> bool:
    """Say whether a CLDR pattern shows any of a date; one without any field, such as an empty one, stands for all."""
    letters = set(_QUOTED.sub("", pattern))
    return bool(letters & DATE_LETTERS) or not letters & TIME_LETTERS


@cache
def shows_time(pattern: str) -> bool:
    """Say whether a CLDR pattern shows any of a time of day; one without any field stands for all."""
    letters = set(_QUOTED.sub("", pattern))
    return bool(letters & TIME_LETTERS) or not letters & DATE_LETTERS


def civil_serials(raw_ms: Iterable[float], pattern: str) -> list[float]:
    """Return readings in days as spreadsheets count them, NaN for what is unknown or before 1900.

    Where the pattern shows no date a reading is the part of its day that has passed.
    """
    if shows_date(pattern):
        return [ms / DAY_MS + EPOCH_SERIAL if EARLIEST_MS <= ms <= LATEST_MS else math.nan for ms in raw_ms]
    return [ms % DAY_MS / DAY_MS if math.isfinite(ms) else math.nan for ms in raw_ms]


def civil_text(ms: float, pattern: str) -> str:
    """Return a reading as yyyy-MM-dd, HH:mm:ss or both, by its pattern; empty when unknown or before 1900."""
    if not EARLIEST_MS <= ms <= LATEST_MS:
        return ""
    date, time = iso_text(ms // 1000).split(" ")
    return " ".join(filter(None, (date * shows_date(pattern), time * shows_time(pattern))))
