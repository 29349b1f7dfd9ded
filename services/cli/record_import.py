"""Import of JSON Lines: the records of any kind of the contract into the store."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from daybook.input.v1 import input_service_pb2 as pb
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub
from google.protobuf.message import Message

from services.cli.client import Access, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.json_records import BadValue, fill
from services.cli.options import DataDirOption
from services.cli.output import Bar, print_json
from services.cli.records import Owner, requests_of
from services.cli.storing import BATCHES_PER_CALL, CALL_WITHIN_S, Stored
from services.cli.streaming import send
from services.cli.workspaces import workspace_of

BATCH_RECORDS = 1000
BATCH_BYTES = 2 * 2**20  # half of what a message may hold
MAX_LINE = 1024 * 1024
MAX_DIGITS = 1000  # of a whole number
SHOWN = 20


def kinds() -> list[str]:
    """Return the kinds of records that the contract has, by the names of their lists."""
    lists = pb.Batch.DESCRIPTOR.oneofs_by_name["records"].fields
    return [one.name for one in lists if one.message_type and one.message_type.name.endswith("List")]


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


@dataclass(slots=True)
class Lines:
    """Lines of a file as records. `read_bytes` grows as they are read."""

    file: Path
    kind: str
    refusals: Refusals
    read_bytes: int = 0
    count: int = 0

    def records(self) -> Iterator[tuple[int, Message]]:
        """Yield the number and the record of each good line; empty lines are skipped."""
        items = getattr(pb.Batch(), self.kind)
        with self.file.open("rb") as source:
            for number, line in enumerate(iter(lambda: source.readline(MAX_LINE + 1), b""), 1):
                self.read_bytes += len(line)
                if number == 1:
                    line = line.removeprefix(b"\xef\xbb\xbf")  # noqa: PLW2901 - the byte order mark is no part of it
                if not line.strip():
                    continue
                self.count += 1
                record = type(items)().items.add()
                try:
                    _read(record, line)
                except BadValue as bad:
                    self.refusals.add(number, str(bad))
                else:
                    yield number, record
                while len(line) > MAX_LINE and not line.endswith(b"\n"):  # the rest of a line that is too long
                    line = source.readline(MAX_LINE + 1)  # noqa: PLW2901 - it belongs to the same line
                    self.read_bytes += len(line)

    def batches(self) -> Iterator[list[tuple[int, Message]]]:
        """Yield the records in batches that a message can hold."""
        batch: list[tuple[int, Message]] = []
        size = 0
        for number, record in self.records():
            if batch and (len(batch) == BATCH_RECORDS or size + record.ByteSize() > BATCH_BYTES):
                yield batch
                batch, size = [], 0
            batch.append((number, record))
            size += record.ByteSize()
        if batch:
            yield batch


def _read(record: Message, line: bytes) -> None:
    """Fill a record from a line. Raises BadValue."""
    if len(line) > MAX_LINE:
        raise BadValue("", f"must be shorter than {MAX_LINE:,} bytes")
    try:
        found = json.loads(line.decode(), parse_constant=_refuse, parse_int=_whole)
    except UnicodeDecodeError:
        raise BadValue("", "must be UTF-8") from None
    except RecursionError:
        raise BadValue("", "must be JSON that is not nested so deeply") from None
    except ValueError as error:
        raise BadValue("", f"must be JSON: {error}") from None
    fill(record, found)


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number has more than {MAX_DIGITS} digits")
    return int(digits)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


async def import_records(access: Access, lines: Lines, owner: Owner) -> Stored:
    """Store the records of a file and return what became of its lines. Raises CommandFailed when a call fails."""
    total, refusals = Stored(), lines.refusals
    batches, size = lines.batches(), max(lines.file.stat().st_size, 1)
    async with service_at(access, "generation") as channel:
        stub = InputServiceStub(channel)
        with Bar(lines.file.name, total=1.0) as bar:
            for first in batches:
                numbers: list[int] = []
                some = chain([first], islice(batches, BATCHES_PER_CALL - 1))
                call = stub.Upsert(metadata=access.as_operator(), timeout=CALL_WITHIN_S)
                answer = await send(call, _requests(lines.kind, owner, some, numbers))
                for one in answer.refusals:
                    refusals.describe(numbers[one.index], f"{one.field}: {one.reason}")
                refusals.count += answer.refused_count
                total.add(Stored(answer.stored_count, answer.unchanged_count))
                bar.show(min(lines.read_bytes / size, 1.0))
    total.refused = refusals.count
    return total


def _requests(
    kind: str, owner: Owner, batches: Iterator[list[tuple[int, Message]]], numbers: list[int]
) -> Iterator[pb.UpsertRequest]:
    """Yield batches as requests; the numbers of their lines are known by the time they are sent."""
    for batch in batches:
        numbers.extend(number for number, _ in batch)
        yield from requests_of(owner, kind, iter([[record for _, record in batch]]))


async def _target(access: Access, owner: str, workspace: str) -> Owner:
    if not workspace:
        return Owner(owner_login=owner)
    async with service_at(access, "generation") as channel:
        return Owner(workspace_id=(await workspace_of(channel, access, workspace, owner)).id)


def command(kind: str) -> Any:
    """Return the command that imports records of a kind."""

    def import_kind(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of JSON Lines in UTF-8.")],
        owner: Annotated[str, typer.Option(metavar="LOGIN", help="Login of the account that owns the records.")] = "",
        workspace: Annotated[str, typer.Option(metavar="NAME", help="Name of the workspace that owns them.")] = "",
        *,
        as_json: Annotated[bool, typer.Option("--json", help="Print the counts only.")] = False,
        data_dir: DataDirOption = None,
    ) -> None:
        if not (owner or workspace):
            raise CommandFailed("the records need an owner: give --owner or --workspace")
        if not file.is_file():
            raise CommandFailed(f"{file}: no such file")
        access, lines = find_access(data_dir), Lines(file, kind, Refusals())

        async def work() -> Stored:
            return await import_records(access, lines, await _target(access, owner, workspace))

        stored = run(work())
        _report(lines)
        print_json({"stored": stored.stored, "unchanged": stored.unchanged, "refused": stored.refused})
        if not as_json:
            words = f"{stored.stored} stored, {stored.unchanged} unchanged, {stored.refused} refused"
            print(f"{file}: {words}", file=sys.stderr)
        if lines.count and not stored.stored + stored.unchanged:
            raise typer.Exit(1)

    import_kind.__doc__ = f"""Store {kind} from a file of JSON Lines.

    Prints {{"stored": N, "unchanged": N, "refused": N}}. A record replaces the stored one of the same key; importing a
    file again changes nothing. Times are ISO 8601, UTC without an offset. Refused lines are named, all others are
    stored. Exit code 1 when every line is refused.
    """
    return import_kind


def _report(lines: Lines) -> None:
    for number, why in lines.refusals.first:
        print(f"{lines.file}: line {number}: {why}", file=sys.stderr)
    others = lines.refusals.count - len(lines.refusals.first)
    if others:
        print(f"{lines.file}: {others} more lines are refused", file=sys.stderr)
