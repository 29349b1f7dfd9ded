"""Run of an import over an open channel: names are settled, lines planned, entries stored, updated and removed."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice

from daybook.input.v1.input_service_pb2 import UpsertRequest, UpsertResponse
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub
from daybook.input.v1.workspace_pb2 import TimeEntry, Workspace
from daybook.workspace.v1.workspace_service_pb2 import DeleteTimeEntriesRequest
from daybook.workspace.v1.workspace_service_pb2_grpc import WorkspaceServiceStub
from grpc.aio import Channel

from services.cli.client import Access, send
from services.cli.errors import CommandFailed
from services.cli.output import Bar
from services.cli.records import BATCH_SIZE, DELETED_WITHIN_S
from services.cli.storing import BATCHES_PER_CALL, CALL_WITHIN_S
from services.cli.timesheets.comparison import Comparison
from services.cli.timesheets.csv_form import Form
from services.cli.timesheets.csv_source import open_csv
from services.cli.timesheets.entries import Maker, batches
from services.cli.timesheets.lines import Line
from services.cli.timesheets.names import settle, zone_of
from services.cli.timesheets.plan import CHANGED, NEW, UNCHANGED, Plan
from services.cli.timesheets.problems import BadLine, Problems
from services.cli.timesheets.stored_entries import Scope, StoredEntries, entries_within
from services.cli.timesheets.survey import Survey
from services.cli.timesheets.wanted import Import
from services.cli.timesheets.workspace_book import WorkspaceBook
from services.runtime.identity import identity_key
from services.runtime.shown_text import shown

Note = Callable[[list[int], UpsertResponse], None]
SURVEY_SHARE = 0.4  # of the time that an import takes
Placed = tuple[int, TimeEntry]  # line, entry


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Plan with all that it needs to be carried out."""

    maker: Maker
    plan: Plan
    book: WorkspaceBook


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One import whose file was read for the first time."""

    channel: Channel
    access: Access
    wanted: Import
    form: Form
    survey: Survey
    bar: Bar

    async def planned(self, workspace: Workspace, *, is_new: bool, dry: bool) -> Rehearsal:
        """Settle the names of the file, which a dry run does not create, and plan its lines. Raises CommandFailed."""
        book = WorkspaceBook(self.channel, self.access, workspace, dry=dry)
        names = await settle(book, self.survey, self.wanted.time_zone, is_new=is_new)
        outcome = self.wanted.outcome
        outcome.workspace_id, outcome.new = names.workspace_id, dict(names.created)
        maker = Maker(names, self.survey.repeats)
        plan = Plan(Comparison(self.form, await book.prices()), await self._stored(book, maker))
        if len(plan.stored):
            with self._lines() as lines:
                plan.read((line, maker.made(line)[0]) for line in lines)
        outcome.unchanged = plan.count(UNCHANGED)
        self.wanted.changed_lines[:] = plan.changed_lines
        return Rehearsal(maker, plan, book)

    async def _stored(self, book: WorkspaceBook, maker: Maker) -> StoredEntries:
        """Return the stored entries that lines may be matched with."""
        stored, correction, survey = StoredEntries(), self.wanted.correction, self.survey
        members = await book.members()
        zones = {one.user_id: zone_of(one) for one in members.values()}
        first, last = correction.first or survey.first_day, correction.last or survey.last_day
        named = {maker.names.people[person][0] for person in survey.people}
        for email in correction.members:
            if (identity_key(email), "") not in members:
                raise CommandFailed(f"--member {shown(email)} is no member of the workspace")
            named.add(members[identity_key(email), ""].user_id)
        inside = Scope(first, last, frozenset(named))
        window = Scope() if self.form.has_entry_ids else Scope(first, last)
        if book.workspace.id and (first or self.form.has_entry_ids):
            async for entry, day in entries_within(book.records, window, zones):
                stored.add(entry, inside=correction.replace and inside.holds(entry.user_id, day))
        return stored

    @contextmanager
    def _lines(self) -> Iterator[Iterator[Line]]:
        """Give the good lines of the file once more; its bad ones are known."""
        with open_csv(self.wanted.file) as source:
            yield self.wanted.lines(self.form, source, Problems())

    def new(self, rehearsal: Rehearsal) -> Iterator[Placed]:
        """Yield the new entries of the file with their lines."""
        plan, maker = rehearsal.plan, rehearsal.maker
        with open_csv(self.wanted.file) as source:
            for number, line in enumerate(self.wanted.lines(self.form, source, Problems())):
                if not plan.fates or plan.fates[number] == NEW:
                    yield line.place, maker.entry(line, plan.stored.keys)
                if not number % BATCH_SIZE:
                    self.bar.show(SURVEY_SHARE + (1 - SURVEY_SHARE) * source.share_read())

    async def carry_out(self, rehearsal: Rehearsal) -> None:
        """Store what is new, update what changed, and remove what is left over, in this order; it can be repeated."""
        outcome, plan = self.wanted.outcome, rehearsal.plan
        workspace_id = rehearsal.maker.names.workspace_id
        await self._send_all(workspace_id, self.new(rehearsal), self._note_new)
        if self.wanted.correction.updates:
            await self._send_all(workspace_id, iter(plan.corrections), self._note_updated)
        else:
            outcome.changed = plan.count(CHANGED)
        if self.wanted.correction.replace:
            outcome.removed = await self._remove(workspace_id, [one.id for one in plan.removals()])

    async def _send_all(self, workspace_id: int, entries: Iterable[Placed], note: Note) -> None:
        """Send entries, so many in a call; those that the server refuses are problems of their lines."""
        stub, places = InputServiceStub(self.channel), list[int]()
        requests = batches(workspace_id, _noting(entries, places))
        while first := next(requests, None):
            sizes: list[int] = []
            some = chain([first], islice(requests, BATCHES_PER_CALL - 1))
            call = stub.Upsert(metadata=self.access.as_operator(), timeout=CALL_WITHIN_S)
            await send(call, _measured(some, sizes), partial(note, places))
            del places[: sum(sizes)]

    def _note_new(self, places: list[int], answer: UpsertResponse) -> None:
        self._note_refused(places, answer)
        self.wanted.outcome.created += answer.stored_count
        self.wanted.outcome.unchanged += answer.unchanged_count

    def _note_updated(self, places: list[int], answer: UpsertResponse) -> None:
        self._note_refused(places, answer)
        self.wanted.outcome.updated += answer.stored_count + answer.unchanged_count

    def _note_refused(self, places: list[int], answer: UpsertResponse) -> None:
        for one in answer.refusals:
            self.wanted.problems.refuse(places[one.index], BadLine(one.field, one.reason))
        self.wanted.problems.refused += answer.refused_count - len(answer.refusals)

    async def _remove(self, workspace_id: int, ids: list[int]) -> int:
        stub, count = WorkspaceServiceStub(self.channel), 0
        for first in range(0, len(ids), BATCH_SIZE):
            request = DeleteTimeEntriesRequest(workspace_id=workspace_id, ids=ids[first : first + BATCH_SIZE])
            answer = await stub.DeleteTimeEntries(request, metadata=self.access.as_operator(), timeout=DELETED_WITHIN_S)
            count += answer.deleted_count
        return count


def _noting(entries: Iterable[Placed], places: list[int]) -> Iterator[TimeEntry]:
    for place, entry in entries:
        places.append(place)
        yield entry


def _measured(requests: Iterator[UpsertRequest], sizes: list[int]) -> Iterator[UpsertRequest]:
    for request in requests:
        sizes.append(len(request.batch.time_entries.items))
        yield request
