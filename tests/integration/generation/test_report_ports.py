"""The contracts of the ports Reports and Queue, which the fakes and MongoDB keep alike."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.errors import RequestIdReused
from services.errors.reports import TooManyReports
from services.generation.domain.paging import Page
from services.generation.reporting.report import Progress, QueueStats, Report, ReportFilter, ReportResult, TimeFilter
from services.generation.reporting.report_store import Queue, Reports
from services.generation.store.mongo_queue import MongoQueue
from services.generation.store.mongo_reports import MongoReports
from tests.builders.people import NOON, report
from tests.fakes.reports import FakeQueue, FakeReports

SLOTS = 20
LEASE, MONTH = timedelta(seconds=15), timedelta(days=30)
PAST = datetime(2020, 1, 1, tzinfo=UTC)
RESULT = ReportResult(("a", "b"), (0, 2), 3, 40, (b"outline of a", b"outline of b"), has_rows=True)


@dataclass
class Ports:
    """Both ports over the same reports, and a way to let a lease end."""

    reports: Reports
    queue: Queue
    let_lapse: Callable[[Report], Awaitable[Any]]

    async def claimed(self, worker_id: str = "me") -> Report:
        """Return the next report, claimed."""
        found = await self.queue.claim(worker_id)
        assert found is not None
        return found

    async def stands(self, report_id: int) -> Report:
        """Return the report as it stands."""
        found = await self.reports.find(1, report_id)
        assert found is not None
        return found


@pytest.fixture(params=["fake", "mongo"])
async def ports(request: pytest.FixtureRequest, db: Any) -> AsyncIterator[Ports]:
    if request.param == "fake":
        fakes = FakeReports(slots=SLOTS, account_slots=2 * SLOTS)

        async def let_lapse(taken: Report) -> None:
            fakes.owners[taken.id] = fakes.owners[taken.id][0], PAST

        yield Ports(fakes, FakeQueue(fakes), let_lapse)
    else:

        def end_lease(taken: Report) -> Awaitable[Any]:
            return db.reports.update_one({"_id": taken.id}, {"$set": {"lease_time": PAST}})

        yield Ports(MongoReports(db, SLOTS, 2 * SLOTS), MongoQueue(db, LEASE, MONTH), end_lease)


async def test_a_report_comes_back_as_it_went(ports: Ports) -> None:
    """All parameters are stored; it is queued at 0 percent under an id from 1."""
    asked = report(time_filter=TimeFilter("08:00:00", "17:00:00", (1, 5)), employee_ids=(3,), request_id="again")
    report_id = await ports.reports.queue(asked)

    assert 1 <= report_id < 2**31
    assert replace(asked, id=report_id) == await ports.stands(report_id)
    assert await ports.reports.find(2, report_id) is None


async def test_outlines_are_those_of_the_finished_attempt(ports: Ports) -> None:
    """In the order of the sheets; a report that is not finished has none."""
    report_id = await ports.reports.queue(report())
    claimed = await ports.claimed()
    assert [] == list(await ports.reports.outlines(claimed))
    await ports.queue.finish(claimed, "me", RESULT)

    assert [b"outline of a", b"outline of b"] == list(await ports.reports.outlines(await ports.stands(report_id)))


async def test_progress_is_the_owners_alone(ports: Ports) -> None:
    """State and percent, without the rest of the report."""
    report_id = await ports.reports.queue(report())
    await ports.queue.advance(await ports.claimed(), "me", 40)

    assert Progress("running", 40) == await ports.reports.progress(1, report_id)
    assert await ports.reports.progress(2, report_id) is None
    assert await ports.reports.progress(1, report_id + 1) is None


async def test_the_end_of_a_report_frees_its_slot(ports: Ports) -> None:
    """Finishing, failing and deleting each make room for one; claiming and handing back do not."""
    ids = [await ports.reports.queue(report()) for _ in range(SLOTS)]
    finished, failed, returned = [await ports.claimed() for _ in range(3)]
    await ports.queue.hand_back(returned, "me")
    with pytest.raises(TooManyReports):
        await ports.reports.queue(report())
    assert await ports.reports.queue(report(owner_id=2))
    await ports.queue.finish(finished, "me", ReportResult())
    await ports.queue.fail(failed, "me", "too hot")
    await ports.reports.remove(1, ids[-1])

    for _ in range(3):
        await ports.reports.queue(report())
    with pytest.raises(TooManyReports):
        await ports.reports.queue(report())


async def test_a_repeated_request_is_answered_with_the_first_id(ports: Ports) -> None:
    """It takes no slot; another owner's is another request."""
    for _ in range(SLOTS - 1):
        await ports.reports.queue(report())
    first = await ports.reports.queue(report(request_id="again"))

    assert first == await ports.reports.queue(report(request_id="again"))
    assert first != await ports.reports.queue(report(request_id="again", owner_id=2))
    with pytest.raises(TooManyReports):
        await ports.reports.queue(report(request_id="new"))


async def test_a_request_id_is_not_used_for_another_request(ports: Ports) -> None:
    """The first report stays the only one, also when the second request is the first's again."""
    first = await ports.reports.queue(report(request_id="again", request_digest="one"))
    with pytest.raises(RequestIdReused):
        await ports.reports.queue(report(request_id="again", request_digest="two"))

    assert first == await ports.reports.queue(report(request_id="again", request_digest="one"))
    assert [first] == [one.id for one in await ports.reports.page(ReportFilter(1), Page(9))]


async def test_a_repeat_after_deletion_is_a_new_report(ports: Ports) -> None:
    """A deleted report answers no request."""
    first = await ports.reports.queue(report(request_id="again"))

    assert await ports.reports.remove(1, first)
    assert not await ports.reports.remove(1, first)
    assert first != await ports.reports.queue(report(request_id="again"))


async def test_a_list_shows_the_newest_first(ports: Ports) -> None:
    """Pages go on after the last entry, same moments by id; reports of programs and of others are left out."""
    moments = [NOON, NOON + timedelta(seconds=1), NOON, NOON + timedelta(milliseconds=1)]
    ids = [await ports.reports.queue(report(create_time=moment)) for moment in moments]
    await ports.reports.queue(report(type="service"))
    await ports.reports.queue(report(owner_id=2))
    first = await ports.reports.page(ReportFilter(1), Page(2))
    second = await ports.reports.page(ReportFilter(1), Page(2, (first[-1].create_time, first[-1].id)))

    assert [ids[1], ids[3], ids[2], ids[0]] == [one.id for one in (*first, *second)]
    assert [] == await ports.reports.page(ReportFilter(1), Page(2, (second[-1].create_time, second[-1].id)))


async def test_a_list_is_filtered(ports: Ports) -> None:
    """By states, and by moments of request of which the last is outside; without an owner all reports are listed."""
    ids = [await ports.reports.queue(report(create_time=NOON + timedelta(hours=hour))) for hour in range(3)]
    ids.append(await ports.reports.queue(report(owner_id=2, type="service", create_time=NOON + timedelta(hours=3))))
    assert ids[0] == (await ports.claimed()).id
    between = {"create_time_from": NOON + timedelta(hours=1), "create_time_before": NOON + timedelta(hours=2)}

    async def listed(wanted: ReportFilter) -> list[int]:
        return [one.id for one in await ports.reports.page(wanted, Page(9))]

    assert [ids[2], ids[1]] == await listed(ReportFilter(1, ("queued",)))
    assert [ids[2], ids[1], ids[0]] == await listed(ReportFilter(1, ("queued", "running")))
    assert [ids[1]] == await listed(ReportFilter(1, **between))
    assert ids[::-1] == await listed(ReportFilter(None))
    first = await ports.reports.page(ReportFilter(None), Page(2))
    rest = await ports.reports.page(ReportFilter(None), Page(2, (first[-1].create_time, first[-1].id)))
    assert ids[::-1] == [one.id for one in (*first, *rest)]


async def test_a_list_is_filtered_by_what_reports_are_about(ports: Ports) -> None:
    """By kinds, by one of their trackers, and by periods that meet a range, whose end is outside; conditions add up."""
    day = timedelta(days=1)
    trips = await ports.reports.queue(report(tracker_ids=(7, 8)))
    stops = await ports.reports.queue(report(plugin_id=6, tracker_ids=(8,)))
    later = await ports.reports.queue(report(from_time=NOON + day, to_time=NOON + 2 * day))

    async def listed(**wanted: Any) -> set[int]:
        return {one.id for one in await ports.reports.page(ReportFilter(1, **wanted), Page(9))}

    assert {stops} == await listed(plugin_ids=(6,))
    assert {trips, stops, later} == await listed(plugin_ids=(4, 6))
    assert {trips, stops} == await listed(tracker_ids=(8, 99))
    assert {trips} == await listed(tracker_ids=(8,), plugin_ids=(4,))
    assert {later} == await listed(period_from=NOON)
    assert {later} == await listed(period_from=NOON + 2 * day)
    assert set() == await listed(period_from=NOON + 3 * day)
    assert {trips, stops} == await listed(period_before=NOON + day)


async def test_a_cancelled_report_is_kept(ports: Ports) -> None:
    """It frees its slot, its worker changes nothing any more, and it stays cancelled; strangers cancel nothing."""
    ids = [await ports.reports.queue(report()) for _ in range(SLOTS)]
    mine = await ports.claimed()
    await ports.reports.cancel(2, mine.id)
    assert await ports.queue.renew(mine, "me")
    await ports.reports.cancel(1, mine.id)
    await ports.reports.cancel(None, ids[-1])

    assert not await ports.queue.renew(mine, "me")
    assert not await ports.queue.finish(mine, "me", RESULT)
    found = await ports.stands(mine.id)
    assert ("cancelled", mine.attempt + 1, mine.start_time) == (found.state, found.attempt, found.start_time)
    assert found.finish_time is not None
    assert found.expire_time == found.finish_time + MONTH
    await ports.reports.cancel(1, mine.id)
    assert found == await ports.stands(mine.id)
    assert {mine.id, ids[-1]} == {one.id for one in await ports.reports.page(ReportFilter(1, ("cancelled",)), Page(9))}
    assert await ports.queue.claim("other", ids[1:-1]) is None
    await ports.reports.queue(report())
    await ports.reports.queue(report())
    with pytest.raises(TooManyReports):
        await ports.reports.queue(report())


async def test_a_report_knows_its_times(ports: Ports) -> None:
    """It starts with its first attempt and ends once; it may go after the days that reports are kept."""
    waiting = await ports.stands(await ports.reports.queue(report()))
    first = await ports.claimed()
    await ports.queue.hand_back(first, "me")
    again = await ports.claimed()
    await ports.queue.finish(again, "me", RESULT)
    over = await ports.stands(again.id)

    assert (None, None, None) == (waiting.start_time, waiting.finish_time, waiting.expire_time)
    assert first.start_time is not None
    assert first.start_time == again.start_time == over.start_time
    assert over.finish_time is not None
    assert over.start_time <= over.finish_time
    assert over.expire_time == over.finish_time + MONTH


async def test_only_what_changed_is_told(ports: Ports) -> None:
    """Of many watched reports those that differ from what was seen come back, None for one that is gone."""
    same, moved, gone = [await ports.reports.queue(report(create_time=NOON + timedelta(days=day))) for day in (2, 1, 3)]
    assert moved == (await ports.claimed()).id
    await ports.reports.remove(1, gone)
    changed = await ports.reports.changed(dict.fromkeys((same, moved, gone), ("queued", 0)))

    assert {moved: "running", gone: None} == {one: it and it.state for one, it in changed.items()}
    assert {} == await ports.reports.changed({same: ("queued", 0), moved: ("running", 0)})


async def test_each_report_has_one_worker(ports: Ports) -> None:
    """Of twenty that claim at once each gets another report, as its first attempt, and the twenty-first gets none."""
    ids = [await ports.reports.queue(report()) for _ in range(20)]
    claims = await asyncio.gather(*(ports.queue.claim(f"worker {number}") for number in range(21)))

    assert sorted(ids) == sorted(one.id for one in claims if one)
    assert 1 == claims.count(None)
    assert {("running", 1, 0, 0)} == {(one.state, one.attempt, one.losses, one.percent) for one in claims if one}


async def test_the_report_that_waited_longest_is_first(ports: Ports) -> None:
    """Reports are claimed in the order of their requests."""
    later, first = [await ports.reports.queue(report(create_time=NOON + timedelta(hours=hour))) for hour in (1, 0)]

    assert [first, later] == [(await ports.claimed()).id for _ in range(2)]


async def test_a_lapsed_lease_is_another_workers(ports: Ports) -> None:
    """While the lease lasts no other worker gets the report; afterwards the next attempt begins."""
    await ports.reports.queue(report())
    lost = await ports.claimed("lost")
    assert await ports.queue.claim("other") is None
    await ports.let_lapse(lost)
    assert await ports.queue.claim("lost", [lost.id]) is None
    other = await ports.claimed("other")

    assert (lost.id, 2, 1, "running") == (other.id, other.attempt, other.losses, other.state)


async def test_a_lease_is_renewed(ports: Ports) -> None:
    """A heartbeat begins the lease anew, even a late one, as long as no other worker has claimed."""
    await ports.reports.queue(report())
    mine = await ports.claimed()
    await ports.let_lapse(mine)

    assert await ports.queue.renew(mine, "me")
    assert await ports.queue.claim("other") is None


async def test_a_claim_without_an_answer_is_claimed_again(ports: Ports) -> None:
    """The worker takes over the report that it owns without running it, and nothing counts as lost."""
    await ports.reports.queue(report())
    mine = await ports.claimed()

    assert await ports.queue.reclaim("me", [mine.id]) is None
    assert await ports.queue.reclaim("other", []) is None
    again = await ports.queue.reclaim("me", [])
    assert again is not None
    assert (mine.id, 2, 0) == (again.id, again.attempt, again.losses)


@pytest.mark.parametrize("loser", ["lost", "other"])
async def test_a_loser_changes_nothing(ports: Ports, loser: str) -> None:
    """A worker that lost the report, even to its own later attempt, renews, moves, ends and returns nothing."""
    report_id = await ports.reports.queue(report())
    lost = await ports.claimed("lost")
    await ports.let_lapse(lost)
    await ports.claimed("lost" if loser == "lost" else "winner")
    before = await ports.stands(report_id)
    outcomes = [
        await ports.queue.renew(lost, loser),
        await ports.queue.advance(lost, loser, 50),
        await ports.queue.finish(lost, loser, RESULT),
        await ports.queue.fail(lost, loser, "too hot"),
    ]
    await ports.queue.hand_back(lost, loser)

    assert ([False] * 4, before) == (outcomes, await ports.stands(report_id))


async def test_what_is_over_stays_over(ports: Ports) -> None:
    """A finished report is not claimed, failed, moved or finished once more."""
    report_id = await ports.reports.queue(report())
    mine = await ports.claimed()
    assert await ports.queue.finish(mine, "me", RESULT)
    before = await ports.stands(report_id)

    assert not await ports.queue.fail(mine, "me", "too hot")
    assert not await ports.queue.finish(mine, "me", ReportResult())
    assert not await ports.queue.advance(mine, "me", 10)
    assert await ports.queue.claim("other") is None
    assert before == await ports.stands(report_id)


async def test_a_hundred_percent_is_said_with_finished_only(ports: Ports) -> None:
    """Progress only rises, over attempts too, and the last step comes in the update that says finished."""
    report_id = await ports.reports.queue(report())
    mine, seen = await ports.claimed(), []
    for percent in (10, 60, 30, 99):
        assert await ports.queue.advance(mine, "me", percent)
        found = await ports.stands(report_id)
        seen.append((found.state, found.percent))
    await ports.queue.hand_back(mine, "me")
    again = await ports.claimed()
    await ports.queue.advance(again, "me", 5)
    await ports.queue.finish(again, "me", RESULT)
    made = {"sheet_headers": ("a", "b"), "sheet_numbers": (0, 2), "part_count": 3, "cell_count": 40, "has_rows": True}
    over = await ports.stands(report_id)
    times = {"finish_time": over.finish_time, "expire_time": over.expire_time}

    assert [("running", 10), ("running", 60), ("running", 60), ("running", 99)] == seen
    assert replace(again, state="finished", percent=100, **made, **times) == over


async def test_a_report_handed_back_has_its_attempt_again(ports: Ports) -> None:
    """It is queued at once; the attempt's number is not used again."""
    report_id = await ports.reports.queue(report())
    await ports.queue.hand_back(await ports.claimed(), "me")
    back = await ports.stands(report_id)
    again = await ports.claimed("other")

    assert ("queued", 0, 1) == (back.state, back.losses, back.attempt)
    assert (0, 2) == (again.losses, again.attempt)


async def test_the_queue_tells_its_length(ports: Ports) -> None:
    """Queued and running reports are counted apart; all of them hold slots."""
    assert QueueStats(0, 0, 0, 0) == await ports.queue.stats()
    for _ in range(3):
        await ports.reports.queue(report())
    await ports.claimed()
    stats = await ports.queue.stats()

    assert (2, 1, 3) == (stats.queued, stats.running, stats.slots)
    assert stats.oldest_s > 0
