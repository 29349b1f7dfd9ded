"""Claims, leases, attempts and fencing on a real MongoDB."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.generation.reporting.report import Report, ReportResult
from services.generation.store.mongo import connect_worker, journalled_worker
from services.generation.store.mongo_parts import PartStore
from services.generation.store.mongo_queue import MongoQueue
from services.generation.store.mongo_reports import MongoReports
from tests.builders.parts import with_json
from tests.builders.people import NOON, report
from tests.builders.sheets import trips_report

LEASE, MONTH, DAY = timedelta(seconds=15), timedelta(days=30), timedelta(days=1)
PAST = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def reports(db: Any) -> MongoReports:
    return MongoReports(db, 50, 50)


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


async def test_a_lease_is_renewed(reports: MongoReports, queue: MongoQueue, db: Any) -> None:
    """A heartbeat begins the lease anew, even a late one, as long as nobody else has claimed."""
    await reports.queue(report())
    mine = await claimed(queue)
    await let_lapse(db, mine)

    assert await queue.renew(mine, "me")
    assert is_soon((await stored(db, mine))["lease_time"], LEASE)
    assert await queue.claim("other") is None


async def test_a_report_handed_back_keeps_its_slot(reports: MongoReports, queue: MongoQueue, db: Any) -> None:
    """It is queued at once and keeps its slot; the attempt's number is not used again."""
    await reports.queue(report())
    mine = await claimed(queue)
    await queue.hand_back(mine, "me")
    back = await stored(db, mine)
    again = await claimed(queue, "other")

    assert ("queued", 0, 1) == (back["state"], back["losses"], back["attempt"])
    assert not {"worker_id", "lease_time"} & back.keys()
    assert "slot" in back
    assert (0, 2) == (again.losses, again.attempt)


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
    assert not any(
        {"slot", "account_slot", "turn_time", "worker_id", "lease_time"} & kept[state].keys()
        for state in ("finished", "failed")
    )
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
        PartStore(journalled_worker(client, database), mine, MONTH).put(
            0, with_json(trips_report(sheets=1)[1][0].sheet, 0)
        )

    assert is_soon((await db.report_sheets.find_one())["expire_time"], MONTH + DAY)


async def test_parts_are_those_of_the_last_attempt(
    reports: MongoReports, queue: MongoQueue, db: Any, mongodb_uri: str, database: str
) -> None:
    """Each attempt deletes what earlier ones left; when the report is gone all goes."""
    report_id = await reports.queue(report())
    attempts = []
    with connect_worker(mongodb_uri) as client:
        for _ in range(3):
            for earlier in attempts[-1:]:
                await queue.hand_back(earlier, "me")
            attempts.append(await claimed(queue))
            store = PartStore(journalled_worker(client, database), attempts[-1], MONTH)
            store.put(0, with_json(trips_report(sheets=1)[1][0].sheet, 0))
        await queue.clear_parts(attempts[0])  # a late loser cleans up: what is wanted stays
        assert [3] == [found["attempt"] async for found in db.report_sheets.find()]

        assert await reports.remove(1, report_id)
        assert 0 == await db.report_sheets.count_documents({})
        assert not store.is_wanted()
        store.put(0, with_json(trips_report(sheets=1)[1][0].sheet, 0))  # a worker that has not noticed yet
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
        stores = [PartStore(journalled_worker(client, database), one, MONTH) for one in (lost, mine)]
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
    assert "turn_time" in done["planSummary"]
