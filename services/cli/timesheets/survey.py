"""The first reading of a timesheet file: all it names, the rates behind its amounts, and what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from services.cli.timesheets.csv_form import Form
from services.cli.timesheets.csv_source import CsvSource
from services.cli.timesheets.import_keys import Repeats, digest_of
from services.cli.timesheets.lines import NO_PROJECT, Line, Person, Project, parse
from services.cli.timesheets.problems import BadLine, Problems, Running
from services.cli.timesheets.rates import Pricing
from services.runtime.shown_text import shown


@dataclass(slots=True)
class Survey:
    """Names in a file, each in the order of its first line."""

    has_amounts: bool
    people: dict[Person, tuple[str, str]] = field(default_factory=dict)  # name and email as written
    clients: dict[str, None] = field(default_factory=dict)
    projects: dict[Project, Pricing] = field(default_factory=dict)  # NO_PROJECT among them where entries have none
    tasks: dict[tuple[Project, str], None] = field(default_factory=dict)
    tags: dict[str, None] = field(default_factory=dict)
    repeats: Repeats = field(default_factory=Repeats)
    first_day: date | None = None
    last_day: date | None = None

    def take(self, line: Line, problems: Problems) -> None:
        """Take a line into account."""
        day = line.start.date()
        self.first_day, self.last_day = min(self.first_day or day, day), max(self.last_day or day, day)
        self.people.setdefault(line.person, (line.user or line.email, line.email))
        if line.client:
            self.clients[line.client] = None
        pricing = self.projects.setdefault(line.of_project, Pricing())
        if line.task:
            self.tasks[line.of_project, line.task] = None
        for tag in line.tags:
            self.tags[tag] = None
        self._price(pricing, line, problems)
        if line.client and not line.project:
            problems.doubt(
                line.place, "Client", f"{shown(repr(line.client))} is left out: an entry has a client by its project"
            )
        self.repeats.note(digest_of(line))

    def _price(self, pricing: Pricing, line: Line, problems: Problems) -> None:
        if not line.billable:
            if line.amount_cents:
                problems.doubt(line.place, "Amount", "is left out: the entry is not billable")
        elif line.amount_cents is not None:
            pricing.add(line.currency, line.seconds, line.amount_cents)
        elif self.has_amounts:
            pricing.unpriced = True

    @property
    def currencies(self) -> set[str]:
        """Return the currencies of its amounts."""
        return {currency for pricing in self.projects.values() for currency in pricing.by_currency if currency}

    @property
    def named_projects(self) -> list[Project]:
        """Return the projects without the one that stands for none."""
        return [project for project in self.projects if project != NO_PROJECT]


def good_lines(form: Form, source: CsvSource, problems: Problems) -> Iterator[Line]:
    """Give the lines that can be read; the others go to the problems. Lines of empty cells are passed over."""
    for record in source.records:
        if not record.broken and not any(cell and not cell.isspace() for cell in record.cells):
            continue
        try:
            line = parse(form, record)
        except Running:
            problems.running += 1
        except BadLine as why:
            problems.refuse(record.line, why)
        else:
            yield line
