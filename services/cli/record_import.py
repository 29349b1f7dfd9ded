"""Import of JSON Lines: the records of any kind of the contract into the store."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from typing import Any

from daybook.input.v1 import input_service_pb2 as pb
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from services.cli.client import Access, send, service_at
from services.cli.import_result import Stored
from services.cli.json_lines import JsonLines
from services.cli.json_records import fill, key_path
from services.cli.json_values import BadValue
from services.cli.output import Bar
from services.cli.records import Owner, requests_of, workspace_of
from services.cli.storing import BATCHES_PER_CALL, CALL_WITHIN_S

BATCH_RECORDS = 1000
BATCH_BYTES = 2 * 2**20  # half of what a message may hold


def kinds() -> list[str]:
    """Return the kinds of records that the contract has, by the names of their lists."""
    lists = pb.Batch.DESCRIPTOR.oneofs_by_name["records"].fields
    return [one.name for one in lists if one.message_type and one.message_type.name.endswith("List")]


def record_type(kind: str) -> type[Message]:
    """Return the message of a kind of records."""
    records: Any = pb.Batch.DESCRIPTOR.fields_by_name[kind].message_type
    return GetMessageClass(records.fields_by_name["items"].message_type)


@dataclass(slots=True)
class Lines(JsonLines):
    """Lines of a file as records of a kind."""

    kind: str = field(kw_only=True)

    def records(self) -> Iterator[tuple[int, Message]]:
        """Yield the number and the record of each good line."""
        new = record_type(self.kind)
        for number, found in self.objects():
            record = new()
            try:
                fill(record, found)
            except BadValue as bad:
                self.refusals.add(number, str(bad))
            else:
                yield number, record

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


async def import_records(access: Access, lines: Lines, owner: Owner) -> Stored:
    """Store the records of a file and return what became of its lines. Raises CommandFailed when a call fails."""
    batches, size = lines.batches(), max(lines.file.stat().st_size, 1)
    async with service_at(access, "generation") as channel:
        stub = InputServiceStub(channel)
        with Bar(lines.file.name, total=1.0) as bar:
            for first in batches:
                numbers: list[int] = []
                some = chain([first], islice(batches, BATCHES_PER_CALL - 1))
                call = stub.Upsert(metadata=access.as_operator(), timeout=CALL_WITHIN_S)
                await send(call, _requests(lines.kind, owner, some, numbers), partial(_note, lines, numbers))
                bar.show(min(lines.read_bytes / size, 1.0))
    return lines.counts


def _note(lines: Lines, numbers: list[int], answer: pb.UpsertResponse) -> None:
    for one in answer.refusals:
        key = key_path(record_type(lines.kind), one.field)
        lines.refusals.describe(numbers[one.index], f"{key}: {one.reason}")
    lines.refusals.count += answer.refused_count
    lines.accepted.add(Stored(answer.stored_count, answer.unchanged_count))


def _requests(
    kind: str, owner: Owner, batches: Iterator[list[tuple[int, Message]]], numbers: list[int]
) -> Iterator[pb.UpsertRequest]:
    """Yield batches as requests; the numbers of their lines are known by the time they are sent."""
    for batch in batches:
        numbers.extend(number for number, _ in batch)
        yield from requests_of(owner, kind, iter([[record for _, record in batch]]))


async def target_of(access: Access, owner: str, workspace: str) -> Owner:
    """Return the account or the workspace that shall own records. Raises CommandFailed."""
    if not workspace:
        return Owner(owner_login=owner)
    async with service_at(access, "generation") as channel:
        return Owner(workspace_id=(await workspace_of(channel, access, workspace, owner)).id)
