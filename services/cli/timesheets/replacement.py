"""Summary of what an import would do, by member: entries, hours and amounts created, updated and removed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from daybook.input.v1.workspace_pb2 import TimeEntry

from services.cli.output import tell
from services.cli.timesheets.comparison import HOUR_S, Comparison
from services.runtime.shown_text import shown

FATES = ("created", "updated", "removed")


@dataclass(slots=True)
class Tally:
    """Entries, their seconds, and their cents by currency."""

    entries: int = 0
    seconds: int = 0
    cents: dict[str, int] = field(default_factory=dict)

    def add(self, entry: TimeEntry, comparison: Comparison) -> None:
        """Add an entry."""
        self.entries += 1
        self.seconds += entry.seconds
        priced = comparison.amount(entry)
        if priced:
            cents, currency = priced
            self.cents[currency] = self.cents.get(currency, 0) + cents

    @property
    def as_json(self) -> dict[str, object]:
        """Return it as JSON, in hours and units."""
        amounts = {currency: cents / 100 for currency, cents in sorted(self.cents.items())}
        return {"entries": self.entries, "hours": round(self.seconds / HOUR_S, 2), "amounts": amounts}

    def __str__(self) -> str:
        """Return it as people read it."""
        amounts = "".join(f", {cents / 100:.2f} {currency}" for currency, cents in sorted(self.cents.items()))
        return f"{self.entries} entries, {self.seconds / HOUR_S:.2f} h{amounts}"


@dataclass(slots=True)
class Summary:
    """Tallies by member and by what is done."""

    comparison: Comparison
    tallies: dict[int, dict[str, Tally]] = field(default_factory=dict)

    def add(self, fate: str, entries: Iterable[TimeEntry]) -> int:
        """Add entries with the same fate, and return how many they are."""
        count = 0
        for count, entry in enumerate(entries, 1):  # noqa: B007 # the last count is told
            own = self.tallies.setdefault(entry.user_id, {name: Tally() for name in FATES})
            own[fate].add(entry, self.comparison)
        return count

    def rows(self, names: dict[int, str]) -> list[dict[str, object]]:
        """Return it as JSON, a row for each member."""
        return [
            {"member": names.get(user_id, str(user_id))} | {fate: one.as_json for fate, one in fates.items()}
            for user_id, fates in sorted(self.tallies.items())
        ]

    def tell(self, names: dict[int, str]) -> None:
        """Print it on standard error."""
        for user_id, fates in sorted(self.tallies.items()):
            for fate, one in fates.items():
                if one.entries:
                    tell(f"{shown(names.get(user_id, str(user_id)))}: {fate} {one}")
