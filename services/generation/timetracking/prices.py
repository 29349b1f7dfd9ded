"""Prices of entries as columns to group by, and as rates and amounts by currency."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Ints
from services.generation.timetracking.entries import NO_RATE, Rows
from services.generation.timetracking.tally import Codebook


@dataclass(frozen=True, slots=True)
class Rate:
    """Billable seconds at one hourly rate; `rate_cents` is None without a rate, also for an amount for no time."""

    billable_seconds: int
    rate_cents: int | None
    currency: str


NOT_BILLABLE = -2  # beside NO_RATE, which is billable time without a rate


def price_column(rows: Rows) -> Ints:
    """Return the rate of each row in cents: NO_RATE for billable time without one, NOT_BILLABLE for the rest."""
    return np.where(rows.entries.billable, rows.rate_cents, np.int64(NOT_BILLABLE))


@dataclass(frozen=True, slots=True)
class Piece:
    """Time at one price."""

    currency: str
    price: int
    seconds: int
    amount_cents: int

    @property
    def rate_cents(self) -> int | None:
        """Return the hourly rate, None for time without one."""
        return self.price if self.price >= 0 else None

    @property
    def is_priced(self) -> bool:
        """Return whether it has an amount, also one for no time."""
        return self.price >= 0 or self.amount_cents > 0

    @property
    def billable_seconds(self) -> int:
        """Return the seconds as far as they are billable."""
        return 0 if self.price == NOT_BILLABLE else self.seconds


class Currencies:
    """The currencies of rows as one numbering."""

    def __init__(self) -> None:
        self._book = Codebook[str]()

    def column(self, rows: Rows) -> Ints:
        """Return the currency of each row by number."""
        return self._book.codes(rows.currency)

    def names(self) -> list[str]:
        """Return the currencies in ascending order."""
        return sorted(self._book.values)

    def ranked(self, column: Ints) -> Ints:
        """Return a column of numbers as places in `names()`; negative numbers stay."""
        place = {name: place for place, name in enumerate(self.names())}
        ranks = np.array([place[name] for name in self._book.values], np.int64)
        return np.where(column < 0, column, ranks[column]) if len(ranks) else column

    def name(self, currency: int) -> str:
        """Return the currency of a number."""
        return self._book.values[currency]

    def piece(self, currency: int, price: int, seconds: int, amount_cents: int) -> Piece:
        """Return a row of a tally whose last keys are currency and price, and whose sums are seconds and amount."""
        return Piece(self._book.values[currency], price, seconds, amount_cents)


def amounts_of(pieces: Iterable[Piece]) -> dict[str, int]:
    """Return the cents of priced time by currency, in the order of currencies."""
    amounts: dict[str, int] = {}
    for piece in sorted(pieces, key=_by_price):
        if piece.is_priced:
            amounts[piece.currency] = amounts.get(piece.currency, 0) + piece.amount_cents
    return amounts


def one_sum(amounts: Mapping[str, int]) -> int | None:
    """Return the cents of amounts by currency, 0 without any; None for several currencies."""
    return sum(amounts.values()) if len(amounts) <= 1 else None


def rates_of(pieces: Iterable[Piece]) -> tuple[Rate, ...]:
    """Return the billable seconds at each rate, by currency and rate, without a rate first."""
    seconds: dict[tuple[str, int], int] = {}
    for piece in sorted(pieces, key=_by_price):
        if piece.price != NOT_BILLABLE:
            key = piece.currency, piece.price
            seconds[key] = seconds.get(key, 0) + piece.seconds
    return tuple(
        Rate(sum_s, None if price == NO_RATE else price, currency) for (currency, price), sum_s in seconds.items()
    )


def _by_price(piece: Piece) -> tuple[str, int]:
    """Return the place of a price among others: what is not billable first, then by currency and rate."""
    return "" if piece.price == NOT_BILLABLE else piece.currency, piece.price
