"""The longest words that stand for months, weekdays and halves of a day in a language."""

from collections.abc import Mapping
from functools import cache

from babel import Locale, UnknownLocaleError


@cache
def longest_words(locale: str) -> Mapping[str, str]:
    """Return the longest word of each field that Excel shows as a word, such as "mmm".

    A locale that CLDR does not know has its language's words, else English ones. Excel may write AM and PM in any.
    """
    known = _known(locale.replace("-", "_"))
    periods = known.day_periods["format"]["abbreviated"]
    return {
        "mmm": _longest(known.months, "abbreviated"),
        "mmmm": _longest(known.months, "wide"),
        "ddd": _longest(known.days, "abbreviated"),
        "dddd": _longest(known.days, "wide"),
        "AM/PM": max("PM", periods["am"], periods["pm"], key=len),
    }


def _longest(names: Mapping[str, Mapping[str, Mapping[int, str]]], form: str) -> str:
    """Return the longest name of a form, by itself or within a date: programs differ in which they show."""
    return max((str(name) for use in names.values() for name in use.get(form, {}).values()), key=len)


def _known(locale: str) -> Locale:
    for name in (locale, locale.partition("_")[0]):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return Locale("en")
