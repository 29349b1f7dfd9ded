"""Turns at the look-ups in workspaces."""

import asyncio
from collections.abc import Sequence
from typing import Any

from daybook.input.v1.workspace_pb2 import Client
from daybook.workspace.v1.workspace_service_pb2 import ListClientsRequest

from services.generation.accounts.authentication import Authenticator, Principal
from services.generation.servicers.workspace import WorkspaceServicer
from services.generation.timetracking.entry_deletion import EntryDeletion
from services.generation.timetracking.lookups import LookupService
from tests.builders.people import user

ANN, BOB = user(id=1), user(id=2, login="bob")


class OpenLookups(LookupService):
    """Look-ups that are begun, and end once they are let."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.let = asyncio.Event()

    async def clients(
        self, workspace_id: int, caller: Principal | None, name: str, archived: bool | None
    ) -> Sequence[Client]:
        assert (name, archived) == ("", None)
        self.begun.append(workspace_id)
        await self.let.wait()
        return [Client(id=workspace_id)] if caller else []


class KnownCaller(Authenticator):
    """Callers whose credentials are the ids of their accounts."""

    def __init__(self) -> None:
        """Know no credentials."""

    async def principal(self, authorization: str | None, address: str) -> Principal | None:
        assert address
        return Principal(BOB if authorization == str(BOB.id) else ANN)


class Call:
    """Context of a call with credentials."""

    def __init__(self, user_id: int) -> None:
        self._user_id = user_id

    def invocation_metadata(self) -> tuple[tuple[str, str], ...]:
        return (("authorization", str(self._user_id)),)

    def peer(self) -> str:
        return "ipv4:127.0.0.1:1"


async def test_an_account_reads_one_list_at_a_time_and_others_do_not_wait_for_it() -> None:
    """The next list of the account begins when the one before it has ended."""
    lookups = OpenLookups()
    servicer = WorkspaceServicer(lookups, EntryDeletion.__new__(EntryDeletion), KnownCaller())

    async def listed(workspace_id: int, user_id: int) -> int:
        context: Any = Call(user_id)
        answer = await servicer.ListClients(ListClientsRequest(workspace_id=workspace_id), context)
        return answer.clients[0].id

    asked = [asyncio.create_task(listed(number, one.id)) for number, one in ((1, ANN), (2, ANN), (3, BOB), (4, ANN))]
    for _ in range(10):
        await asyncio.sleep(0)
    assert [1, 3] == lookups.begun
    lookups.let.set()

    assert [1, 2, 3, 4] == await asyncio.gather(*asked)
    assert [1, 3, 2, 4] == lookups.begun
