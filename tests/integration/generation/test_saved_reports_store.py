"""Saved reports on a real MongoDB."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.generation.store.mongo_saved_reports import MongoSavedReports
from services.generation.timetracking.time_store import SavedReport
from tests.contracts.saved_reports import SavedReportsContract

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
REPORT = SavedReport(0, 1, 7, "Week", {}, token="0123456789abcdef" * 2, create_time=NOON, update_time=NOON)


@pytest.fixture
def reports(db: Any) -> MongoSavedReports:
    return MongoSavedReports(db)


class TestMongoSavedReports(SavedReportsContract):
    pass


async def test_the_document_of_a_deleted_report_stays(reports: MongoSavedReports, db: Any) -> None:
    """With the time of its first deletion."""
    stored = await reports.add(REPORT)
    await reports.delete([stored.id], NOON)
    await reports.delete([stored.id], NOON + timedelta(hours=1))
    kept = await db.saved_reports.find_one({"_id": stored.id})

    assert ("Week", NOON) == (kept["name"], kept["delete_time"])
