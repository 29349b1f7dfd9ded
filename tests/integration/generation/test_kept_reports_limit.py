"""The limit of reports that an account keeps."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from services.errors import StoreUnavailable
from services.generation.domain.paging import Page
from services.generation.reporting.kept_reports import drop_excess
from services.generation.reporting.report import ReportFilter, ReportResult
from services.generation.store.mongo_kept_reports import MongoKeptReports
from services.generation.store.mongo_queue import MongoQueue
from services.generation.store.mongo_reports import MongoReports
from tests.builders.people import NOON, report

MONTH = timedelta(days=30)
SECOND = timedelta(seconds=1)


async def over(db: Any, count: int, **changes: Any) -> list[int]:
    """Store reports that ended one after the other, each with a part, and return their ids."""
    reports, queue, ids = MongoReports(db, 50, 50), MongoQueue(db, timedelta(seconds=15), MONTH), []
    for _ in range(count):
        ids.append(await reports.queue(report(**changes)))
        claimed = await queue.claim("me")
        assert claimed is not None
        await queue.finish(claimed, "me", ReportResult())
        await db.report_sheets.insert_one({"report_id": ids[-1], "attempt": 1, "sheet": 0, "part": 0})
    for place, report_id in enumerate(ids):
        await db.reports.update_one({"_id": report_id}, {"$set": {"finish_time": NOON + place * SECOND}})
    return ids


async def listed(db: Any) -> list[int]:
    """Return the ids of all reports."""
    return sorted(one.id for one in await MongoReports(db, 50, 50).page(ReportFilter(None), Page(99)))


async def test_past_the_limit_the_oldest_go_with_their_parts(db: Any) -> None:
    """Of the account with all its users; unfinished ones count for nothing and stay, other accounts keep their own."""
    mine = await over(db, 5)
    of_sub_user = await over(db, 1, owner_id=7)
    others = await over(db, 3, owner_id=2, account_id=2)
    await db.reports.update_one({"_id": of_sub_user[0]}, {"$set": {"finish_time": NOON - SECOND}})
    waiting = [await MongoReports(db, 50, 50).queue(report(create_time=NOON - MONTH)) for _ in range(4)]
    kept = MongoKeptReports(db, 3)

    assert [1, 2] == await kept.accounts()
    assert [3, 0] == [await kept.drop(account_id) for account_id in (1, 2)]
    assert sorted([*mine[2:], *others, *waiting]) == await listed(db)
    assert sorted([*mine[2:], *others]) == sorted(await db.report_sheets.distinct("report_id"))


async def test_an_account_is_looked_at_when_a_report_of_it_ends(db: Any) -> None:
    """The first look takes all accounts; an account stays due until it was dealt with."""
    await over(db, 2)
    kept = MongoKeptReports(db, 1)
    assert [1] == await kept.accounts()
    assert [1] == await kept.accounts()
    await kept.drop(1)
    last = await over(db, 1, owner_id=2, account_id=2)
    await db.reports.update_one({"_id": last[0]}, {"$set": {"finish_time": NOON + MONTH}})

    assert 2 in await kept.accounts()
    await kept.drop(1)
    await kept.drop(2)
    assert [2] == await kept.accounts()


async def test_the_limit_is_kept_while_the_service_runs(caplog: pytest.LogCaptureFixture) -> None:
    """One line for each account that had too many; a store that is away is asked again."""
    caplog.set_level("INFO", "daybook.reports")
    asked = asyncio.Event()
    answers: list[Any] = [StoreUnavailable(), [4, 5], ValueError(), [6]]

    class Kept:
        async def accounts(self) -> list[int]:
            if not answers:
                asked.set()
                return []
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        async def drop(self, account_id: int) -> int:
            return account_id - 4

    task = asyncio.create_task(drop_excess(Kept(), 0.001))
    await asyncio.wait_for(asked.wait(), 60)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

    lines = [(one.account_id, one.count) for one in caplog.records if hasattr(one, "count")]
    assert [(5, 1), (6, 2)] == lines
