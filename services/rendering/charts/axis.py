"""Axis of values in a chart, with round ticks."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Quantity

from services.rendering.values import BLUR, UTC_READER, Reader, kind_of

MOST_STEPS = 5
SMALLEST_SPAN = 1e-9
SMALLEST_SHARE = 1e-6  # of the largest value: a smaller span is taken for none
FAR = 0.5  # of the largest value: an axis of lines spans less than this without zero


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from `low` to `high` with a tick at each multiple of `step`."""

    low: float
    high: float
    step: float

    def ticks(self) -> list[float]:
        """Return the ticks in ascending order."""
        return [self.step * number for number in range(round(self.low / self.step), round(self.high / self.step) + 1)]

    def share(self, value: float) -> float:
        """Return how far up the axis a value is, 0 to 1."""
        return (value - self.low) / (self.high - self.low)


def axis_for(values: Iterable[float], quantity: Quantity) -> Axis:
    """Return an axis of at most five steps, or six around zero, for finite values; zero is always on it."""
    known = [0.0, *values]
    low, high = min(known), max(known)
    return _rounded(low, high if high - low >= SMALLEST_SPAN else kind_of(quantity).empty_span, quantity)


def line_axis_for(values: Iterable[float], quantity: Quantity) -> Axis:
    """Return an axis of at most six steps for finite values; zero is on it unless the values are far from it."""
    known = list(values) or [0.0]
    low, high = min(known), max(known)
    is_far = SMALLEST_SHARE < (high - low) / (max(abs(low), abs(high)) or 1.0) < FAR
    return _rounded(low, high, quantity) if is_far else axis_for(known, quantity)


def _rounded(low: float, high: float, quantity: Quantity) -> Axis:
    for step in kind_of(quantity).round_steps(quantity, (high - low) / MOST_STEPS):
        below, above = math.floor(low / step + BLUR), math.ceil(high / step - BLUR)
        if above - below <= MOST_STEPS + (low < 0 < high or 0 not in (below, above)):
            return Axis(below * step, above * step, step)
    raise AssertionError("round steps have no end")


def tick_texts(axis: Axis, quantity: Quantity, reader: Reader = UTC_READER) -> list[tuple[float, str]]:
    """Return the ticks of an axis with their texts."""
    tick_text = kind_of(quantity).tick_text
    return [(tick, tick_text(quantity, tick, axis.step, reader)) for tick in axis.ticks()]
