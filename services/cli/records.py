"""Records of inputs over gRPC: storing and listing those of any kind."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

from daybook.input.v1 import input_service_pb2 as pb
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub
from google.protobuf.message import Message
from grpc.aio import Channel

from services.cli.client import DEADLINE_S, Access
from services.cli.errors import CommandFailed
from services.cli.streaming import send

PAGE_SIZE = 1000
BATCH_SIZE = 1000


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

    async def all(self, kind: str, text: str = "") -> AsyncIterator[Message]:
        """Yield the records of a kind, of which a name contains a text."""

        def fetch(token: str) -> Awaitable[pb.ListResponse]:
            request = pb.ListRequest(kind=kind, page_size=PAGE_SIZE, page_token=token, text=text)
            request.owner_login, request.workspace_id = self._owner.owner_login, self._owner.workspace_id
            return self._stub.List(request, metadata=self._operator, timeout=DEADLINE_S)

        async for page in pages(fetch):
            for record in getattr(page.batch, kind).items:
                yield record

    async def upsert(self, kind: str, records: Sequence[Message]) -> list[int]:
        """Store records and return their ids. Raises CommandFailed when one of them is refused."""
        call = self._stub.Upsert(metadata=self._operator, timeout=DEADLINE_S)
        answer = await send(call, requests_of(self._owner, kind, batches_of(records)))
        if answer.refusals:
            raise CommandFailed(f"{answer.refusals[0].field}: {answer.refusals[0].reason}")
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
