"""Records of inputs over gRPC: storing and listing those of any kind."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Protocol, TypeVar

from daybook.input.v1 import input_service_pb2 as pb
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub
from daybook.input.v1.workspace_pb2 import Workspace
from google.protobuf.message import Message
from grpc.aio import Channel

from services.cli.client import DEADLINE_S, Access, send
from services.cli.errors import CommandFailed
from services.runtime.shown_text import shown

Window = tuple[datetime | None, datetime | None]
PAGE_SIZE = 1000
BATCH_SIZE = 1000
DELETED_WITHIN_S = 3600.0


class Paged(Protocol):
    """Page of a list."""

    next_page_token: str


Page = TypeVar("Page", bound=Paged)


async def pages(fetch: Callable[[str], Awaitable[Page]]) -> AsyncIterator[Page]:
    """Yield all pages of a list; `fetch` returns the page of a token."""
    token = ""
    while True:
        page = await fetch(token)
        yield page
        token = page.next_page_token
        if not token:
            return


@dataclass(frozen=True, slots=True)
class Owner:
    """Owner of records: the login of an account, or the id of a workspace."""

    owner_login: str = ""
    workspace_id: int = 0


class Records:
    """Records of an owner, read and written as an operator."""

    def __init__(self, channel: Channel, access: Access, owner: Owner) -> None:
        self._stub = InputServiceStub(channel)
        self._operator = access.as_operator()
        self._owner = owner

    async def all(
        self, kind: str, text: str = "", *, ids: Sequence[int] = (), between: Window = (None, None)
    ) -> AsyncIterator[Message]:
        """Yield the records of a kind: of ids if any, with a text in a name, entries that start between moments."""

        def fetch(token: str) -> Awaitable[pb.ListResponse]:
            request = pb.ListRequest(kind=kind, page_size=PAGE_SIZE, page_token=token, ids=ids, text=text)
            for moment, found in zip((request.start_time, request.end_time), between, strict=True):
                if found is not None:
                    moment.FromDatetime(found)
            request.owner_login, request.workspace_id = self._owner.owner_login, self._owner.workspace_id
            return self._stub.List(request, metadata=self._operator, timeout=DEADLINE_S)

        async for page in pages(fetch):
            for record in getattr(page.batch, kind).items:
                yield record

    async def upsert(self, kind: str, records: Sequence[Message]) -> list[int]:
        """Store records and return their ids. Raises CommandFailed when one of them is refused."""
        return _ids_of(await self._send(requests_of(self._owner, kind, batches_of(records))), {})

    async def create(self, kind: str, record: Message, taken: str) -> int:
        """Store a new record and return its id.

        Raises CommandFailed when it is refused, with the words of `taken` where its id is.
        """
        (request,) = requests_of(self._owner, kind, iter([[record]]))
        request.create_only = True
        return _ids_of(await self._send(iter([request])), {"id": taken})[0]

    async def _send(self, requests: Iterator[pb.UpsertRequest]) -> pb.UpsertResponse:
        call = self._stub.Upsert(metadata=self._operator, timeout=DEADLINE_S)
        return await send(call, requests)

    async def get(self, kind: str, key: Message) -> tuple[Message, Sequence[pb.Recording]]:
        """Return the record with the key of another one, and what is recorded of it."""
        request = pb.GetRequest(owner_login=self._owner.owner_login, workspace_id=self._owner.workspace_id)
        if id_ := id_of(key):
            request.kind, request.id = kind, id_
        else:
            getattr(request.key, kind).items.append(key)
        answer = await self._stub.Get(request, metadata=self._operator, timeout=DEADLINE_S)
        return getattr(answer.record, kind).items[0], answer.recordings

    async def change(self, kind: str, record: Message, paths: Sequence[str]) -> Message:
        """Change the fields of a record that these paths name, and return all of it."""
        request = pb.UpdateRequest(owner_login=self._owner.owner_login, workspace_id=self._owner.workspace_id)
        getattr(request.record, kind).items.append(record)
        request.update_mask.paths.extend(paths)
        answer = await self._stub.Update(request, metadata=self._operator, timeout=DEADLINE_S)
        changed: Message = getattr(answer.record, kind).items[0]
        return changed

    async def delete(self, kind: str, keys: Sequence[Message], *, detach: bool = False) -> int:
        """Delete the records with these keys, all or none, and return how many they were."""
        request = pb.DeleteRequest(owner_login=self._owner.owner_login, workspace_id=self._owner.workspace_id)
        request.kind, request.detach, ids = kind, detach, [id_of(key) for key in keys]
        if all(ids):
            request.ids.extend(ids)
        else:
            getattr(request.keys, kind).items.extend(keys)
        answer = await self._stub.Delete(request, metadata=self._operator, timeout=DELETED_WITHIN_S)
        return answer.deleted_count

    async def clear(self, series: str, id_: int, start: datetime | None, end: datetime | None) -> int:
        """Delete the samples of an interval and return how many there were."""
        request = pb.DeleteSamplesRequest(owner_login=self._owner.owner_login, series=series, entity_id=id_)
        if start is not None:
            request.start_time.FromDatetime(start)
        if end is not None:
            request.end_time.FromDatetime(end)
        answer = await self._stub.DeleteSamples(request, metadata=self._operator, timeout=DELETED_WITHIN_S)
        return answer.deleted_count


def id_of(record: Message) -> int:
    """Return the id of a record; 0 for a kind without ids."""
    names = record.DESCRIPTOR.fields_by_name
    return int(getattr(record, "id" if "id" in names else "user_id", 0))


def _ids_of(answer: pb.UpsertResponse, words: Mapping[str, str]) -> list[int]:
    """Return the ids of an answer. Raises CommandFailed when something is refused, in other words for some fields."""
    for one in answer.refusals:
        raise CommandFailed(words.get(one.field) or f"{one.field}: {one.reason}")
    return list(answer.ids)


def batches_of(records: Sequence[Message]) -> Iterator[list[Message]]:
    """Yield records in batches that one request takes."""
    source = iter(records)
    while some := list(islice(source, BATCH_SIZE)):
        yield some


def requests_of(owner: Owner, kind: str, batches: Iterator[list[Message]]) -> Iterator[pb.UpsertRequest]:
    """Yield batches of records as requests."""
    for batch in batches:
        request = pb.UpsertRequest(owner_login=owner.owner_login, workspace_id=owner.workspace_id)
        getattr(request.batch, kind).items.extend(batch)
        yield request


async def workspaces_named(channel: Channel, access: Access, name: str, owner: str) -> list[Workspace]:
    """Return the workspaces of a name that an account owns, or any account for owner ""."""
    records = Records(channel, access, Owner(owner))
    return [found async for found in records.all("workspaces") if isinstance(found, Workspace) and found.name == name]


async def workspace_of(channel: Channel, access: Access, name: str, login: str) -> Workspace:
    """Return the workspace of a name that an account owns, else the only one of that name.

    Raises CommandFailed when there is none, or more than one of other accounts.
    """
    found = await workspaces_named(channel, access, name, login)
    found = found or await workspaces_named(channel, access, name, "")
    if not found:
        raise CommandFailed(f"there is no workspace {shown(repr(name))}")
    if len(found) > 1:
        raise CommandFailed(
            f"several workspaces are called {shown(repr(name))}, and none of them is of {shown(repr(login))}"
        )
    return found[0]
