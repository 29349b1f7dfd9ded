"""Texts of single days, weeks and months in a language."""

import datetime as dt

from babel.dates import format_interval, format_skeleton

from services.generation.words.conditions import DAY_FIRST, THIN_SPACE, days_text
from services.generation.words.locales import cldr

WEEK_REST = dt.timedelta(days=6)


def day_text(day: dt.date, locale: str) -> str:
    """Return a day with its weekday, such as "Sat 30 May 2026"."""
    weekday = cldr(locale).days["stand-alone"]["abbreviated"][day.weekday()]
    return f"{weekday} {days_text(day, day, locale)}"


def week_text(first: dt.date, locale: str) -> str:
    """Return the seven days from the first: 25 to 31 May."""
    known = cldr(DAY_FIRST.get(locale.partition("_")[0], locale))
    return str(format_interval(first, first + WEEK_REST, skeleton="MMMd", locale=known)).replace(THIN_SPACE, " ")


def month_text(first: dt.date, locale: str) -> str:
    """Return the month of a day, such as "May 2026"."""
    return str(format_skeleton("yMMMM", first, locale=cldr(locale)))
