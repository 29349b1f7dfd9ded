"""Plan of an import: what becomes of each line of a file, and which stored entries no line is left for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from daybook.input.v1.workspace_pb2 import TimeEntry

from services.cli.timesheets.comparison import Comparison, corrected
from services.cli.timesheets.lines import Line
from services.cli.timesheets.stored_entries import StoredEntries

SHOWN = 1000
UNCHANGED, NEW, CHANGED = range(3)


class ChangedLine(NamedTuple):
    """Line whose stored entry differs from it, and in which fields."""

    line: int
    fields: list[str]


@dataclass(slots=True)
class Plan:
    """Outcome of each line, in the order of the file."""

    comparison: Comparison
    stored: StoredEntries
    fates: bytearray = field(default_factory=bytearray)
    corrections: list[tuple[int, TimeEntry]] = field(default_factory=list)  # stored entries as their lines have them
    changed_lines: list[ChangedLine] = field(default_factory=list)  # the first 1000
    pending: dict[int, tuple[int, TimeEntry]] = field(default_factory=dict)

    def read(self, lines: Iterable[tuple[Line, TimeEntry]]) -> None:
        """Match all lines: first those equal in everything, then the rest in order."""
        for number, (line, made) in enumerate(lines):
            self.fates.append(self._fate(number, line, made))
        for number, (place, made) in self.pending.items():
            stored = self.stored.next(made, self.comparison.key)
            if stored is not None:
                self.fates[number] = self._compare(place, made, stored)
        self.pending.clear()

    def _fate(self, number: int, line: Line, made: TimeEntry) -> int:
        known = self.stored.under(line.entry_id) if line.entry_id else None
        if known is not None:
            return self._compare(line.place, made, known)
        if not self.stored.has_group(made):
            return NEW
        if self.stored.equal(made, self.comparison.key) is not None:
            return UNCHANGED
        if not line.entry_id:
            self.pending[number] = line.place, made
        return NEW

    def _compare(self, place: int, made: TimeEntry, stored: TimeEntry) -> int:
        fields = self.comparison.differing(made, stored)
        if not fields:
            return UNCHANGED
        self.corrections.append((place, corrected(made, stored, fields)))
        if len(self.changed_lines) < SHOWN:
            self.changed_lines.append(ChangedLine(place, fields))
        return CHANGED

    def count(self, fate: int) -> int:
        """Return how many lines have a fate."""
        return self.fates.count(fate)

    def removals(self) -> Iterator[TimeEntry]:
        """Yield the stored entries of the scope that the file does not have."""
        return self.stored.left()
