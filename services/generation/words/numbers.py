"""Numbers: rounding half up, and the texts of whole columns."""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
