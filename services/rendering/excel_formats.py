"""Number formats of Excel: dates from CLDR patterns, money, decimals, and the room that dates take."""

import locale as system_locale
import re
from collections.abc import Mapping
from functools import cache

from babel import Locale, UnknownLocaleError

GENERAL = "General"
TEXT = "@"
FULL_MOMENT = "yyyy-MM-dd HH:mm:ss"

_TOKEN = re.compile(r"'(?:[^']|'')*'|([A-Za-z])\1*|.", re.DOTALL)
_MONEY = re.compile(r"(\D*)\d(?:[\d\s.,'\u2019]*\d)?(\D*)")  # the sign of the currency stands before or after
_PADDED = re.compile(r"0\d:\d\d")
_PLAIN = frozenset(" :-,")
_SPACES = {"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "}
_FORMS = {  # Excel's field by the length of CLDR's
    **dict.fromkeys("yuY", ("yyyy", "yy", "yyyy")),
    **dict.fromkeys("ML", ("m", "mm", "mmm", "mmmm")),
    **dict.fromkeys("Eec", ("ddd", "ddd", "ddd", "dddd")),
    **dict.fromkeys("HkhK", ("h", "hh")),
    **dict.fromkeys("abB", ("AM/PM",)),
    "d": ("d", "dd"),
    "m": ("m", "mm"),
    "s": ("s", "ss"),
}


def moment_format(pattern: str, locale: str = "") -> str:
    """Return the Excel format of a CLDR pattern such as "dd.MM.yyyy HH:mm", without letters Excel does not know."""
    excel = "".join(_excel_token(match.group(0)) for match in _TOKEN.finditer(pattern))
    with_names = "mmm" in excel or "ddd" in excel
    return (_language(locale) if with_names else "") + excel


def widest_moment(pattern: str, locale: str = "") -> str:
    """Return a text as long as the longest that the Excel format of a CLDR pattern shows in a language."""
    words = _longest_words(locale)
    return "".join(_widest(match.group(0), words) for match in _TOKEN.finditer(pattern or FULL_MOMENT))


def _widest(token: str, words: Mapping[str, str]) -> str:
    if token.startswith("'"):
        return _unquoted(token)
    if not _is_field(token):
        return token
    field = _excel_field(token)
    return words.get(field, "0" * max(len(field), 2 * bool(field)))


def _excel_token(token: str) -> str:
    token = _SPACES.get(token, token)
    if token.startswith("'"):
        return _quoted(_unquoted(token))
    if _is_field(token):
        return _excel_field(token)
    return token if token in _PLAIN else "\\" + token


def _is_field(token: str) -> bool:
    return token.isascii() and token.isalpha()


def _excel_field(token: str) -> str:
    """Return Excel's field for letters of CLDR; nothing for those it does not know."""
    forms = _FORMS.get(token[0], ("",))
    return forms[min(len(token), len(forms)) - 1]


def _unquoted(token: str) -> str:
    return token[1:-1].replace("''", "'") or "'"


def _language(locale: str) -> str:
    """Return Excel's mark for the language of names, such as [$-419]; nothing for a locale it does not know."""
    known = system_locale.normalize(locale.replace("-", "_")).split(".")[0]
    code = next((code for code, name in system_locale.windows_locale.items() if name == known), None)
    return f"[$-{code:X}]" if code else ""


def money_format(currency_code: str, amount: str, sample: str) -> str:
    """Return the Excel format of money from that of its amount; the sign is as in the sample, else the code behind."""
    match = _MONEY.fullmatch(sample)
    if match is None:
        return amount + _quoted(f" {currency_code}")
    before, after = match.groups()
    return _quoted(re.sub("[-\N{MINUS SIGN}]", "", before)) + amount + _quoted(after)


def duration_format(sample: str, *, seconds: bool) -> str:
    """Return the Excel format of durations; hours have two digits as in the sample, such as "07:30"."""
    if seconds:
        return "[h]:mm:ss"
    return "[hh]:mm" if _PADDED.fullmatch(sample) else "[h]:mm"


def decimals_format(decimals: int, *, grouped: bool = False) -> str:
    """Return the Excel format of a number with so many digits after the point, those before it in groups of three."""
    whole = "#,##0" if grouped else "0"
    return f"{whole}.{'0' * decimals}" if decimals > 0 else whole


def _quoted(text: str) -> str:
    """Return the text as a literal of a number format."""
    return '"' + text.replace('"', "").replace("\\", "") + '"' if text else ""


@cache
def _longest_words(locale: str) -> Mapping[str, str]:
    """Return the longest word of each field that Excel shows as a word, such as "mmm".

    A locale that CLDR does not know has its language's words, else English ones. Excel may write AM and PM in any.
    """
    known = known_locale(locale.replace("-", "_"))
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


def is_right_to_left(locale: str) -> bool:
    """Return whether the lines of a language run from right to left."""
    return known_locale(locale).text_direction == "rtl"


def known_locale(locale: str) -> Locale:
    """Return a locale, that of its language or English, whichever CLDR knows first."""
    for name in (locale, locale.partition("_")[0]):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return Locale("en")
