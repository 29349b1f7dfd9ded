"""Axis of values in a chart, with round ticks."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Quantity

from services.rendering.values import BLUR, kind_of

MOST_STEPS = 5
SMALLEST_SPAN = 1e-9


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
    known, kind = [0.0, *values], kind_of(quantity)
    low, high = min(known), max(known)
    if high - low < SMALLEST_SPAN:
        low, high = 0.0, kind.empty_span
    for step in kind.round_steps(quantity, (high - low) / MOST_STEPS):
        below, above = math.floor(low / step + BLUR), math.ceil(high / step - BLUR)
        if above - below <= MOST_STEPS + (low < 0 < high):
            return Axis(below * step, above * step, step)
    raise AssertionError("round steps have no end")


def tick_texts(axis: Axis, quantity: Quantity) -> list[tuple[float, str]]:
    """Return the ticks of an axis with their texts."""
    tick_text = kind_of(quantity).tick_text
    return [(tick, tick_text(quantity, tick, axis.step)) for tick in axis.ticks()]
