"""Making reports while leases are lost, services stop and the store goes away."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.errors import StoreUnavailable
from services.generation.reporting.report import Report, ReportResult
from services.generation.reporting.report_job import UNFORESEEN
from tests.builders.mongod import Mongod
from tests.builders.report_jobs import Factory, Gate, quick, until, working

INTERNAL = "secret of the machine room"


async def test_a_stopped_maker_hands_its_reports_back(factory: Factory) -> None:
    """At SIGTERM a running report is queued at once with its try given back, and another maker makes it whole."""
    factory.make_sheet = gate = Gate()
    report_id = await factory.ask(3)
    async with working(factory.jobs()):
        await until(lambda: len(gate.begun) == 2)
        asyncio.get_running_loop().call_later(0.1, gate.open)
    back = await factory.stands(report_id)
    async with working(factory.jobs()):
        made = await factory.ended(report_id)

    assert ("queued", 0, 1) == (back.state, back.losses, back.attempt)
    assert ("finished", 2, 0, 4) == (made.state, made.attempt, made.losses, made.part_count)
    assert {2} == set(await factory.db.report_sheets.distinct("attempt"))


async def test_a_claim_under_way_is_handed_back_too(factory: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A maker that is stopped while it claims keeps nothing."""
    report_id = await factory.ask(1)
    claim = factory.queue.claim
    claiming = asyncio.Event()

    async def slow(*who: Any, **only: bool) -> Report | None:
        claiming.set()
        await asyncio.sleep(0.2)
        return await claim(*who, **only)

    monkeypatch.setattr(factory.queue, "claim", slow)
    async with working(factory.jobs()):
        await claiming.wait()
    found = await factory.stands(report_id)

    assert ("queued", 1, 0) == (found.state, found.attempt, found.losses)


async def test_a_deleted_report_leaves_nothing(factory: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its worker notices, no further sheet begins, and the parts that were written meanwhile are deleted again."""
    factory.make_sheet = gate = Gate()
    noticed, renew = asyncio.Event(), factory.queue.renew

    async def renewing(report: Report, worker_id: str) -> bool:
        if not (is_ours := await renew(report, worker_id)):
            noticed.set()
        return is_ours

    monkeypatch.setattr(factory.queue, "renew", renewing)
    report_id = await factory.ask(6)
    async with working(factory.jobs(at_once=1)):
        await until(lambda: len(gate.begun) == 2)
        assert await factory.reports.remove(1, report_id)
        await noticed.wait()
        gate.open()
        following = await factory.ask(1)  # with room for one, it is made when the deleted one is cleared away
        await factory.ended(following)

    assert len(gate.begun) < 6 + 1
    assert (0, 2) == (await factory.parts(report_id), await factory.parts(following) + 1)


async def test_a_report_taken_over_is_finished_once(factory: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A maker that sleeps past its lease loses the report: what it still writes is not part of it."""
    factory.make_sheet = gate = Gate()
    report_id = await factory.ask(2)
    prolong = factory.queue.renew
    asleep = factory.jobs()

    async def unheard(report: Report, worker_id: str) -> bool:
        if worker_id == asleep._worker_id:
            raise StoreUnavailable
        return await prolong(report, worker_id)

    monkeypatch.setattr(factory.queue, "renew", unheard)
    async with working(asleep) as sleeping:
        await until(lambda: len(gate.begun) == 2)
        await factory.db.reports.update_one({}, {"$set": {"lease_time": datetime.now(UTC) - timedelta(seconds=1)}})
        async with working(factory.jobs()):
            await until(lambda: len(gate.begun) == 4)
            gate.open()
            made = await factory.ended(report_id)
        await asyncio.sleep(0.5)
        assert not sleeping.done()

    assert made == await factory.stands(report_id)
    assert ("finished", 2, 3) == (made.state, made.attempt, made.part_count)
    assert 3 == await factory.parts(report_id)


async def test_an_end_that_the_store_refuses_fails_the_report(
    factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the report's end cannot be written for an unforeseen reason, it is not tried again for ever."""
    report_id = await quick(factory).ask(1)
    ends = 0

    async def broken(*_: object) -> bool:
        nonlocal ends
        ends += 1
        raise ValueError(INTERNAL)

    monkeypatch.setattr(factory.queue, "finish", broken)
    async with working(factory.jobs()):
        made = await factory.ended(report_id)

    assert (1, "failed", UNFORESEEN) == (ends, made.state, made.failure)


async def test_a_maker_outlives_a_failing_claim(factory: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the store answers, the next look comes."""
    report_id = await quick(factory).ask(1)
    claim, failures = factory.queue.claim, [StoreUnavailable(), ValueError(INTERNAL)]

    async def failing(*who: Any, **only: bool) -> Any:
        if failures:
            raise failures.pop()
        return await claim(*who, **only)

    monkeypatch.setattr(factory.queue, "claim", failing)
    async with working(factory.jobs()):
        assert "finished" == (await factory.ended(report_id)).state


async def test_a_claim_whose_answer_was_lost_is_found_again(factory: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that the store gave to a maker that never heard of it is made at once, and nothing counts as lost."""
    report_id = await quick(factory).ask(1)
    claim, lost = factory.queue.claim, [StoreUnavailable()]

    async def unheard(*who: Any, **only: bool) -> Any:
        taken = await claim(*who, **only)
        if taken and lost:
            raise lost.pop()
        return taken

    monkeypatch.setattr(factory.queue, "claim", unheard)
    async with working(factory.jobs()):
        made = await factory.ended(report_id)

    assert ("finished", 2, 0) == (made.state, made.attempt, made.losses)


async def test_makers_share_the_work(factory: Factory) -> None:
    """Several makers finish each report once, at its first attempt."""
    quick(factory)
    ids = [await factory.ask(2, owner_id=1 + number // 5) for number in range(20)]
    async with working(factory.jobs()), working(factory.jobs()):
        async with asyncio.timeout(120):
            while await factory.db.reports.count_documents({"state": "finished"}) < len(ids):  # noqa: ASYNC110 - what it looks at knows nothing of the loop
                await asyncio.sleep(0.02)

    assert [1] == await factory.db.reports.distinct("attempt")


@pytest.mark.parametrize("moment", ["making", "finishing"])
async def test_a_store_that_goes_away_is_waited_for(
    fragile: Factory, own_mongod: Mongod, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MongoDB killed in the middle and started again: the same attempt finishes, once and whole."""
    fragile.make_sheet = gate = Gate()
    report_id = await fragile.ask(4)
    finish, fall = fragile.queue.finish, moment == "finishing"

    async def finishing(report: Report, worker_id: str, made: ReportResult) -> bool:
        nonlocal fall
        if fall:
            fall = False
            own_mongod.kill()
            asyncio.get_running_loop().call_later(0.5, own_mongod.start)
        return await finish(report, worker_id, made)

    monkeypatch.setattr(fragile.queue, "finish", finishing)
    async with working(fragile.jobs()):
        await until(lambda: len(gate.begun) == 2)
        if moment == "making":
            own_mongod.kill()
            gate.open()
            await asyncio.sleep(0.5)
            own_mongod.start()
        gate.open()
        made = await fragile.ended(report_id)

    assert ("finished", 100, 1, 5) == (made.state, made.percent, made.attempt, made.part_count)
    assert 5 == await fragile.parts(report_id)
    assert replace(made, state="running", percent=0) != made
