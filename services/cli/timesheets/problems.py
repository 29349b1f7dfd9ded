"""Problems of a file: the lines that were not imported, and why."""

from dataclasses import dataclass, field
from typing import NamedTuple

from services.runtime.shown_text import shown

KEPT = 1000


class Problem(NamedTuple):
    """Problem of a line and its column; "" when it is about the whole line."""

    line: int
    field: str
    text: str

    def __str__(self) -> str:
        """Return it as people read it."""
        return f"line {self.line}: {shown(self.field)} {self.text}" if self.field else f"line {self.line}: {self.text}"


class BadLine(Exception):
    """A line cannot become a time entry: which field of it, and what would be right."""

    def __init__(self, field_: str, text: str) -> None:
        super().__init__(text)
        self.field = field_


class Running(Exception):
    """A line is an entry that has not been stopped."""


@dataclass(slots=True)
class Problems:
    """Lines that were refused and lines that were taken with a doubt: all counted, the first 1000 of each kept.

    Lines of running entries are passed over and counted.
    """

    running: int = 0
    refused: int = 0
    bad: list[Problem] = field(default_factory=list)
    doubtful: int = 0
    doubts: list[Problem] = field(default_factory=list)

    def refuse(self, line: int, why: BadLine) -> None:
        """Note a line that is left out."""
        self.refused += 1
        if len(self.bad) < KEPT:
            self.bad.append(Problem(line, why.field, str(why)))

    def doubt(self, line: int, field_: str, text: str) -> None:
        """Note a line that is taken, but not all of it as it stands."""
        self.doubtful += 1
        if len(self.doubts) < KEPT:
            self.doubts.append(Problem(line, field_, text))
