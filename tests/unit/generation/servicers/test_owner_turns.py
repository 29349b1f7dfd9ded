"""Turns of owners at storing batches, and of accounts at lists."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

from daybook.input.v1.input_service_pb2 import ListRequest

from services.generation.accounts.authentication import Principal
from services.generation.accounts.user import User
from services.generation.domain.paging import Page
from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.input_scope import Scope
from services.generation.inputs.input_service import InputService
from services.generation.inputs.parking_settings import ParkingSettings
from services.generation.inputs.series_service import SeriesService
from services.generation.inputs.trackers import TRACKERS
from services.generation.servicers.input import InputServicer
from services.generation.servicers.input_owners import InputOwners
from services.generation.servicers.owner_turns import BatchTurns
from tests.builders.people import user

ANN, BOB = "ann", "bob"


async def _settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_an_owner_holds_half_of_the_turns_and_the_next_owner_waits_for_none_of_its_streams() -> None:
    """Though the first has twenty streams: two of four batches are its, and all of them are stored in the end."""
    turns, stored, let = BatchTurns(4), list[str](), asyncio.Event()

    async def store(owner: str) -> None:
        async with turns.turn(owner):
            stored.append(owner)
            await let.wait()

    tasks = [asyncio.create_task(store(ANN)) for _ in range(20)]
    await _settled()
    assert [ANN, ANN] == stored
    tasks.append(asyncio.create_task(store(BOB)))
    await _settled()
    assert [ANN, ANN, BOB] == stored

    let.set()
    await asyncio.gather(*tasks)
    assert 20 == stored.count(ANN)


async def test_a_stream_that_is_cancelled_leaves_its_turn_to_others() -> None:
    """Both while it holds it and while it waits for it."""
    turns, stored = BatchTurns(1), list[str]()

    async def store(owner: str, seconds: float) -> None:
        async with turns.turn(owner):
            stored.append(owner)
            await asyncio.sleep(seconds)

    holding, waiting = (asyncio.create_task(store(ANN, 3600)) for _ in range(2))
    await _settled()
    waiting.cancel()
    holding.cancel()
    await asyncio.gather(holding, waiting, return_exceptions=True)
    await store(BOB, 0)

    assert [ANN, BOB] == stored


class OpenInputs(InputService):
    """Inputs whose pages are begun, and end once they are let."""

    def __init__(self) -> None:
        self.begun: list[int | None] = []
        self.let = asyncio.Event()

    async def page(self, kind: InputKind[Any], scope: Scope, page: Page, matching: Any) -> Sequence[Any]:
        assert (TRACKERS, 100, "") == (kind, page.size, matching.text)
        self.begun.append(scope.owner_id)
        await self.let.wait()
        return []

    async def count(self, kind: InputKind[Any], scope: Scope, matching: Any) -> int:
        assert (TRACKERS, "") == (kind, matching.text)
        return scope.owner_id or 0


class KnownOwners(InputOwners):
    """Owners whose callers are known by the context of the call, an account or None for an operator."""

    def __init__(self) -> None:
        """Know no credentials."""

    async def caller(self, context: Any) -> Principal:
        return Principal(context, operator=context is None)

    async def account(self, login: str) -> int:
        return int(login)


async def test_inputs_are_listed_one_page_at_a_time_for_each_account() -> None:
    """For operators so are those of each owner that they name."""
    inputs, unused = OpenInputs(), object.__new__
    servicer = InputServicer(inputs, unused(SeriesService), unused(ParkingSettings), KnownOwners())

    async def listed(caller: User | None, login: str = "") -> int:
        request: Any = ListRequest(kind="trackers", owner_login=login)
        return (await servicer.List(request, cast("Any", caller))).total_size

    callers = (user(id=1), user(id=1), user(id=2), None, None)
    calls = zip(callers, ("", "", "", "7", "7"), strict=True)
    asked = [asyncio.create_task(listed(*call)) for call in calls]
    await _settled()
    assert [1, 2, 7] == inputs.begun
    inputs.let.set()

    assert [1, 1, 2, 7, 7] == await asyncio.gather(*asked)
