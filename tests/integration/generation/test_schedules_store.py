"""Scheduled reports on a real MongoDB."""

from typing import Any

import pytest

from services.generation.store.mongo_mail_receivers import MongoMailCounts, MongoMailReceivers
from services.generation.store.mongo_schedule_runs import MongoScheduleRuns
from services.generation.store.mongo_schedules import MongoSchedules
from tests.builders.scheduled_reports import MONDAY
from tests.contracts.schedules import MailCountsContract, MailReceiversContract, RunsContract, SchedulesContract


class TestMongoSchedules(SchedulesContract):
    @pytest.fixture
    def schedules(self, db: Any) -> MongoSchedules:
        return MongoSchedules(db)


class TestMongoScheduleRuns(RunsContract):
    @pytest.fixture
    def runs(self, db: Any) -> MongoScheduleRuns:
        return MongoScheduleRuns(db)


class TestMongoMailReceivers(MailReceiversContract):
    @pytest.fixture
    def receivers(self, db: Any) -> MongoMailReceivers:
        return MongoMailReceivers(db)


class TestMongoMailCounts(MailCountsContract):
    @pytest.fixture
    def counts(self, db: Any) -> MongoMailCounts:
        return MongoMailCounts(db)


@pytest.mark.parametrize(
    ("collection", "query", "sort"),
    [
        ("schedules", {"enabled": True, "next_due": {"$lte": MONDAY}}, {"next_due": 1}),
        ("schedule_runs", {"step_time": {"$lte": MONDAY}}, {"step_time": 1}),
        ("schedule_runs", {"next_try": {"$lte": MONDAY}}, {"next_try": 1}),
    ],
)
async def test_a_look_for_work_reads_one_range_of_an_index(
    db: Any, collection: str, query: dict[str, Any], sort: dict[str, int]
) -> None:
    """Of ten thousand schedules, or runs, of which none is due, it reads no document and no key."""
    idle = [{"_id": one, "account_id": one, "slot": one, "schedule_id": one, "enabled": True} for one in range(10_000)]
    await db[collection].insert_many(idle)
    plan = await db.command("explain", {"find": collection, "filter": query, "sort": sort}, verbosity="executionStats")
    stats = plan["executionStats"]

    assert (0, 0) == (stats["totalDocsExamined"], stats["totalKeysExamined"])
    assert "IXSCAN" in str(stats["executionStages"])
