"""Budget of a project, in hours or in money."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Budget of a project and what is used of it: in seconds, or in cents of a currency."""

    total: int
    currency: str = ""  # "" for one in seconds
    used: int = 0

    @property
    def left(self) -> int:
        """Return what is left, negative where more is used."""
        return self.total - self.used

    @property
    def used_percent(self) -> int | None:
        """Return how much is used in percent, half up; None of a budget of nothing."""
        return (200 * self.used + self.total) // (2 * self.total) if self.total else None

    @property
    def is_exceeded(self) -> bool:
        """Return whether more is used than there is."""
        return self.used > self.total


Budgets = Mapping[int, Budget]  # by project
