"""Turns of accounts and reports that lost their workers, which the fake of the queue and MongoDB keep alike."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.errors.reports import TooManyReports
from services.generation.reporting.report import Report, ReportResult
from services.generation.reporting.report_store import Queue, Reports
from services.generation.store.mongo_queue import MongoQueue
from services.generation.store.mongo_reports import MongoReports
from tests.builders.people import NOON, report
from tests.fakes.reports import FakeQueue, FakeReports

EVE, BOB, ANN = 1, 2, 3
LEASE, MONTH = timedelta(seconds=15), timedelta(days=30)


@dataclass
class Ports:
    """Both ports over the same reports, and ways to end a lease and a back-off."""

    reports: Reports
    queue: Queue
    retry_time: Callable[[Report], Awaitable[datetime | None]]
    end_back_off: Callable[[], Awaitable[Any]]

    async def ask(self, account_id: int, count: int = 1, **changes: object) -> list[int]:
        """Queue reports of an account, each asked for a second after the last."""
        moments = [NOON + timedelta(hours=account_id, seconds=number) for number in range(count)]
        return [
            await self.reports.queue(
                report(**{"owner_id": account_id, "account_id": account_id, "create_time": one} | changes)
            )
            for one in moments
        ]

    async def claimed(self, worker_id: str = "me") -> Report:
        """Return the next report, claimed."""
        found = await self.queue.claim(worker_id)
        assert found is not None
        return found

    async def lose(self, times: int) -> Report:
        """Claim a report and lose it so often; return it as it was claimed last."""
        for _ in range(times):
            await self.end_back_off()
            taken = await self.queue.claim("lost:1") or await self.queue.claim_alone("lost:1")
            assert taken is not None
            await self.queue.release("lost")
        return taken


@pytest.fixture(params=["fake", "mongo"])
async def ports(request: pytest.FixtureRequest, db: Any) -> AsyncIterator[Ports]:
    if request.param == "fake":
        fakes = FakeReports(slots=5, account_slots=10)

        async def retry(taken: Report) -> datetime | None:
            return fakes.retry_times.get(taken.id)

        async def end_back_off() -> None:
            fakes.retry_times.clear()

        yield Ports(fakes, FakeQueue(fakes), retry, end_back_off)
    else:

        async def stored_retry(taken: Report) -> datetime | None:
            found = await db.reports.find_one({"_id": taken.id})
            moment: datetime | None = found.get("retry_time")
            return moment

        def unset() -> Awaitable[Any]:
            return db.reports.update_many({}, {"$unset": {"retry_time": 1}})

        yield Ports(MongoReports(db, 5, 10), MongoQueue(db, LEASE, MONTH), stored_retry, unset)


async def test_accounts_take_turns(ports: Ports) -> None:
    """Whoever asked for more, and earlier, each account's next report comes after one of every other account."""
    await ports.ask(EVE, 5)
    await ports.ask(BOB, 2)
    await ports.ask(ANN, 3)
    order = []
    for _ in range(10):
        taken = await ports.claimed()
        order.append(taken.account_id)
        await ports.queue.finish(taken, "me", ReportResult())

    assert [EVE, BOB, ANN, EVE, BOB, ANN, EVE, ANN, EVE, EVE] == order


async def test_an_account_that_asks_again_and_again_has_its_turn_only(ports: Ports) -> None:
    """One that has a new report after each that is finished does not overtake another that waits."""
    await ports.ask(BOB, 3)
    order = []
    for _ in range(4):
        await ports.ask(EVE, create_time=datetime.now(UTC))
        await asyncio.sleep(0.005)  # a moment has a millisecond
        taken = await ports.claimed()
        order.append(taken.account_id)
        await ports.queue.finish(taken, "me", ReportResult())

    assert [BOB, EVE] * 2 == order


async def test_an_account_with_nothing_in_the_making_is_first(ports: Ports) -> None:
    """Over all workers: of those that have something in the making, the one with the least follows."""
    await ports.ask(EVE, 4)
    assert [EVE] * 3 == [(await ports.claimed(f"worker {number}")).account_id for number in range(3)]
    await ports.ask(BOB, 5)

    assert [BOB, BOB, BOB] == [(await ports.claimed("another")).account_id for _ in range(3)]
    assert {EVE, BOB} == {(await ports.claimed("another")).account_id for _ in range(2)}


async def test_a_worker_without_room_takes_reports_of_new_accounts_only(ports: Ports) -> None:
    """One of each account that has nothing in the making anywhere."""
    await ports.ask(EVE, 2)
    await ports.claimed("other")
    await ports.ask(BOB, 2)
    found = [await ports.queue.claim("me", new_accounts_only=True) for _ in range(2)]

    assert [BOB, None] == [one and one.account_id for one in found]


async def test_sub_users_share_the_slots_of_their_account(ports: Ports) -> None:
    """Five for each user and ten for all of an account; another account's are not affected."""
    await ports.ask(EVE, 5)
    with pytest.raises(TooManyReports):
        await ports.ask(EVE)
    await ports.ask(EVE, 4, owner_id=11)
    mine = await ports.claimed()
    await ports.ask(EVE, 1, owner_id=12)
    for owner_id in (11, 12, 13):
        with pytest.raises(TooManyReports):
            await ports.ask(EVE, owner_id=owner_id)
    await ports.ask(BOB, 5)
    await ports.queue.finish(mine, "me", ReportResult())
    await ports.ask(EVE, owner_id=13)

    with pytest.raises(TooManyReports):
        await ports.ask(EVE, owner_id=13)


async def test_the_first_loss_costs_no_time(ports: Ports) -> None:
    """A report whose worker died once is claimed at once, as any other."""
    (lost_id,) = await ports.ask(EVE)
    await ports.lose(1)
    again = await ports.claimed()

    assert (lost_id, 2, 1) == (again.id, again.attempt, again.losses)


@pytest.mark.parametrize(("losses", "seconds"), [(2, 20), (3, 30), (4, 60), (9, 60)])
async def test_a_report_that_loses_its_workers_waits_longer_and_never_fails(
    ports: Ports, losses: int, seconds: int
) -> None:
    """Up to a minute; then it is claimed to run alone."""
    await ports.ask(EVE)
    lost = await ports.lose(losses)
    wait = await ports.retry_time(lost)
    assert wait is not None
    waits_s = (wait - datetime.now(UTC)).total_seconds()

    assert seconds - 10 < waits_s <= seconds
    assert await ports.queue.claim_alone("me") is None
    assert not await ports.queue.waits_alone()
    await ports.end_back_off()
    assert await ports.queue.waits_alone()
    assert await ports.queue.claim("me") is None
    again = await ports.queue.claim_alone("me")
    assert again is not None
    assert (losses, losses + 1, "running") == (again.losses, again.attempt, again.state)
    assert await ports.queue.finish(again, "me", ReportResult())


async def test_reports_that_run_alone_leave_each_other_time(ports: Ports) -> None:
    """When one of them loses its worker the others wait too: each such loss may be the end of a whole service."""
    await ports.ask(EVE)
    await ports.lose(2)
    await ports.ask(BOB)
    await ports.lose(2)
    await ports.end_back_off()
    assert await ports.queue.claim_alone("lost:1")
    assert await ports.queue.waits_alone()
    await ports.queue.release("lost")

    assert not await ports.queue.waits_alone()
    assert await ports.queue.claim_alone("me") is None


async def test_a_named_worker_releases_its_predecessors_reports(ports: Ports) -> None:
    """Those of other names, and of names that begin alike, keep their leases."""
    ids = await ports.ask(EVE, 4)
    for worker_id in ("here:1", "here:2", "heretic:1", "there:1"):
        await ports.claimed(worker_id)
    await ports.queue.release("here")
    again = [await ports.claimed("here:3") for _ in range(2)]

    assert set(ids[:2]) == {one.id for one in again}
    assert await ports.queue.claim("here:3") is None
    assert {1} == {one.losses for one in again}
