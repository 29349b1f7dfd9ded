"""`daybook import timesheet`: an exported CSV file of tracked time into a workspace."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path

from daybook.input.v1.input_service_pb2 import UpsertRequest, UpsertResponse
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub
from daybook.input.v1.workspace_pb2 import TimeEntry, Workspace
from grpc.aio import Channel

from services.cli.client import Access, send, service_at
from services.cli.import_result import Stored
from services.cli.output import Bar, tell
from services.cli.records import Owner, Records, workspaces_named
from services.cli.storing import BATCHES_PER_CALL, CALL_WITHIN_S
from services.cli.timesheets.csv_form import Form, read_form
from services.cli.timesheets.csv_source import CsvSource, open_csv
from services.cli.timesheets.entries import Maker, batches
from services.cli.timesheets.names import settle
from services.cli.timesheets.problems import BadLine, Problem, Problems
from services.cli.timesheets.survey import Survey, good_lines
from services.cli.timesheets.workspace_book import WorkspaceBook
from services.runtime.shown_text import shown

SHOWN = 20
SURVEY_SHARE = 0.4  # of the time that an import takes


@dataclass(slots=True)
class Outcome:
    """Result of an import: how many entries are new, how many were there, what else was created."""

    workspace_id: int = 0
    created: int = 0
    unchanged: int = 0
    new: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Import:
    """One import: from which file into which workspace of whom, and the zone of new members, "" for the owner's.

    Its problems and its outcome grow while it runs.
    """

    file: Path
    workspace: str
    owner: str
    time_zone: str
    problems: Problems = field(default_factory=Problems)
    outcome: Outcome = field(default_factory=Outcome)

    @property
    def title(self) -> str:
        """Return the name of the file."""
        return shown(self.file)

    @property
    def counts(self) -> Stored:
        """Return what became of the lines so far."""
        return Stored(self.outcome.created, self.outcome.unchanged, self.problems.refused)

    def summary(self, *, in_full: bool) -> dict[str, object]:
        """Return the counts as JSON, in full with the lines that were refused or doubtful."""
        outcome, problems = self.outcome, self.problems
        found: dict[str, object] = {
            "workspace_id": outcome.workspace_id,
            "created": outcome.created,
            "unchanged": outcome.unchanged,
            "refused": problems.refused,
            "new": outcome.new,
        }
        if in_full:
            found["refused_lines"] = [problem._asdict() for problem in problems.bad]
            found["doubtful_lines"] = [problem._asdict() for problem in problems.doubts]
        return found

    def name_lines(self) -> None:
        """Name the first lines that were refused or doubtful on standard error."""
        self._name(self.problems.bad, self.problems.refused, "refused")
        self._name(self.problems.doubts, self.problems.doubtful, "doubtful")

    def _name(self, found: list[Problem], count: int, what: str) -> None:
        for problem in found[:SHOWN]:
            tell(f"{self.title}: {problem}")
        if count > SHOWN:
            tell(f"{self.title}: {count} lines {what}, the first {SHOWN} are named above")


async def store(access: Access, wanted: Import) -> Outcome:
    """Store what a file holds. Nothing is created when none of its lines can be read. Raises CommandFailed."""
    async with service_at(access, "generation") as channel:
        with Bar(wanted.file.name, total=1.0) as bar:
            known = await workspaces_named(channel, access, wanted.workspace, wanted.owner)
            form, survey = read_through(wanted, bar)
            if not survey.people and wanted.problems.refused:
                return wanted.outcome
            chosen = known[0] if known else await _create(channel, access, wanted, survey)
            book = WorkspaceBook(channel, access, chosen)
            names = await settle(book, survey, wanted.time_zone, is_new=not known)
            maker = Maker(names, survey.repeats)
            wanted.outcome.workspace_id, wanted.outcome.new = names.workspace_id, dict(names.created)
            await _send_all(channel, access, wanted, lambda lines: _requests(wanted, form, maker, bar, lines))
            bar.show(1.0)
    return wanted.outcome


def read_through(wanted: Import, bar: Bar) -> tuple[Form, Survey]:
    """Read a file for the first time. Raises CommandFailed when it cannot be read or is no timesheet."""
    with open_csv(wanted.file) as source:
        form = read_form(source.header)
        survey = Survey(has_amounts=form.has_amounts)
        for number, line in enumerate(good_lines(form, source, wanted.problems)):
            survey.take(line, wanted.problems)
            if not number % 1000:
                bar.show(SURVEY_SHARE * source.share_read())
    return form, survey


def _requests(wanted: Import, form: Form, maker: Maker, bar: Bar, places: list[int]) -> Iterator[UpsertRequest]:
    """Read a file for the second time; its bad lines are known already. The lines of entries go to `places`."""

    def entries(source: CsvSource) -> Iterator[TimeEntry]:
        for line in good_lines(form, source, Problems()):
            places.append(line.place)
            yield maker.entry(line)

    with open_csv(wanted.file) as source:
        for request in batches(maker.names.workspace_id, entries(source)):
            yield request
            bar.show(SURVEY_SHARE + (1 - SURVEY_SHARE) * source.share_read())


async def _create(channel: Channel, access: Access, wanted: Import, survey: Survey) -> Workspace:
    """Create the workspace; when all amounts are in one currency, it is the workspace's."""
    currency = next(iter(survey.currencies)) if len(survey.currencies) == 1 else ""
    made = Workspace(name=wanted.workspace, owner_login=wanted.owner, currency_code=currency)
    (made.id,) = await Records(channel, access, Owner(wanted.owner)).upsert("workspaces", [made])
    return made


async def _send_all(
    channel: Channel, access: Access, wanted: Import, read: Callable[[list[int]], Iterator[UpsertRequest]]
) -> None:
    """Send all requests, so many in a call, and count the entries; those that the server refuses are problems."""
    stub, places = InputServiceStub(channel), list[int]()
    requests = read(places)
    while first := next(requests, None):
        sizes: list[int] = []
        some = chain([first], islice(requests, BATCHES_PER_CALL - 1))
        call = stub.Upsert(metadata=access.as_operator(), timeout=CALL_WITHIN_S)
        await send(call, _measured(some, sizes), partial(_note, wanted, places))
        del places[: sum(sizes)]


def _measured(requests: Iterator[UpsertRequest], sizes: list[int]) -> Iterator[UpsertRequest]:
    for request in requests:
        sizes.append(len(request.batch.time_entries.items))
        yield request


def _note(wanted: Import, places: list[int], answer: UpsertResponse) -> None:
    for one in answer.refusals:
        wanted.problems.refuse(places[one.index], BadLine(one.field, one.reason))
    wanted.problems.refused += answer.refused_count - len(answer.refusals)
    wanted.outcome.created += answer.stored_count
    wanted.outcome.unchanged += answer.unchanged_count
