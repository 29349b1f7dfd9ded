"""Claims, leases, attempts and fencing on a real MongoDB."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from services.generation.store.mongo_sheets import SheetStore

from services.generation.kit.parts import cut
from services.generation.reporting.report import Report, ReportResult
from services.generation.store.mongo import connect_worker, journalled_worker
from services.generation.store.mongo_queue import MongoQueue
from services.generation.store.mongo_reports import MongoReports
from tests.builders.people import NOON, report
from tests.builders.sheets import trips_report

LEASE, MONTH, DAY = timedelta(seconds=15), timedelta(days=30), timedelta(days=1)
PAST = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def reports(db: Any) -> MongoReports:
    return MongoReports(db, 50)


@pytest.fixture
def queue(db: Any) -> MongoQueue:
    return MongoQueue(db, LEASE, MONTH)


async def claimed(queue: MongoQueue, worker_id: str = "me") -> Report:
    found = await queue.claim(worker_id)
    assert found is not None
    return found


async def let_lapse(db: Any, taken: Report) -> None:
    await db.reports.update_one({"_id": taken.id}, {"$set": {"lease_time": PAST}})


async def stored(db: Any, taken: Report) -> dict[str, Any]:
    found: dict[str, Any] = await db.reports.find_one({"_id": taken.id})
    return found


def is_soon(moment: datetime, later: timedelta) -> bool:
    return abs(moment - datetime.now(UTC) - later) < timedelta(seconds=10)


async def test_each_report_has_one_maker(reports: MongoReports, queue: MongoQueue) -> None:
    """Of twenty that claim at once each gets another report, and the twenty-first gets none."""
    ids = [await reports.queue(report()) for _ in range(20)]
    makers = [f"maker {number}" for number in range(21)]
    claims = await asyncio.gather(*(queue.claim(worker_id) for worker_id in makers))

    assert sorted(ids) == sorted(one.id for one in claims if one)
    assert 1 == claims.count(None)


async def test_one_report_is_claimed_once(reports: MongoReports, queue: MongoQueue) -> None:
    """Twenty that want the same report: one has it, running, as its first attempt and try, under a lease."""
    await reports.queue(report())
    (taken,) = [one for one in await asyncio.gather(*(queue.claim(str(number)) for number in range(20))) if one]

    assert ("running", 1, 1, 0) == (taken.state, taken.attempt, taken.tries, taken.percent)


async def test_who_waited_longest_is_first(reports: MongoReports, queue: MongoQueue) -> None:
    """Reports are claimed in the order of their requests, and an abandoned one is as old as it is."""
    later, first = [await reports.queue(report(create_time=NOON + timedelta(hours=hour))) for hour in (1, 0)]

    assert [first, later] == [(await claimed(queue)).id for _ in range(2)]


async def test_a_lapsed_lease_is_another_makers(reports: MongoReports, queue: MongoQueue, db: Any) -> None:
    """While the lease lasts nobody else gets the report; afterwards the next attempt begins."""
    await reports.queue(report())
    lost = await claimed(queue, "lost")
    assert is_soon((await stored(db, lost))["lease_time"], LEASE)
    assert await queue.claim("other") is None
    await let_lapse(db, lost)
    other = await claimed(queue, "other")

    assert (lost.id, 2, 2, "running") == (other.id, other.attempt, other.tries, other.state)


async def test_a_lease_is_prolonged(reports: MongoReports, queue: MongoQueue, db: Any) -> None:
    """A heartbeat begins the lease anew, even a late one, as long as nobody else has claimed."""
    await reports.queue(report())
    mine = await claimed(queue)
    await let_lapse(db, mine)

    assert await queue.prolong(mine, "me")
    assert is_soon((await stored(db, mine))["lease_time"], LEASE)
    assert await queue.claim("other") is None


@pytest.mark.parametrize("loser", ["lost", "other"])
async def test_a_loser_changes_nothing(reports: MongoReports, queue: MongoQueue, db: Any, loser: str) -> None:
    """Whoever lost the report, even to its own later attempt, prolongs, moves, finishes, fails and returns nothing."""
    await reports.queue(report())
    lost = await claimed(queue, "lost")
    await let_lapse(db, lost)
    await claimed(queue, "lost" if loser == "lost" else "winner")
    before = await stored(db, lost)
    outcomes = [
        await queue.prolong(lost, loser),
        await queue.progress(lost, loser, 50),
        await queue.finish(lost, loser, ReportResult(("a",), 1, 1)),
        await queue.fail(lost, loser, "too hot"),
    ]
    await queue.hand_back(lost, loser)

    assert ([False] * 4, before) == (outcomes, await stored(db, lost))


async def test_what_is_over_stays_over(reports: MongoReports, queue: MongoQueue, db: Any) -> None:
    """A finished report is not claimed, failed, moved or finished once more."""
    await reports.queue(report())
    mine = await claimed(queue)
    assert await queue.finish(mine, "me", ReportResult(("a", "b"), 3, 40))
    before = await stored(db, mine)

    assert not await queue.fail(mine, "me", "too hot")
    assert not await queue.finish(mine, "me", ReportResult())
    assert not await queue.progress(mine, "me", 10)
    assert await queue.claim("other") is None
    assert before == await stored(db, mine)


async def test_a_hundred_percent_is_said_with_finished_only(reports: MongoReports, queue: MongoQueue) -> None:
    """Progress only rises, over attempts too, and the last step comes in the update that says finished."""
    report_id = await reports.queue(report())
    mine = await claimed(queue)
    seen = []
    for percent in (10, 60, 30, 99):
        assert await queue.progress(mine, "me", percent)
        found = await reports.find(1, report_id)
        assert found is not None
        seen.append((found.state, found.percent))
    await queue.hand_back(mine, "me")
    again = await claimed(queue)
    await queue.progress(again, "me", 5)
    await queue.finish(again, "me", ReportResult(("a",), 1, 6))
    found = await reports.find(1, report_id)

    assert [("running", 10), ("running", 60), ("running", 60), ("running", 99)] == seen
    assert found == replace(
        again, state="finished", percent=100, sheet_headers=("a",), part_count=1, cell_count=6
    )  # fmt: skip


async def test_a_report_handed_back_has_its_try_again(reports: MongoReports, queue: MongoQueue, db: Any) -> None:
    """It is queued at once and keeps its slot; the attempt's number is not used again."""
    await reports.queue(report())
    mine = await claimed(queue)
    await queue.hand_back(mine, "me")
    back = await stored(db, mine)
    again = await claimed(queue, "other")

    assert ("queued", 0, 1) == (back["state"], back["tries"], back["attempt"])
    assert not {"maker", "lease_time"} & back.keys()
    assert "slot" in back
    assert (1, 2) == (again.tries, again.attempt)


async def test_nothing_unfinished_expires(reports: MongoReports, queue: MongoQueue, db: Any) -> None:
    """Finished and failed reports go after 30 days; one that is queued or running never does."""
    for day in range(4):
        await reports.queue(report(create_time=NOON + timedelta(days=day)))
    finished, failed, running = [await claimed(queue) for _ in range(3)]
    await queue.finish(finished, "me", ReportResult())
    await queue.fail(failed, "me", "$too.hot")
    kept = {found["state"]: found async for found in db.reports.find()}

    assert all(is_soon(kept[state]["expire_time"], MONTH) for state in ("finished", "failed"))
    assert not any("expire_time" in kept[state] for state in ("queued", "running"))
    assert not any({"slot", "maker", "lease_time"} & kept[state].keys() for state in ("finished", "failed"))
    assert "$too.hot" == kept["failed"]["failure"]
    assert running.id == kept["running"]["_id"]


async def test_the_store_deletes_what_expired(db: Any) -> None:
    """Sessions, reports and sheets have an index by which MongoDB deletes them at their time."""
    for name in ("credentials", "reports", "report_sheets", "track_buckets"):
        indexes = (await db[name].index_information()).values()
        assert [0] == [one["expireAfterSeconds"] for one in indexes if "expireAfterSeconds" in one]


async def test_sheets_outlive_their_report_by_a_day(
    reports: MongoReports, queue: MongoQueue, db: Any, mongodb_uri: str, database: str
) -> None:
    """Whoever began to read a report on its last day can read it to the end."""
    await reports.queue(report())
    mine = await claimed(queue)
    with connect_worker(mongodb_uri) as client:
        SheetStore(journalled_worker(client, database), mine, MONTH).put(0, cut(trips_report(sheets=1)[1][0].sheet, 0))

    assert is_soon((await db.report_sheets.find_one())["expire_time"], MONTH + DAY)


async def test_parts_are_those_of_the_last_attempt(
    reports: MongoReports, queue: MongoQueue, db: Any, mongodb_uri: str, database: str
) -> None:
    """Each attempt deletes what earlier ones left; when the report is gone all goes."""
    report_id = await reports.queue(report())
    attempts = []
    with connect_worker(mongodb_uri) as client:
        for _ in range(3):
            attempts.append(await claimed(queue))
            store = SheetStore(journalled_worker(client, database), attempts[-1], MONTH)
            store.put(0, cut(trips_report(sheets=1)[1][0].sheet, 0))
            await let_lapse(db, attempts[-1])
        await queue.clear_parts(attempts[0])  # a late loser cleans up: what is wanted stays
        assert [3] == [found["attempt"] async for found in db.report_sheets.find()]

        assert await reports.remove(1, report_id)
        assert 0 == await db.report_sheets.count_documents({})
        assert not store.is_wanted()
        store.put(0, cut(trips_report(sheets=1)[1][0].sheet, 0))  # a worker that has not noticed yet
        await queue.clear_parts(attempts[2])
        assert 0 == await db.report_sheets.count_documents({})


async def test_a_worker_learns_whether_its_sheet_is_wanted(
    reports: MongoReports, queue: MongoQueue, db: Any, mongodb_uri: str, database: str
) -> None:
    """Only the running attempt moves the percentage; a lost or deleted one is told so."""
    report_id = await reports.queue(report())
    lost = await claimed(queue)
    await let_lapse(db, lost)
    mine = await claimed(queue)
    with connect_worker(mongodb_uri) as client:
        stores = [SheetStore(journalled_worker(client, database), one, MONTH) for one in (lost, mine)]
        assert [False, True] == [one.is_wanted(40) for one in stores]
        assert [False, True] == [one.is_wanted() for one in stores]
        found = await reports.find(1, report_id)
        assert found is not None
        assert 40 == found.percent
        await reports.remove(1, report_id)
        assert not stores[1].is_wanted(50)


async def test_claiming_reads_an_index(reports: MongoReports, queue: MongoQueue, db: Any) -> None:
    """However many finished reports are kept, a claim looks at unfinished ones only."""
    await db.reports.insert_many(
        [{"_id": -number, "state": "finished", "create_time": NOON} for number in range(1, 500)]
    )
    await reports.queue(report())
    await db.command("profile", 2)
    await claimed(queue)
    await db.command("profile", 0)
    done = await db["system.profile"].find_one({"op": "command", "command.findAndModify": "reports"})

    assert 1 == done["docsExamined"]
    assert "unfinished" in done["planSummary"] or "create_time" in done["planSummary"]
