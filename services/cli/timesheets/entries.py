"""The second reading of a timesheet file: its lines as time entries, in batches."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from daybook.input.v1.input_service_pb2 import UpsertRequest
from daybook.input.v1.workspace_pb2 import TimeEntry
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from services.cli.errors import CommandFailed
from services.cli.records import BATCH_SIZE, Owner, requests_of
from services.cli.timesheets.import_keys import Repeats, digest_of
from services.cli.timesheets.lines import Line
from services.cli.timesheets.names import Names
from services.cli.timesheets.rates import explaining
from services.cli.timesheets.values import elapsed, moment_of
from services.cli.timesheets.workspace_book import Priced
from services.runtime.entry_ids import OF_FILE

BATCH_BYTES = 1 << 20  # gRPC takes messages of 4 MiB


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes time entries of lines."""

    names: Names
    repeats: Repeats

    def entry(self, line: Line, taken: Collection[int] = ()) -> TimeEntry:
        """Return the new entry of a line, with a key of which no hash is taken. Raises like `made`."""
        made, is_later = self.made(line)
        if line.entry_id:
            made.import_key = OF_FILE + line.entry_id
        else:
            made.import_key = self.repeats.key(digest_of(line), later=is_later, taken=taken)
        return made

    def made(self, line: Line) -> tuple[TimeEntry, bool]:
        """Return the entry of a line without a key, and whether it starts at the later of two equal times.

        Raises CommandFailed for a name that the first reading did not meet.
        """
        try:
            user_id, zone = self.names.people[line.person]
            project_id, price = self.names.projects[line.of_project]
            task_id = self.names.tasks[line.of_project, line.task] if line.task else 0
            tag_ids = [self.names.tags[tag] for tag in line.tags]
        except KeyError as error:
            raise CommandFailed(f"line {line.place}: the file was changed while it was read") from error
        start = moment_of(line.start, zone, line.seconds, line.end)
        if line.is_elapsed and line.end:
            line = line._replace(seconds=elapsed(line.start, line.end, zone))
        amount_cents, currency = own_amount(line, price)
        made = TimeEntry(
            user_id=user_id,
            project_id=project_id,
            task_id=task_id,
            tag_ids=tag_ids,
            description=line.description,
            billable=line.billable,
            start_time=Timestamp(seconds=start.seconds),
            seconds=line.seconds,
            amount_cents=amount_cents,
            currency_code=currency,
        )
        return made, start.later


def own_amount(line: Line, price: Priced) -> tuple[int | None, str]:
    """Return amount and currency that the entry itself must have: none where its project's rate gives the amount."""
    if not line.billable or line.amount_cents is None:
        return None, ""
    is_known_currency = line.currency in {"", price.currency}
    if is_known_currency and price.rate_cents in explaining(line.seconds, line.amount_cents, price.currency):
        return None, ""
    return line.amount_cents, line.currency


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
