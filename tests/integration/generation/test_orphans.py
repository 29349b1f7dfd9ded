"""Records that nothing refers to are found and cleared, no others."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from pymongo import MongoClient

from services.generation.accounts.orphans import OrphanService
from services.generation.inputs.points import POINTS
from services.generation.store.mongo_orphans import MongoOrphans
from services.generation.store.mongo_schedule_runs import MongoScheduleRuns
from services.generation.store.ownership import ownerships
from tests.builders.account_data import AccountDataBuilder
from tests.builders.points import drive
from tests.builders.scheduled_reports import RUN

ANN, BOB = "ann@example.com", "bob@example.com"
LONG_AGO = datetime(2020, 1, 2, tzinfo=UTC)
STAMPED = ("time_entries", "time_entry_buckets")  # with `update_time`


@pytest.fixture
async def stored(db: Any, mongo_client: MongoClient[Any]) -> AccountDataBuilder:
    made = AccountDataBuilder(db, mongo_client)
    await made.number()
    return made


async def age(db: Any, moment: datetime = LONG_AGO) -> None:
    """Let all that is in the store have come at a moment."""
    for name in {one.collection for one in ownerships()} | {"people"}:
        times = {"create_time": moment} | ({"update_time": moment} if name in STAMPED else {})
        await db[name].update_many({}, {"$set": times})
        ids = [one["_id"] async for one in db[name].find({}, {"_id": 1}) if isinstance(one["_id"], ObjectId)]
        for place, old in enumerate(ids):
            document = await db[name].find_one_and_delete({"_id": old})
            made = ObjectId.from_datetime(moment).binary[:4] + place.to_bytes(8)
            await db[name].insert_one(document | {"_id": ObjectId(made)})


async def found(db: Any, *, delete: bool = False) -> dict[tuple[str, str], int]:
    """Return the counts of what nothing refers to, by kind and by what is missing."""
    service = OrphanService(MongoOrphans(db))
    told = [one async for one in (service.delete() if delete else service.find())]
    assert service.kind_count == len(told)
    return {(one.kind, one.missing): one.count for one in told if one.count}


async def test_what_is_in_use_is_no_orphan(stored: AccountDataBuilder, db: Any) -> None:
    """However old it is; clearing changes nothing then."""
    await stored.everything(ANN)
    await stored.joins(await stored.office(await stored.account(BOB)), ANN)
    await MongoScheduleRuns(db).add(replace(RUN, schedule_id=0, owner_id=0, kind="mail_test"))
    await age(db)
    before = await stored.dump()

    assert {} == await found(db)
    assert {} == await found(db, delete=True)
    assert before == await stored.dump()


async def test_all_of_an_account_that_is_gone_is_cleared_at_once(stored: AccountDataBuilder, db: Any) -> None:
    """Records of an orphan are found with it; a second run finds nothing, and the rest is as before."""
    await stored.everything(BOB)
    await age(db)
    before = await stored.dump()
    ann = await stored.everything(ANN)
    of_ann = Counter({name: len(documents) for name, documents in (await stored.dump()).items()})
    of_ann -= Counter({name: len(documents) for name, documents in before.items()})
    await age(db)
    await db.users.delete_one({"_id": ann})

    shown = await found(db)

    assert shown == await found(db, delete=True)
    assert {} == await found(db)
    cleared = Counter[str]()
    for (kind, missing), count in shown.items():
        cleared[kind] += 0 if (kind, missing) == ("assignments", "trackers") else count
    assert of_ann - Counter({"users": 1}) == cleared
    assert Counter({name: len(documents) for name, documents in before.items()}) == Counter(
        {name: len(documents) for name, documents in (await stored.dump()).items()}
    )


async def test_what_came_within_the_hour_is_left_alone(stored: AccountDataBuilder, db: Any) -> None:
    """Somebody may be about to refer to it, or still be writing it."""
    ann = await stored.everything(ANN)
    await db.users.delete_one({"_id": ann})
    await age(db, datetime.now(UTC) - timedelta(minutes=50))

    assert {} == await found(db)
    await age(db, datetime.now(UTC) - timedelta(minutes=61))
    assert {"users", "reports", "track_buckets", "time_entries"} <= {kind for kind, _ in await found(db)}


async def test_sheets_of_attempts_that_were_replaced_are_cleared(stored: AccountDataBuilder, db: Any) -> None:
    """Those of the attempt that counts stay, also while a report is being made."""
    ann = await stored.account(ANN)
    await stored.reports_of(ann, await stored.fleet_of(ann))
    sheet = await db.report_sheets.find_one({"report_id": 1})
    await db.reports.update_one({"_id": 2}, {"$set": {"attempt": 3}})
    places = [(1, 0), (1, 1), (2, 1), (2, 2), (2, 3)]
    await db.report_sheets.delete_many({})
    for report_id, attempt in places:
        del sheet["_id"]
        await db.report_sheets.insert_one(sheet := sheet | {"report_id": report_id, "attempt": attempt})
    await age(db)

    assert {("report_sheets", "attempts"): 3} == await found(db, delete=True)
    kept = [(one["report_id"], one["attempt"]) async for one in db.report_sheets.find().sort("report_id")]
    assert [(1, 1), (2, 3)] == kept


async def test_people_who_are_nowhere_are_forgotten(stored: AccountDataBuilder, db: Any) -> None:
    """Members and those with an account are not."""
    office = await stored.office(await stored.account(BOB), "worker")
    await stored.joins(office, ANN, works=False)
    await db.members.delete_one({"email": ANN})
    await age(db)

    assert {("people", "members"): 1} == await found(db, delete=True)
    assert ["bob@example.com", "worker"] == sorted([one["email_key"] async for one in db.people.find()])


async def test_orphans_are_measured(stored: AccountDataBuilder, db: Any) -> None:
    """Count, bytes and the moment at which the oldest came."""
    await stored.tracks.add(POINTS, 77, drive(3_000))
    await age(db)
    buckets = [one async for one in await db.track_buckets.aggregate([{"$project": {"size": {"$bsonSize": "$$ROOT"}}}])]

    (told,) = [one async for one in OrphanService(MongoOrphans(db)).find() if one.count]

    assert ("track_buckets", "trackers", 2, LONG_AGO) == (told.kind, told.missing, told.count, told.oldest_time)
    assert sum(one["size"] for one in buckets) == told.size_bytes


@pytest.mark.parametrize(
    ("kind", "field"),
    [("track_buckets", "tracker_id"), ("time_entries", "workspace_id"), ("report_sheets", "report_id")],
)
async def test_looking_skips_from_owner_to_owner(db: Any, kind: str, field: str) -> None:
    """MongoDB reads an index entry of each owner, not of each document."""
    pipeline = [{"$sort": {field: 1}}, {"$group": {"_id": f"${field}"}}]
    plan = await db.command(
        "explain", {"aggregate": kind, "pipeline": pipeline, "cursor": {}}, verbosity="queryPlanner"
    )

    assert "DISTINCT_SCAN" in str(plan)
