"""Reports of several accounts in the making at once, and reports that end their workers again and again."""

import asyncio
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from services.generation.reporting import job_runner
from services.generation.reporting.units import SheetResult, SheetUnit
from tests.builders.report_jobs import Factory, no_sheet, quick, until, working

EVE, BOB = 1, 2


class Turns:
    """A sheet's work that notes its account and report, and goes on when it is let through."""

    def __init__(self) -> None:
        self._passes = threading.Semaphore(0)
        self.accounts: list[int] = []
        self.reports: list[int] = []

    def open(self, count: int = 1_000) -> None:
        self._passes.release(count)

    def __call__(self, unit: SheetUnit) -> SheetResult:
        self.accounts.append(unit.report.account_id)
        self.reports.append(unit.report.id)
        assert self._passes.acquire(timeout=120)
        return no_sheet(unit)


@pytest.fixture
def turns(factory: Factory) -> Turns:
    """Give the turns of a factory's units."""
    quick(factory).make_sheet = made = Turns()
    return made


async def ask(factory: Factory, account_id: int, trackers: int, **changes: object) -> int:
    """Queue a report of an account."""
    owned = {"owner_id": account_id, "account_id": account_id, "create_time": datetime.now(UTC)}
    return await factory.ask(trackers, **owned | changes)


async def state(factory: Factory, report_id: int) -> Any:
    """Return the state of any account's report."""
    return (await factory.db.reports.find_one({"_id": report_id}))["state"]


@pytest.mark.parametrize("at_once", [1, 4])
async def test_a_report_waits_for_one_unit_of_another_account(factory: Factory, turns: Turns, at_once: int) -> None:
    """Eve's five reports of twenty trackers hold all places and wait behind; bob's begins when a unit of hers ends."""
    for _ in range(5):
        await ask(factory, EVE, 20)
    runner = factory.jobs(at_once)
    async with working(runner):
        await until(lambda: len(turns.accounts) == factory.executor.at_once)
        await ask(factory, BOB, 1)
        runner.wake()
        await until(lambda: BOB in runner._places._waiting)
        turns.open(1)
        await until(lambda: len(turns.accounts) > factory.executor.at_once)
        assert [EVE] * factory.executor.at_once + [BOB] == turns.accounts
        turns.open(1)
        await until(lambda: len(turns.accounts) > factory.executor.at_once + 1)
        turns.open()


async def test_units_of_accounts_take_turns(factory: Factory, turns: Turns) -> None:
    """As long as both have work, neither is more than two units ahead in a stretch, however much more one has."""
    for _ in range(3):
        await ask(factory, EVE, 10)
    await ask(factory, BOB, 8)
    runner = factory.jobs()
    async with working(runner):
        await until(lambda: len(turns.accounts) == factory.executor.at_once)
        await until(lambda: BOB in runner._places._waiting)
        begun = len(turns.accounts)
        for _ in range(12):
            turns.open(1)
            await until(lambda begun=begun: len(turns.accounts) > begun)
            begun = len(turns.accounts)
        turns.open()

    assert 5 <= turns.accounts[:13].count(BOB) <= 8
    assert len({*turns.reports[:13]}) > 2


async def test_the_making_is_fair_over_two_services(factory: Factory, turns: Turns) -> None:
    """When eve fills both, bob's report is claimed by one of them and by one only."""
    for _ in range(5):
        await ask(factory, EVE, 20)
    runners = [factory.jobs(2), factory.jobs(2)]
    async with working(runners[0]), working(runners[1]):
        await until(lambda: len(turns.accounts) == 2 * factory.executor.at_once)
        bobs = await ask(factory, BOB, 1)
        await until(lambda: any(BOB in runner._places._waiting for runner in runners))
        begun = len(turns.accounts)
        while BOB not in turns.accounts:
            turns.open(1)
            await until(lambda begun=begun: len(turns.accounts) > begun)
            begun += 1
        turns.open()
        while await state(factory, bobs) != "finished":  # noqa: ASYNC110 - what it looks at knows nothing of the loop
            await asyncio.sleep(0.01)

    assert 1 == turns.accounts.count(BOB)


async def test_a_report_that_may_end_the_service_runs_alone(factory: Factory, turns: Turns) -> None:
    """It begins when nothing else is left, and what is asked for meanwhile begins after it."""
    suspect = await ask(factory, EVE, 1)
    await factory.db.reports.update_one({"_id": suspect}, {"$set": {"losses": 2}})
    first = await ask(factory, BOB, 1)
    runner = factory.jobs()
    async with working(runner):
        await until(lambda: turns.reports == [first])
        second = await ask(factory, BOB, 1)
        runner.wake()
        await until(lambda: turns.reports == [first, second])
        turns.open(2)
        await until(lambda: turns.reports == [first, second, suspect])
        third = await ask(factory, BOB, 1)
        runner.wake()
        await asyncio.sleep(0.3)
        assert "queued" == await state(factory, third)
        turns.open()
        await factory.ended(suspect)
        await until(lambda: turns.reports == [first, second, suspect, third])


async def test_a_report_that_may_end_the_service_is_not_put_off_for_ever(
    factory: Factory, turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it has been due for a while nothing else is claimed until it has run."""
    monkeypatch.setattr(job_runner, "DRAIN_AFTER_S", 0.0)
    monkeypatch.setattr(job_runner, "POLL_S", 600.0)  # nothing is claimed before it may end the service
    first = await ask(factory, BOB, 1)
    runner = factory.jobs()
    async with working(runner):
        await until(lambda: turns.reports == [first])
        suspect = await ask(factory, EVE, 1)
        await factory.db.reports.update_one({"_id": suspect}, {"$set": {"losses": 2}})
        second = await ask(factory, BOB, 1)
        runner.wake()
        await asyncio.sleep(0.3)
        assert "queued" == await state(factory, second)
        turns.open()
        await until(lambda: turns.reports == [first, suspect, second])


async def test_a_service_takes_up_what_its_dead_predecessor_left(factory: Factory) -> None:
    """At its start, long before the lease ends; another service's reports keep their leases."""
    left, others = await ask(factory, EVE, 1), await ask(factory, BOB, 1)
    for report_id, worker_id in ((left, "here:dead"), (others, "there:alive")):
        taken = await factory.queue.claim(worker_id)
        assert taken is not None
        assert report_id == taken.id
    far = {"$set": {"lease_time": datetime(2100, 1, 1, tzinfo=UTC)}}
    await factory.db.reports.update_many({}, far)
    async with working(quick(factory).jobs(name="here")):
        made = await factory.ended(left)

    assert ("finished", 2, 1) == (made.state, made.attempt, made.losses)
    assert "running" == await state(factory, others)
