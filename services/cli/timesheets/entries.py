"""The second reading of a timesheet file: its lines as time entries, in batches."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from daybook.input.v1.input_service_pb2 import UpsertRequest
from daybook.input.v1.workspace_pb2 import TimeEntry
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from services.cli.errors import CommandFailed
from services.cli.records import BATCH_SIZE, Owner, requests_of
from services.cli.timesheets.import_keys import Repeats, digest_of
from services.cli.timesheets.lines import Line, Project
from services.cli.timesheets.names import Names
from services.cli.timesheets.problems import Problems
from services.cli.timesheets.rates import explaining, nearest
from services.cli.timesheets.survey import Survey
from services.cli.timesheets.values import moment_of
from services.cli.timesheets.workspace_book import Priced

BATCH_BYTES = 1 << 20  # gRPC takes messages of 4 MiB


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes time entries of lines."""

    names: Names
    rates: Mapping[Project, Mapping[str, int]]  # by currency, where one explains all amounts of a project
    repeats: Repeats
    problems: Problems

    @classmethod
    def of(cls, survey: Survey, names: Names, problems: Problems) -> "Maker":
        """Return a maker for what the first reading found."""
        rates = {project: pricing.common() for project, pricing in survey.projects.items()}
        return cls(names, rates, survey.repeats, problems)

    def entry(self, line: Line) -> TimeEntry:
        """Return the entry of a line. Raises CommandFailed for a name that the first reading did not meet."""
        try:
            user_id, zone = self.names.people[line.person]
            project_id, price = self.names.projects[line.of_project]
            task_id = self.names.tasks[line.of_project, line.task] if line.task else 0
            tag_ids = [self.names.tags[tag] for tag in line.tags]
        except KeyError as error:
            raise CommandFailed(f"line {line.place}: the file was changed while it was read") from error
        rate_cents, currency = self._own_rate(line, price)
        start = moment_of(line.start, zone, line.seconds, line.end)
        return TimeEntry(
            user_id=user_id,
            project_id=project_id,
            task_id=task_id,
            tag_ids=tag_ids,
            description=line.description,
            billable=line.billable,
            start_time=Timestamp(seconds=start.seconds),
            seconds=line.seconds,
            hourly_rate_cents=rate_cents,
            currency_code=currency,
            import_key=self.repeats.key(digest_of(line), later=start.later),
        )

    def _own_rate(self, line: Line, price: Priced) -> tuple[int | None, str]:
        """Return rate and currency that the entry itself must have: none where its project's explain its amount."""
        if not line.billable or line.amount_cents is None:
            return None, ""
        rates = explaining(line.seconds, line.amount_cents)
        if price.rate_cents in rates and line.currency in {"", price.currency}:
            return None, ""
        rate = self.rates[line.of_project].get(line.currency)
        rate = rates.roundest() if rate is None else rate
        if rate is None:
            rate = nearest(line.seconds, line.amount_cents)
            self.problems.doubt(line.place, "Amount", _unexplained(rate))
        return rate, "" if rate is None else line.currency


def _unexplained(rate: int | None) -> str:
    if rate is None:
        return "is left out: no rate makes an amount of no time"
    return f"is made by no rate in whole cents an hour; {rate / 100:.2f} comes nearest and is kept"


def batches(workspace_id: int, entries: Iterable[TimeEntry]) -> Iterator[UpsertRequest]:
    """Gather entries into requests that the store takes."""
    return requests_of(Owner(workspace_id=workspace_id), "time_entries", _some(entries))


def _some(entries: Iterable[TimeEntry]) -> Iterator[list[Message]]:
    some: list[Message] = []
    size = 0
    for entry in entries:
        bytes_ = entry.ByteSize()
        if some and (len(some) == BATCH_SIZE or size + bytes_ > BATCH_BYTES):
            yield some
            some, size = [], 0
        some.append(entry)
        size += bytes_
    if some:
        yield some
