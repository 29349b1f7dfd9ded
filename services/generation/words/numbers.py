"""Numbers, durations, percentages and sums of money: rounding half up, and the texts of whole columns."""

from functools import lru_cache

import numpy as np
from babel.numbers import NumberPattern, get_currency_precision, get_currency_symbol
from numpy.typing import ArrayLike, NDArray

from services.generation.words.locales import cldr, decimal_symbol

_NO_BREAK_SPACE = "\xa0"
_SIXTY = tuple(f":{number:02d}" for number in range(60))
UNKNOWN = "—"  # em dash: the text of a cell without a value (reference 4.4)

_EXACT = 2.0**52  # from here on a float has no digits after the point
_TABLE_DECIMALS = 3


def half_up(values: ArrayLike, decimals: int) -> NDArray[np.float64]:
    """Return the values rounded half up, away from zero, on the decimal text of the number: 1.005 becomes 1.01.

    Unknown (NaN) and infinite values stay as they are; there is no negative zero.
    """
    exact = np.asarray(values, np.float64)
    size, scale = np.abs(exact), 10.0**decimals
    with np.errstate(over="ignore"):
        steps = np.floor(size * scale)
        halfway = (2 * steps + 1) / (2 * scale)  # the float nearest to the decimal text of the half
    rounded = (steps + (size >= halfway)) / scale
    return np.where(size < _EXACT / scale, np.copysign(rounded, exact), exact) + 0.0


def texts(values: ArrayLike, decimals: int, decimal_symbol: str = ".", *, keep_zeros: bool = False) -> list[str]:
    """Return the text of each value: rounded half up, trailing zeros dropped, without digit grouping, unknown "—"."""
    rounded = np.atleast_1d(half_up(values, decimals))
    unknown = ~np.isfinite(rounded)
    size = np.where(unknown, 0, np.abs(rounded))
    if decimals > _TABLE_DECIMALS or np.any(size >= _EXACT / 10**decimals):
        return _cell_by_cell(rounded, decimals, decimal_symbol, keep_zeros=keep_zeros)
    whole, rest = np.divmod(np.rint(size * 10**decimals).astype(np.int64), 10**decimals)
    tails = _tails(decimals, decimal_symbol, keep_zeros)
    cells = [str(number) + tails[tail] for number, tail in zip(whole.tolist(), rest.tolist(), strict=True)]
    for row in np.flatnonzero(rounded < 0).tolist():
        cells[row] = "-" + cells[row]
    return with_unknown(cells, unknown)


def with_unknown(cells: list[str], unknown: NDArray[np.bool_]) -> list[str]:
    """Return the same list with "—" in the cells marked as unknown."""
    for row in np.flatnonzero(unknown).tolist():
        cells[row] = UNKNOWN
    return cells


@lru_cache(maxsize=64)
def _tails(decimals: int, symbol: str, keep_zeros: bool) -> tuple[str, ...]:
    """Return the text after the whole number for each of the 10**decimals fractions."""
    if not decimals:
        return ("",)
    digits = [f".{rest:0{decimals}d}" for rest in range(10**decimals)]
    return tuple(_localised(digits, symbol, keep_zeros=keep_zeros))


def _cell_by_cell(rounded: NDArray[np.float64], decimals: int, symbol: str, *, keep_zeros: bool) -> list[str]:
    template = f"%.{decimals}f"
    cells = [template % value for value in rounded.tolist()]
    if decimals:
        cells = _localised(cells, symbol, keep_zeros=keep_zeros)
    return with_unknown(cells, ~np.isfinite(rounded))


def _localised(cells: list[str], symbol: str, *, keep_zeros: bool) -> list[str]:
    """Return texts with the locale's decimal separator, and without trailing zeros unless they are kept."""
    if not keep_zeros:
        cells = [cell.rstrip("0").rstrip(".") for cell in cells]
    return [cell.replace(".", symbol) for cell in cells] if symbol != "." else cells


def durations(seconds: ArrayLike, *, show_seconds: bool = False) -> list[str]:
    """Return the text of each duration of 0 s or more: HH:mm cut to whole minutes, or HH:mm:ss.

    Hours do not wrap into days ("611:44"); unknown (NaN) is "—".
    """
    exact = np.atleast_1d(np.asarray(seconds, np.float64))
    unknown = ~np.isfinite(exact)
    whole = np.floor(np.round(np.where(unknown, 0, exact), 3)).astype(np.int64)  # sums of seconds are good to the ms
    total_minutes, second = np.divmod(whole, 60)
    hour, minute = (part.tolist() for part in np.divmod(total_minutes, 60))
    if show_seconds:
        rows = zip(hour, minute, second.tolist(), strict=True)
        cells = [f"{h:02d}{_SIXTY[m]}{_SIXTY[s]}" for h, m, s in rows]
    else:
        cells = [f"{h:02d}{_SIXTY[m]}" for h, m in zip(hour, minute, strict=True)]
    return with_unknown(cells, unknown)


def percents(values: ArrayLike, decimals: int, locale: str) -> list[str]:
    """Return the text of each percentage, 0 to 100: "14.7%" in English, with a space in Russian; unknown "—"."""
    pattern = cldr(locale).percent_formats[None]
    return _with_affixes(texts(values, decimals, decimal_symbol(locale)), pattern.prefix[0], pattern.suffix[0])


def money(values: ArrayLike, currency: str, locale: str) -> list[str]:
    """Return the text of each sum in an ISO 4217 currency with all its decimals: "$454.50"; unknown "—"."""
    pattern: NumberPattern = cldr(locale).currency_formats["standard"]
    symbol = get_currency_symbol(currency, cldr(locale))
    prefix, suffix = (affix[0].replace("¤", symbol) for affix in (pattern.prefix, pattern.suffix))
    if prefix[-1:].isalpha():
        prefix += _NO_BREAK_SPACE
    numbers = texts(values, get_currency_precision(currency), decimal_symbol(locale), keep_zeros=True)
    return _with_affixes(numbers, prefix, suffix)


def _with_affixes(numbers: list[str], prefix: str, suffix: str) -> list[str]:
    return [
        number
        if number == UNKNOWN
        else f"-{prefix}{number[1:]}{suffix}"
        if number.startswith("-")
        else f"{prefix}{number}{suffix}"
        for number in numbers
    ]
