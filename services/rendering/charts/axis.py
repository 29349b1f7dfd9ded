"""Scales of charts: round numbers along an axis, and machine values as short texts."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Quantity

UNKNOWN = "\N{EM DASH}"
MOST_STEPS = 5
MINUTE, HOUR = 60, 3600
ROUND_TIMES = (1, 2, 5, 10, 15, 30, *(MINUTE * n for n in (1, 2, 5, 10, 15, 30)), *(HOUR * n for n in (1, 2, 4, 8)))
SMALLEST = 1e-9  # what a whole axis spans
BLUR = 1e-9  # of a step: what sums of floats may be off


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from `low` to `high` with a tick at each multiple of `step`; zero is always on it."""

    low: float
    high: float
    step: float

    def ticks(self) -> list[float]:
        """Return the ticks in ascending order."""
        return [self.step * number for number in range(round(self.low / self.step), round(self.high / self.step) + 1)]

    def share(self, value: float) -> float:
        """Return how far up the axis a value is, 0 to 1."""
        return (value - self.low) / (self.high - self.low)


def scale_for(values: Iterable[float], quantity: Quantity) -> Scale:
    """Return an axis of at most five steps, or six around zero, for finite values; round ones for durations too."""
    known = [0.0, *values]
    low, high = min(known), max(known)
    if high - low < SMALLEST:
        low, high = 0.0, HOUR if quantity.kind == Quantity.KIND_DURATION else 1.0
    for step in _steps((high - low) / MOST_STEPS, quantity):
        below, above = math.floor(low / step + BLUR), math.ceil(high / step - BLUR)
        if above - below <= MOST_STEPS + (low < 0 < high):
            break
    return Scale(below * step, above * step, step)


def _steps(least: float, quantity: Quantity) -> Iterator[float]:
    """Yield round steps from `least` on."""
    whole = quantity.kind == Quantity.KIND_NUMBER and not quantity.decimals
    unit = 1.0
    if quantity.kind == Quantity.KIND_DURATION:
        yield from (float(step) for step in ROUND_TIMES if step >= least)
        unit = HOUR * 10.0
    elif not whole or least > 1:
        unit = 10.0 ** math.floor(math.log10(least))
    while True:
        yield from (unit * digit for digit in (1, 2, 5) if unit * digit >= least * (1 - BLUR))
        unit *= 10


def tick_text(quantity: Quantity, value: float, step: float) -> str:
    """Return a tick's text, with as many digits as tell it from the next."""
    if quantity.kind == Quantity.KIND_DURATION:
        return _clock(value, seconds_shown=step % MINUTE != 0)
    decimals = max(0, -math.floor(math.log10(step) + BLUR))
    return f"{value + 0.0:.{decimals}f}" + "%" * (quantity.kind == Quantity.KIND_PERCENT)


def value_text(quantity: Quantity, value: float) -> str:
    """Return a value as a text without its unit, money with its currency; an em dash for an unknown one."""
    if not math.isfinite(value):
        return UNKNOWN
    if quantity.kind == Quantity.KIND_DURATION:
        return _clock(value, seconds_shown=quantity.seconds)
    digits = f"{value:.{max(quantity.decimals, 0)}f}"
    if quantity.kind == Quantity.KIND_MONEY:
        return f"{digits} {quantity.currency_code}".strip()
    trimmed = digits.rstrip("0").rstrip(".") if "." in digits else digits
    plain = trimmed if trimmed.strip("-0") else "0"
    return plain + "%" * (quantity.kind == Quantity.KIND_PERCENT)


def _clock(seconds: float, *, seconds_shown: bool) -> str:
    """Return a duration as H:mm or H:mm:ss; hours are not wrapped at 24."""
    minutes, rest = divmod(int(abs(seconds)), MINUTE)
    text = f"{minutes // 60}:{minutes % 60:02}" + f":{rest:02}" * seconds_shown
    return f"-{text}" if seconds < 0 else text
