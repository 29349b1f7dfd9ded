"""Import of a timesheet file as it is asked for, and what became of it so far."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from services.cli.import_result import Stored
from services.cli.output import tell
from services.cli.timesheets.csv_form import Form
from services.cli.timesheets.csv_source import CsvSource
from services.cli.timesheets.lines import Line
from services.cli.timesheets.plan import ChangedLine
from services.cli.timesheets.problems import BadLine, Problem, Problems
from services.cli.timesheets.survey import good_lines
from services.runtime.identity import identity_key
from services.runtime.shown_text import shown

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Correction:
    """Changes that an import may make to stored entries: replacing what a file stands for updates them, too.

    `first` to `last` are the days that a replaced file stands for, else those of its entries; `members` their emails.
    """

    update: bool = False
    replace: bool = False
    dry_run: bool = False
    first: date | None = None
    last: date | None = None
    members: tuple[str, ...] = ()

    @property
    def updates(self) -> bool:
        """Return whether entries are changed that differ from their lines."""
        return self.update or self.replace

    def refusal(self, form: Form, line: Line) -> BadLine | None:
        """Return why a line is outside of what the file is said to stand for."""
        day = line.start.date()
        if (self.first and day < self.first) or (self.last and day > self.last):
            return BadLine(form.titles[form.start_date], f"{day} is outside of --from and --to")
        if self.members and line.person[0] not in {identity_key(one) for one in self.members}:
            return BadLine(form.titles[min(form.email, form.user)], "is none of --member")
        return None


@dataclass(slots=True)
class Outcome:
    """Result of an import: what became of entries, and what else was created."""

    workspace_id: int = 0
    created: int = 0
    unchanged: int = 0
    changed: int = 0  # differ from their lines and were left as they are
    updated: int = 0
    removed: int = 0
    new: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Import:
    """One import: from which file into which workspace of whom, and the zone of new members, "" for the owner's.

    Its problems, its changed lines and its outcome grow while it runs.
    """

    file: Path
    workspace: str
    owner: str
    time_zone: str
    correction: Correction = Correction()
    problems: Problems = field(default_factory=Problems)
    outcome: Outcome = field(default_factory=Outcome)
    changed_lines: list[ChangedLine] = field(default_factory=list)
    members: list[dict[str, object]] = field(default_factory=list)  # summary of a replacement

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
        outcome = self.outcome
        known = outcome.unchanged + outcome.changed + outcome.updated
        return Stored(outcome.created, known, self.problems.refused)

    def lines(self, form: Form, source: CsvSource, problems: Problems) -> Iterator[Line]:
        """Yield the lines that can be read and are within the scope; the others go to the problems."""
        for line in good_lines(form, source, problems):
            outside = self.correction.refusal(form, line)
            if outside is None:
                yield line
            else:
                problems.refuse(line.place, outside)

    def summary(self, *, in_full: bool) -> dict[str, object]:
        """Return the counts as JSON, in full with the lines that were refused, doubtful or changed."""
        outcome, problems = self.outcome, self.problems
        found: dict[str, object] = {
            "workspace_id": outcome.workspace_id,
            "created": outcome.created,
            "unchanged": outcome.unchanged,
            "changed": outcome.changed,
            "updated": outcome.updated,
            "removed": outcome.removed,
            "refused": problems.refused,
            "running": problems.running,
            "new": outcome.new,
        }
        if in_full:
            found["refused_lines"] = [problem._asdict() for problem in problems.bad]
            found["doubtful_lines"] = [problem._asdict() for problem in problems.doubts]
            found["changed_lines"] = [line._asdict() for line in self.changed_lines]
            found["members"] = self.members
        return found

    def name_lines(self) -> None:
        """Name the first lines that were refused, doubtful or left changed on standard error."""
        self._name(self.problems.bad, self.problems.refused, "refused")
        self._name(self.problems.doubts, self.problems.doubtful, "doubtful")
        if self.outcome.changed:
            changed = [Problem(line, "", f"differs in {', '.join(fields)}") for line, fields in self.changed_lines]
            self._name(changed, self.outcome.changed, "changed")
            tell(f"{self.title}: entries that differ from their lines are left as they are without --update")

    def _name(self, found: list[Problem], count: int, what: str) -> None:
        for problem in found[:SHOWN]:
            tell(f"{self.title}: {problem}")
        if count > SHOWN:
            tell(f"{self.title}: {count} lines {what}, the first {SHOWN} are named above")
