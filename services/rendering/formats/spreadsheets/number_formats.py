"""Excel's number formats for the quantities of a report."""

import locale as system_locale
import re
from collections.abc import Mapping

from daybook.report.v1.sheet_pb2 import Quantity

from services.rendering.formats.spreadsheets.calendar_words import longest_words

GENERAL = "General"
TEXT = "@"
FULL_MOMENT = "yyyy-MM-dd HH:mm:ss"

_TOKEN = re.compile(r"'(?:[^']|'')*'|([A-Za-z])\1*|.", re.DOTALL)
_MONEY = re.compile(r"(\D*)\d(?:[\d\s.,'\u2019]*\d)?(\D*)")  # the sign of the currency stands before or after
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


def number_format(quantity: Quantity, *, sample: str = "", locale: str = "") -> str:
    """Return the Excel format that shows a raw value of this quantity.

    `sample` is a text of the column, from which money takes the place of its sign; `locale` names the language of
    months and weekdays. Plain numbers with decimals are General: it alone leaves out trailing zeros.
    """
    kind = quantity.kind
    if kind == Quantity.KIND_NUMBER:
        return GENERAL if quantity.decimals else "0"
    if kind == Quantity.KIND_DURATION:
        return "[h]:mm:ss" if quantity.seconds else "[h]:mm"
    if kind in {Quantity.KIND_MOMENT, Quantity.KIND_MOMENT_WITH_ADDRESS, Quantity.KIND_CIVIL}:
        return moment_format(quantity.pattern or FULL_MOMENT, locale)
    if kind == Quantity.KIND_PERCENT:
        return _digits(quantity.decimals) + "%"
    if kind == Quantity.KIND_MONEY:
        return _money_format(quantity, sample)
    return TEXT


def moment_format(pattern: str, locale: str = "") -> str:
    """Return the Excel format of a CLDR pattern such as "dd.MM.yyyy HH:mm", without letters Excel does not know."""
    excel = "".join(_excel_token(match.group(0)) for match in _TOKEN.finditer(pattern))
    with_names = "mmm" in excel or "ddd" in excel
    return (_language(locale) if with_names else "") + excel


def widest_moment(pattern: str, locale: str = "") -> str:
    """Return a text as long as the longest that the Excel format of a CLDR pattern shows in a language."""
    words = longest_words(locale)
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


def _money_format(quantity: Quantity, sample: str) -> str:
    amount = _digits(quantity.decimals)
    match = _MONEY.fullmatch(sample)
    if match is None:
        return amount + _quoted(f" {quantity.currency_code}")
    before, after = match.groups()
    return _quoted(re.sub("[-\N{MINUS SIGN}]", "", before)) + amount + _quoted(after)


def _digits(decimals: int) -> str:
    return f"0.{'0' * decimals}" if decimals > 0 else "0"


def _quoted(text: str) -> str:
    """Return the text as a literal of a number format."""
    return '"' + text.replace('"', "").replace("\\", "") + '"' if text else ""
