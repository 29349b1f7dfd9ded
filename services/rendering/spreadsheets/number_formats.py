"""Excel's number formats for the quantities of a report."""

import locale as system_locale
import re

from daybook.report.v1.sheet_pb2 import Quantity

GENERAL = "General"
TEXT = "@"

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
    if kind in {Quantity.KIND_MOMENT, Quantity.KIND_MOMENT_WITH_ADDRESS}:
        return moment_format(quantity.pattern or "yyyy-MM-dd HH:mm:ss", locale)
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


def _excel_token(token: str) -> str:
    token = _SPACES.get(token, token)
    if token.startswith("'"):
        return _quoted(token[1:-1].replace("''", "'") or "'")
    if token.isascii() and token.isalpha():
        forms = _FORMS.get(token[0], ("",))
        return forms[min(len(token), len(forms)) - 1]
    return token if token in _PLAIN else "\\" + token


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
