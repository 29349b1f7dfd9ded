"""Locales that users may choose, and their CLDR data."""

import re
from functools import cache

from babel import Locale, UnknownLocaleError

DEFAULT_LOCALE = "en"

_UNDETERMINED = "und"
_FORM = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")


def is_locale(text: str) -> bool:
    """Return whether the text is language or language_COUNTRY (reference 1.3), both known to CLDR."""
    if not _FORM.fullmatch(text):
        return False
    language, _, country = text.partition("_")
    if language == _UNDETERMINED or _known(language) is None:
        return False
    return not country or country in cldr(DEFAULT_LOCALE).territories


@cache
def cldr(text: str) -> Locale:
    """Return a locale's CLDR data, its language's where the pair is unknown (en_RU), English where that is unknown."""
    return _known(text) or _known(text.partition("_")[0]) or Locale(DEFAULT_LOCALE)


def decimal_symbol(text: str) -> str:
    """Return a locale's decimal separator; digits are always 0 to 9."""
    return str(cldr(text).number_symbols["latn"]["decimal"])


def group_symbol(text: str) -> str:
    """Return a locale's separator of thousands."""
    return str(cldr(text).number_symbols["latn"]["group"])


def _known(text: str) -> Locale | None:
    try:
        return Locale.parse(text)
    except (UnknownLocaleError, ValueError):
        return None
