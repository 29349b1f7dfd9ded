"""Audits of a summary: which of its groups are shown, by what they come to (reference section 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a group's time and money lie between, both ends included; None bounds nothing.

    Without a currency one amount of a group in bounds is enough, and a group without any has the amount 0.
    """

    min_seconds: int | None = None
    max_seconds: int | None = None
    min_cents: int | None = None
    max_cents: int | None = None
    currency: str | None = None  # the one the cents are of; alone it keeps groups that have money in it

    def hold(self, seconds: int, amounts: Mapping[str, int]) -> bool:
        """Say whether a group with so much time and such amounts in cents by currency lies within."""
        return _between(self.min_seconds, seconds, self.max_seconds) and self._hold_money(amounts)

    def _hold_money(self, amounts: Mapping[str, int]) -> bool:
        if self.currency is None:
            return self._any_fits(amounts.values() or (0,))
        if self.min_cents is None and self.max_cents is None:
            return self.currency in amounts
        return self._any_fits((amounts.get(self.currency, 0),))

    def _any_fits(self, cents: Iterable[int]) -> bool:
        return any(_between(self.min_cents, one, self.max_cents) for one in cents)


@dataclass(frozen=True, slots=True)
class Audit:
    """Which groups a summary shows: those with entries, those without, and of both what bounds hold."""

    shows_tracked: bool = True
    shows_empty: bool = False
    bounds: Bounds = field(default_factory=Bounds)


def _between(least: int | None, value: int, most: int | None) -> bool:
    return (least is None or least <= value) and (most is None or value <= most)
