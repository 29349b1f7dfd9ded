"""Hourly rates that explain amounts, which are seconds x rate / 3600, half up to what exists in the currency."""

from dataclasses import dataclass, field
from typing import NamedTuple

from services.runtime.currencies import step_cents

HOUR_S = 3600
MAX_RATE = 10**9  # cents


class Rates(NamedTuple):
    """Whole-cent rates from `low` to `high`, both inclusive; none at all where `low` is above `high`."""

    low: int
    high: int

    def __contains__(self, rate: object) -> bool:
        return isinstance(rate, int) and self.low <= rate <= self.high

    def both(self, other: "Rates") -> "Rates":
        """Return the rates in both."""
        return Rates(max(self.low, other.low), min(self.high, other.high))

    def roundest(self) -> int | None:
        """Return the rate with the most zeros at its end, of several the smallest; None when there is none."""
        if self.low > self.high:
            return None
        step = 1
        while -(-self.low // (step * 10)) * step * 10 <= self.high and self.low > 0:
            step *= 10
        return -(-self.low // step) * step


NO_RATES = Rates(0, -1)


def explaining(seconds: int, cents: int, currency: str) -> Rates:
    """Return all rates at which so many seconds cost so many cents."""
    step = step_cents(currency)
    if cents % step:
        return NO_RATES
    if not seconds:
        return NO_RATES if cents else Rates(0, MAX_RATE)
    half = HOUR_S * step // 2
    low = -(-(cents * HOUR_S - half) // seconds)
    high = (cents * HOUR_S + half - 1) // seconds
    return Rates(max(low, 0), min(high, MAX_RATE))


@dataclass(slots=True)
class Pricing:
    """Rates of a project by currency: those that explain all its amounts so far.

    `unpriced` says that a billable entry of it has no amount where others of the file have.
    """

    by_currency: dict[str, Rates] = field(default_factory=dict)
    unpriced: bool = False

    def add(self, currency: str, seconds: int, cents: int) -> None:
        """Take a billable entry into account."""
        found = explaining(seconds, cents, currency)
        known = self.by_currency.get(currency)
        self.by_currency[currency] = known.both(found) if known else found

    def of_project(self) -> tuple[int | None, str]:
        """Return the rate of a new project, None when amounts stay with entries, and its currency, "" if open."""
        if len(self.by_currency) != 1:
            return None, ""
        ((currency, rates),) = self.by_currency.items()
        return (None if self.unpriced else rates.roundest()), currency
