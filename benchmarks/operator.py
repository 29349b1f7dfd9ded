"""Operator of a running stack: stores and lists records of inputs over gRPC."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from daybook.input.v1.input_service_pb2 import ListRequest, UpsertRequest
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub

from benchmarks.stack import Stack
from services.runtime.channel import open_channel

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Operator:
    """Channel to generation, and the metadata of an operator's calls."""

    channel: grpc.aio.Channel
    metadata: tuple[tuple[str, str], ...]

    async def upsert(self, owner: str | int, kind: str, records: Sequence[Any]) -> list[int]:
        """Store records of an account, by login, or of a workspace, by id, and return their ids."""
        requests = []
        for place in range(0, len(records), AT_ONCE):
            request = UpsertRequest()
            if isinstance(owner, int):
                request.workspace_id = owner
            else:
                request.owner_login = owner
            getattr(request.batch, kind).items.extend(records[place : place + AT_ONCE])
            requests.append(request)
        answer = await InputServiceStub(self.channel).Upsert(iter(requests), metadata=self.metadata)
        assert not answer.refusals, answer.refusals[0]
        return list(answer.ids)

    async def owner_of(self, workspace_id: int) -> int:
        """Return the id of the first member of a workspace, who owns it."""
        request = ListRequest(kind="members", workspace_id=workspace_id, page_size=1)
        page = await InputServiceStub(self.channel).List(request, metadata=self.metadata)
        return page.batch.members.items[0].user_id


@asynccontextmanager
async def operator_of(stack: Stack) -> AsyncIterator[Operator]:
    """Give an operator of a stack."""
    token = await asyncio.to_thread(Path(stack.folder, "operator-token").read_text)
    async with open_channel(stack.addresses.generation) as channel:
        yield Operator(channel, (("authorization", f"Bearer {token.strip()}"),))
