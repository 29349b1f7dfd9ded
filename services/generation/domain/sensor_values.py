"""Values of sensors: what raw readings mean by calibration, or by the method of a virtual sensor."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from services.generation.domain.columnar import Floats

Method = Callable[[Floats], Floats]


def _none() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Meaning of the readings of a metering sensor.

    Readings outside `low` to `high` are none. Others are divided, then looked up in the table `inputs` to `outputs`,
    linear between its entries and constant beyond them; without a table they are the values.
    """

    low: float = -np.inf
    high: float = np.inf
    divider: float = 1.0
    inputs: Floats = field(default_factory=_none)
    outputs: Floats = field(default_factory=_none)

    def values(self, raw: Floats) -> Floats:
        """Return the values of readings, NaN for those that are none."""
        valid = np.where((raw >= self.low) & (raw <= self.high), raw, np.nan) / self.divider
        if not len(self.inputs):
            return valid
        order = np.argsort(self.inputs)
        return np.interp(valid, self.inputs[order], self.outputs[order])

    @property
    def highest(self) -> float | None:
        """The largest value of the table, None without one."""
        return float(self.outputs.max()) if len(self.outputs) else None


def in_range(low: float, high: float) -> Method:
    """Return the method that is 1 from `low` to `high`, both included, else 0."""
    return lambda raw: np.where(np.isnan(raw), np.nan, (raw >= low) & (raw <= high))


def bit_of(index: int) -> Method:
    """Return the method that is bit number `index` of the reading, 1 being the lowest."""

    def values(raw: Floats) -> Floats:
        return np.where(np.isnan(raw), np.nan, np.floor(np.floor(raw) / 2.0 ** (index - 1)) % 2)

    return values


def identity(raw: Floats) -> Floats:
    """Return readings as they are."""
    return raw
