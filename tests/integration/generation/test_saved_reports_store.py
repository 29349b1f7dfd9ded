"""Saved reports on a real MongoDB."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.generation.domain.paging import Page
from services.generation.store.mongo_saved_reports import MongoSavedReports
from services.generation.timetracking.time_store import SavedReport

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
PARAMS = {"report_type": "summary", "tag_ids": [None, 5], "$where": 1.5, "a.b": {"": {"ключ": "значение"}}, "n": 2**40}
FIRST = Page(10)
TOKEN = "0123456789abcdef" * 2
REPORT = SavedReport(0, 1, 7, "Week", PARAMS, token=TOKEN, create_time=NOON, update_time=NOON)


@pytest.fixture
def reports(db: Any) -> MongoSavedReports:
    return MongoSavedReports(db)


async def test_the_document_of_a_deleted_report_stays(reports: MongoSavedReports, db: Any) -> None:
    """With the time of its first deletion."""
    stored = await reports.add(REPORT)
    await reports.delete([stored.id], NOON)
    await reports.delete([stored.id], NOON + timedelta(hours=1))
    kept = await db.saved_reports.find_one({"_id": stored.id})

    assert ("Week", NOON) == (kept["name"], kept["delete_time"])
