"""Validation of samples: the columns of a series with their bounds, and what breaks them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.columnar import Flags
from services.generation.domain.samples import Samples
from services.generation.domain.tracks import MS_PER_DAY

EARLIEST_MS = 946_684_800_000  # 2000-01-01
FINE = -1


@dataclass(frozen=True, slots=True)
class Column:
    """Column of a series: its bounds, both included, and their unit; where it is not required a value may be unknown.

    `unknown` stands for an unknown value in messages.
    """

    name: str
    low: float
    high: float
    unit: str = ""
    required: bool = False
    unknown: float = np.nan

    def breaks(self, samples: Samples) -> Flags:
        """Return of each sample whether its value is impossible."""
        column = samples.column(self.name)
        outside = ~((column >= self.low) & (column <= self.high))  # NaN is in no range
        return outside if self.required else outside & ~np.isnan(column)

    def reason(self, value: float) -> str:
        """Name the value and what would be right."""
        return f"{self.name} is {value:.10g}; it must be from {self.low:g} to {self.high:g}{self.unit}"


class Moments(Column):
    """Column of the moments."""

    def reason(self, value: float) -> str:
        """Name the moment and what would be right."""
        first, last = (_text(moment) for moment in (self.low, self.high))
        return f"time is {_text(value)}; it must be from {first} to {last}, a day ahead of now"


def with_moments(columns: Sequence[Column], now_ms: int) -> tuple[Column, ...]:
    """Return the columns with that of the moments, which is reported first, in front."""
    return (Moments("time_ms", EARLIEST_MS, now_ms + MS_PER_DAY, required=True), *columns)


def first_broken(samples: Samples, columns: Sequence[Column]) -> NDArray[np.intp]:
    """Return for each sample the place of the first column that it breaks, FINE where there is none."""
    broken = np.full(len(samples), FINE, np.intp)
    for place, column in reversed(list(enumerate(columns))):
        broken[column.breaks(samples)] = place
    return broken


def _text(moment_ms: float) -> str:
    return f"{np.datetime64(int(moment_ms), 'ms')}Z"
