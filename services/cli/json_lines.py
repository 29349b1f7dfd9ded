"""Files of JSON Lines: their objects by line number, and the lines that are refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from services.cli.import_result import Stored, plain_summary
from services.cli.input_file import open_input
from services.cli.json_text import read_json
from services.cli.json_values import BadValue, Json
from services.cli.output import tell
from services.runtime.shown_text import shown

MAX_LINE = 1024 * 1024
SHOWN = 20


@dataclass(slots=True)
class Refusals:
    """Refused lines: how many there are, and the first of them."""

    count: int = 0
    first: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, why: str) -> None:
        """Count a line."""
        self.count += 1
        self.describe(line, why)

    def describe(self, line: int, why: str) -> None:
        """Keep the reason of a line that is counted elsewhere, if it is among the first."""
        self.first = sorted([*self.first, (line, why)])[:SHOWN]

    def report(self, file: Path) -> None:
        """Name the first lines on standard error, then the number of the others."""
        for number, why in self.first:
            tell(f"{shown(file)}: line {number}: {why}")
        if others := self.count - len(self.first):
            tell(f"{shown(file)}: {others} more lines are refused")


@dataclass(slots=True)
class JsonLines:
    """Lines of a file, and what became of them.

    `read_bytes`, `count` of the lines that are not empty, and `accepted` grow as they are read and stored.
    """

    file: Path
    refusals: Refusals
    read_bytes: int = 0
    count: int = 0
    accepted: Stored = field(default_factory=Stored)

    @property
    def title(self) -> str:
        """Return the name of the file."""
        return shown(self.file)

    @property
    def noun(self) -> str:
        """Return what is counted."""
        return "lines"

    @property
    def counts(self) -> Stored:
        """Return what became of the lines so far."""
        return Stored(self.accepted.stored, self.accepted.unchanged, self.refusals.count)

    def summary(self, *, in_full: bool) -> dict[str, object]:
        """Return the counts as JSON; without `in_full` people are told in words too."""
        if not in_full:
            tell(f"{self.title}: {self.counts}")
        return plain_summary(self.counts)

    def name_lines(self) -> None:
        """Name the first lines that are refused, on standard error."""
        self.refusals.report(self.file)

    def objects(self) -> Iterator[tuple[int, Json]]:
        """Yield the number and the value of each line of JSON; empty lines are skipped, others refused."""
        with open_input(self.file) as source:
            for number, line in enumerate(iter(lambda: source.readline(MAX_LINE + 1), b""), 1):
                self.read_bytes += len(line)
                if number == 1:
                    line = line.removeprefix(b"\xef\xbb\xbf")  # noqa: PLW2901 - the byte order mark is no part of it
                if not line.strip():
                    continue
                self.count += 1
                try:
                    yield number, _value(line)
                except BadValue as bad:
                    self.refusals.add(number, str(bad))
                while len(line) > MAX_LINE and not line.endswith(b"\n"):  # the rest of a line that is too long
                    line = source.readline(MAX_LINE + 1)  # noqa: PLW2901 - it belongs to the same line
                    self.read_bytes += len(line)


def _value(line: bytes) -> Json:
    """Return the value of a line. Raises BadValue."""
    if len(line) > MAX_LINE:
        raise BadValue("", f"must be shorter than {MAX_LINE:,} bytes")
    try:
        return read_json(line.decode())
    except UnicodeDecodeError:
        raise BadValue("", "must be UTF-8") from None
    except ValueError as error:
        raise BadValue("", f"must be JSON: {error}") from None
