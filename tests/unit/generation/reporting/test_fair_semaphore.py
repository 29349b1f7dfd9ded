"""Places that accounts share."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.reporting.fair_semaphore import FairSemaphore

EVE, BOB, ANN = 1, 2, 3


class Workers:
    """Tasks that hold a semaphore whose size may change; each leaves when it is told to."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.places = FairSemaphore(lambda: self.size)
        self.inside: list[tuple[int, int]] = []  # accounts and reports in the order of their turns
        self.leave: list[asyncio.Event] = []
        self.most = 0

    async def work(self, account_id: int, report_id: int) -> None:
        async with self.places.place(account_id, report_id):
            self.inside.append((account_id, report_id))
            self.leave.append(asyncio.Event())
            self.most = max(self.most, sum(not one.is_set() for one in self.leave))
            await self.leave[-1].wait()

    def begin(self, count: int, account_id: int = EVE, report_id: int = 1) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(self.work(account_id, report_id)) for _ in range(count)]

    async def run_dry(self) -> list[int]:
        """Let the workers leave in the order in which they came, and return the accounts in the order of turns."""
        await settle()
        left = 0
        while left < len(self.leave):
            self.leave[left].set()
            left += 1
            await settle()
        return [account_id for account_id, _ in self.inside]


async def settle() -> None:
    """Let all other tasks go as far as they can."""
    for _ in range(6):
        await asyncio.sleep(0)


async def test_no_more_than_the_size_hold_a_place() -> None:
    """The others of an account follow in the order in which they asked."""
    workers = Workers(2)
    tasks = [asyncio.create_task(workers.work(EVE, 1)) for _ in range(5)]
    await settle()
    assert 2 == len(workers.inside)

    assert [EVE] * 5 == await workers.run_dry()
    assert 2 == workers.most
    await asyncio.gather(*tasks)


async def test_accounts_take_turns() -> None:
    """However many units one has, the next place is another's that waits."""
    workers = Workers(1)
    tasks = workers.begin(6)
    await settle()
    tasks += workers.begin(2, BOB) + workers.begin(3, ANN)

    assert [EVE, BOB, ANN, EVE, BOB, ANN, EVE, ANN, EVE, EVE, EVE] == await workers.run_dry()
    await asyncio.gather(*tasks)


async def test_reports_of_an_account_take_its_turns() -> None:
    """One of each report in turn, so that the last of them does not wait for the first to be done."""
    workers = Workers(1)
    tasks = workers.begin(3, EVE, 1) + workers.begin(2, EVE, 2) + workers.begin(1, EVE, 3)
    await workers.run_dry()

    assert [1, 2, 3, 1, 2, 1] == [report_id for _, report_id in workers.inside]
    await asyncio.gather(*tasks)


async def test_a_long_unit_costs_its_own_account() -> None:
    """An account whose unit holds a place does not get the other place too while another account waits."""
    workers = Workers(2)
    tasks = workers.begin(4, EVE)
    await settle()
    tasks += workers.begin(3, BOB)
    for place in (1, 2, 3):  # the first unit of eve goes on
        await settle()
        workers.leave[place].set()
    await settle()

    assert [EVE, EVE, BOB, BOB, BOB] == [account_id for account_id, _ in workers.inside]
    await workers.run_dry()
    await asyncio.gather(*tasks)


async def test_a_size_that_grew_admits_more() -> None:
    """The size counts that holds when a holder leaves."""
    workers = Workers(1)
    tasks = workers.begin(4)
    await settle()
    workers.size = 3
    tasks[0].cancel()
    await settle()

    assert 4 == len(workers.inside)
    await workers.run_dry()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_cancelled_waiter_holds_no_place() -> None:
    """Neither before its turn nor in the moment when it comes."""
    workers = Workers(1)
    tasks = [asyncio.create_task(workers.work(EVE, number)) for number in range(4)]
    await settle()
    tasks[1].cancel()
    tasks[0].cancel()
    await asyncio.sleep(0)
    tasks[2].cancel()
    await settle()

    assert (EVE, 3) == workers.inside[-1]
    await workers.run_dry()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert not workers.places._held
    assert not workers.places._waiting


async def test_an_account_that_comes_again_and_again_does_not_overtake() -> None:
    """One that asks for its next place after each that it had waits for the turns of others."""
    workers = Workers(1)
    tasks = workers.begin(4, EVE)
    for place in range(6):
        tasks += workers.begin(1, BOB)
        await settle()
        workers.leave[place].set()

    assert [EVE, BOB, EVE, BOB, EVE, BOB] == [account_id for account_id, _ in workers.inside][:6]
    await workers.run_dry()
    await asyncio.gather(*tasks)


@pytest.mark.parametrize("size", [1, 3])
@given(counts=st.dictionaries(st.integers(1, 6), st.integers(1, 8), min_size=2))
def test_nobody_waits_for_more_than_a_turn_of_each(size: int, counts: dict[int, int]) -> None:
    """Between two turns of an account that waits no other account has more than two, whatever their numbers."""

    async def turns() -> list[int]:
        workers = Workers(size)
        tasks = [one for account_id, count in counts.items() for one in workers.begin(count, account_id)]
        order = await workers.run_dry()
        await asyncio.gather(*tasks)
        return order

    order = asyncio.run(turns())
    assert sum(counts.values()) == len(order)
    for account_id in counts:
        places = [place for place, one in enumerate(order) if one == account_id]
        for before, after in pairwise(places):
            between = order[max(before + 1, size) : after]  # the first places were free
            assert all(between.count(other) <= 2 for other in set(between))
