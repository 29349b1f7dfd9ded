"""Record of a run: how often each route answered with each status, violations, and speed."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tests.fuzz.memory import Memory

MOST_VIOLATIONS = 20
SORT = 30  # so many first letters tell violations of one sort


@dataclass(frozen=True, slots=True)
class Violation:
    """Something wrong: where, what, and a command that shows it."""

    route: str
    what: str
    command: str


@dataclass
class Ledger:
    """Counts answers by route and status, and keeps the violations, one of a sort."""

    memory: Memory
    began_s: float = field(default_factory=time.monotonic)
    counts: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    violations: dict[tuple[str, str], Violation] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Number of answered requests."""
        return sum(sum(one.values()) for one in self.counts.values())

    def start(self) -> None:
        """Begin to measure time: what comes now is sending."""
        self.began_s = time.monotonic()

    def count(self, route: str, status: object) -> None:
        """Count one answer."""
        self.counts[route or "elsewhere"][str(status)] += 1

    def is_new(self, route: str, what: str) -> bool:
        """Return whether such a violation is not kept yet, and there is room for it."""
        return len(self.violations) < MOST_VIOLATIONS and (route, what[:SORT]) not in self.violations

    def keep(self, violation: Violation) -> None:
        """Keep a violation, in place of an earlier one of its sort, whose command is longer."""
        self.violations[violation.route, violation.what[:SORT]] = violation

    def line(self, planned: int) -> str:
        """Return in one line how far a run is."""
        elapsed_s = time.monotonic() - self.began_s
        return f"{self.total} of {planned}, {self.total / elapsed_s:.0f} requests/s, {len(self.violations)} violations"

    def print(self) -> None:
        """Print the table, the figures and the violations."""
        elapsed_s = time.monotonic() - self.began_s
        for route in sorted(self.counts):
            row = self.counts[route]
            print(f"{route:75} {sum(row.values()):7}  {'  '.join(f'{name}: {row[name]}' for name in sorted(row))}")
        statuses = sum(self.counts.values(), Counter[str]())
        print(f"{'all':75} {self.total:7}  {'  '.join(f'{name}: {statuses[name]}' for name in sorted(statuses))}")
        print(f"{self.total / elapsed_s:.0f} requests/s over {elapsed_s:.0f} s")
        for part, (early, late) in self.memory.quarters().items():
            print(f"{part}: {early:.0f} MB in the second quarter, {late:.0f} MB in the last, ratio {late / early:.3f}")
        for one in self.violations.values():
            print(f"VIOLATION {one.route}: {one.what}\n  {one.command}")
