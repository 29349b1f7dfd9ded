"""Following reports."""

import asyncio
from contextlib import aclosing, suppress
from dataclasses import replace

import pytest

from services.errors import NotFound, StoreUnavailable, TooMuch
from services.generation.reporting import watch
from services.generation.reporting.report import Report
from services.generation.reporting.watch import Watchers
from tests.builders.people import report
from tests.fakes.reports import FakeReports


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "POLL_S", 0.01)


def watchers(reports: FakeReports) -> Watchers:
    return Watchers(reports)


def stands(one: Report) -> tuple[str, int]:
    return one.state, one.percent


async def test_a_watcher_hears_every_change() -> None:
    """The report as it stands comes at once, then each change, and finished is the last."""
    reports = FakeReports(report(id=3))
    heard = []
    async for one in watchers(reports).follow(reports.stored[3]):
        heard.append(stands(one))
        match len(heard):
            case 1:
                reports.change(3, state="running")
            case 2:
                reports.change(3, percent=40)
            case 3:
                reports.change(3, state="finished", percent=100)

    assert [("queued", 0), ("running", 0), ("running", 40), ("finished", 100)] == heard


@pytest.mark.parametrize("state", ["finished", "failed"])
async def test_what_is_over_is_told_once(state: str) -> None:
    """A report that is over already is told, and nobody looks after it."""
    reports = FakeReports(report(id=3, state=state))

    assert [state] == [one.state async for one in watchers(reports).follow(reports.stored[3])]
    await asyncio.sleep(0.03)
    assert 0 == reports.polls


async def test_a_deleted_report_ends_the_watching() -> None:
    """Whoever watches a report that is deleted is told that there is none."""
    reports = FakeReports(report(id=3))
    following = watchers(reports).follow(reports.stored[3])
    await anext(following)
    del reports.stored[3]

    with pytest.raises(NotFound):
        await anext(following)


async def test_many_watchers_are_one_poll() -> None:
    """All watchers of a process share one look at the store, and each hears each change once."""
    reports = FakeReports(report(id=3), report(id=4))
    shared = watchers(reports)
    heard: list[list[tuple[str, int]]] = []

    async def listen(report_id: int) -> None:
        mine: list[tuple[str, int]] = []
        heard.append(mine)
        mine.extend([stands(one) async for one in shared.follow(reports.stored[report_id])])

    async with asyncio.TaskGroup() as listeners:
        for number in range(100):
            listeners.create_task(listen(3 + number % 2))
        await asyncio.sleep(0.05)
        polls = reports.polls
        for report_id in (3, 4):
            reports.change(report_id, state="finished", percent=100)

    assert polls <= 6
    assert 100 * [[("queued", 0), ("finished", 100)]] == heard


async def test_a_late_watcher_repeats_nothing_to_others() -> None:
    """One that joins with newer knowledge hears what comes after it, and the others hear each change once."""
    reports = FakeReports(report(id=3))
    shared = watchers(reports)
    first, second = (
        shared.follow(reports.stored[3]),
        shared.follow(replace(reports.stored[3], state="running", percent=10)),
    )
    heard = [stands(await anext(first)), stands(await anext(second))]
    reports.change(3, state="running", percent=10)
    early, late = asyncio.ensure_future(anext(first)), asyncio.ensure_future(anext(second))
    heard.append(stands(await early))
    await asyncio.sleep(0.05)
    reports.change(3, state="finished", percent=100)
    heard += [stands(await late), stands(await anext(first))]

    assert [("queued", 0), ("running", 10), ("running", 10), ("finished", 100), ("finished", 100)] == heard
    for following in (first, second):
        await following.aclose()


async def test_watchers_outlive_a_failing_store() -> None:
    """A store that cannot be reached, or answers nonsense, is asked again."""
    reports = FakeReports(report(id=3))
    reports.failures = [StoreUnavailable(), ValueError("nonsense")]
    following = watchers(reports).follow(reports.stored[3])
    await anext(following)
    reports.change(3, state="failed")

    assert "failed" == (await anext(following)).state
    assert [] == reports.failures
    await following.aclose()


async def test_too_many_watchers_are_refused() -> None:
    """Past the number, or past half of it for one account, with a time to come back; finished reports are told."""
    reports = FakeReports(
        report(id=3), report(id=4, account_id=2), report(id=5, account_id=3), report(id=6, state="finished")
    )
    shared = Watchers(reports, at_once=4)
    following = [shared.follow(reports.stored[report_id]) for report_id in (3, 3, 4)]
    assert [3, 3, 4] == [(await anext(one)).id for one in following]
    with pytest.raises(TooMuch) as of_account:
        await anext(shared.follow(reports.stored[3]))
    following.append(shared.follow(reports.stored[4]))
    await anext(following[-1])
    with pytest.raises(TooMuch):
        await anext(shared.follow(reports.stored[5]))
    assert 6 == (await anext(shared.follow(reports.stored[6]))).id
    assert of_account.value.retry_after_s
    await following.pop(0).aclose()

    following.append(shared.follow(reports.stored[5]))
    assert 5 == (await anext(following[-1])).id
    for one in following:
        await one.aclose()


async def test_nobody_is_left_behind() -> None:
    """When the last watcher has gone nobody asks the store any more."""
    reports = FakeReports(report(id=3))
    shared = watchers(reports)
    async with aclosing(shared.follow(reports.stored[3])) as following:
        await anext(following)
        waiting = asyncio.ensure_future(anext(following))
        await asyncio.sleep(0.03)
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting
    polls = reports.polls
    await asyncio.sleep(0.03)

    assert polls == reports.polls
    assert (shared._queues, shared._seen, shared._poller) == ({}, {}, None)
