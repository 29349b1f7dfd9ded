"""Removing an account takes everything of it, whatever happens on the way, and nothing of anybody else."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.input.v1.workspace_pb2 import Member
from pymongo import AsyncMongoClient, MongoClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from services.errors import InvalidParameters, NotFound
from services.generation.accounts.removal import Removal, RemovalService
from services.generation.executors import worker, worker_stores
from services.generation.inputs.points import POINTS
from services.generation.inputs.trackers import TRACKERS
from services.generation.reporting.units import Abandoned, SheetResult, SheetUnit
from services.generation.store.indexes import all_indexes
from services.generation.store.mongo_erasure import MongoErasure
from services.generation.store.mongo_parts import PartStore
from services.generation.store.ownership import ownerships
from tests.builders.account_data import MONTH, AccountDataBuilder, holding
from tests.builders.people import NOON, report, user
from tests.builders.points import drive
from tests.builders.report_jobs import Factory, Gate, until, working
from tests.builders.sheets import trips_report
from tests.builders.time_entries import changed

ANN, BOB = "Ann@example.com", "bob@example.com"


@pytest.fixture
async def stored(db: Any, mongo_client: MongoClient[Any]) -> AccountDataBuilder:
    made = AccountDataBuilder(db, mongo_client)
    await made.number()
    return made


async def remove(db: Any, login: str) -> Removal:
    """Remove an account and return the last that is told of it."""
    return [one async for one in RemovalService(MongoErasure(db)).remove(login)][-1]


def test_every_collection_is_somebodys_or_known_to_be_nobodys() -> None:
    """A collection that is added has its line in the list of belongings, or here."""
    nobodys = {"addresses", "login_attempts", "mail_counts", "people", "removals"}  # of the tries digests, for minutes

    assert set(all_indexes()) - nobodys <= {one.collection for one in ownerships()}


async def test_nothing_of_a_removed_account_is_left_anywhere(stored: AccountDataBuilder, db: Any) -> None:
    """Every collection is as it was before; a second look of the removal itself found nothing either."""
    bob = await stored.everything(BOB)
    before = await stored.dump()
    await stored.everything(ANN)
    kinds = set(await stored.dump())

    removal = await remove(db, ANN)

    assert (True, 0) == (removal.done, removal.left.total())
    assert before == await stored.dump()
    assert removal.total == removal.erased.total()
    assert kinds - {"people"} <= {kind for kind, count in removal.erased.items() if count}
    assert [] == holding(await stored.dump(), ANN)
    assert bob == (await stored.accounts.by_login(BOB))[0].id  # type: ignore[index] # it is there


async def test_the_hours_of_a_member_stay_without_the_person(stored: AccountDataBuilder, db: Any) -> None:
    """In a workspace of somebody else nothing but the number is left; without hours not even that."""
    bob = await stored.account(BOB)
    office, other = await stored.office(bob), None
    person = await stored.joins(office, ANN)  # who is older than her account
    ann = await stored.account(ANN)
    await stored.saves(office, person)
    await db.saved_reports.update_one({"user_id": bob}, {"$set": {"updated_by": person}})
    await db.groups.update_one({"workspace_id": office.workspace_id}, {"$set": {"user_ids": [bob, person]}})
    eve = await stored.account("eve")
    other = await stored.office(eve)
    await stored.joins(other, ANN, works=False)

    removal = await remove(db, ANN)
    found = await stored.dump()

    assert {"members": 1, "time_entries": 1} == removal.kept
    assert [] == holding(found, ANN, ann)
    assert {"members", "time_entries"} == {kind for kind, _ in holding(found, person)}
    assert [3600] == [one["seconds"] for one in found["time_entries"].values() if one["user_id"] == person]
    former = await stored.members.member(office.workspace_id, user_id=person)
    expected = Member(user_id=person, name=f"Former member {person}", role=Member.ROLE_MEMBER, time_zone="UTC")
    assert changed(expected, inactive=True) == former
    assert await stored.members.member(other.workspace_id, user_id=person) is None
    assert [bob, eve] == sorted(one["user_id"] for one in found["saved_reports"].values())
    assert [[bob], []] == [one["user_ids"] for one in found["groups"].values()]


async def test_a_sub_user_goes_alone(stored: AccountDataBuilder, db: Any) -> None:
    """Its reports, keys and sessions go; the master account keeps its own."""
    ann = await stored.account(ANN)
    tracker_id = await stored.fleet_of(ann)
    await stored.reports_of(ann, tracker_id)
    before = await stored.dump()
    sub = await stored.account("sub", ann)
    await stored.reports_of(sub, tracker_id)

    removal = await remove(db, "sub")

    assert {"users": 1, "people": 1, "credentials": 2, "reports": 2, "report_links": 1, "report_sheets": 1} == {
        k: n for k, n in removal.erased.items() if n
    }
    assert before == await stored.dump()


async def test_a_login_is_removed_in_any_spelling(stored: AccountDataBuilder, db: Any) -> None:
    """Its member in a workspace of another goes with it, however its email is written there."""
    office = await stored.office(await stored.account(BOB))
    await stored.account(ANN)
    await stored.joins(office, ANN.upper(), works=False)

    await remove(db, f" {ANN.upper()}")

    assert [] == holding(await stored.dump(), ANN)


@pytest.mark.parametrize(
    ("login", "error"), [("nobody", NotFound), ("anna@example.com", NotFound), ("", InvalidParameters)]
)
async def test_a_wrong_login_removes_nothing(
    stored: AccountDataBuilder, db: Any, login: str, error: type[Exception]
) -> None:
    """Nor does a part of one."""
    await stored.account(ANN)
    before = await stored.dump()

    with pytest.raises(error):
        await remove(db, login)

    assert before == await stored.dump()


class Knife(CommandListener):
    """Cancels a task at its so-manyeth command."""

    def __init__(self, commands: int) -> None:
        self.commands = commands
        self.task: asyncio.Task[Any] | None = None

    def started(self, _: CommandStartedEvent) -> None:
        self.commands -= 1
        if self.commands == 0 and self.task is not None:
            self.task.cancel()

    def succeeded(self, event: CommandSucceededEvent) -> None:
        pass

    def failed(self, event: CommandFailedEvent) -> None:
        pass


@pytest.mark.parametrize("commands", [2, 20, 60, 100, 120, 140, 160, 170])
async def test_a_removal_that_breaks_off_is_finished_by_another(
    stored: AccountDataBuilder, db: Any, mongodb_uri: str, commands: int
) -> None:
    """Wherever it stops: nobody signs in meanwhile, and then nothing is left."""
    office = await stored.office(await stored.account(BOB))
    before = await stored.dump()
    await stored.joins(office, ANN, works=False)
    await stored.everything(ANN)
    knife = Knife(commands)
    async with AsyncMongoClient(mongodb_uri, tz_aware=True, event_listeners=[knife]) as cut:
        knife.task = asyncio.create_task(remove(cut[db.name], ANN))
        with suppress(asyncio.CancelledError):
            await knife.task
    assert await stored.accounts.by_login(ANN) is None
    assert await stored.accounts.user_of(b"key of " + ANN.encode()) is None

    with suppress(NotFound):  # it may have come to its end
        await remove(db, ANN)

    assert before == await stored.dump()


async def refused(call: Any) -> None:
    """Claim that somebody is refused."""
    with pytest.raises(NotFound):
        await call


@pytest.mark.parametrize(
    "kind", ["report", "trackers", "assignments", "sub-user", "workspace", "entries", "saved", "key", "session"]
)
async def test_what_is_written_at_the_last_moment_goes_too(stored: AccountDataBuilder, db: Any, kind: str) -> None:
    """Whoever was let in a moment ago and writes after the last look takes it back, and is told."""
    ann = await stored.account(ANN)
    tracker_id = await stored.fleet_of(ann)
    office = await stored.office(ann, ANN)
    await remove(db, ANN)
    late = {
        "report": lambda: stored.reports.queue(report(owner_id=ann)),
        "trackers": lambda: stored.put(TRACKERS, ann, Tracker(id=tracker_id, label="Van"), Tracker(label="Car")),
        "assignments": lambda: stored.fleet_of(ann),
        "sub-user": lambda: stored.accounts.add(user(login="sub", master_id=ann), ""),
        "workspace": lambda: stored.office(ann),
        "entries": lambda: stored.joins(office, "worker"),
        "saved": lambda: stored.saves(office, ann),
        "key": lambda: stored.accounts.add_key(b"late key", ann, 20),
        "session": lambda: stored.accounts.add_session(b"late session", ann, NOON + MONTH),
    }

    await refused(late[kind]())

    found = await stored.dump()
    assert [] == holding(found, ann)
    assert {"people"} >= set(found)


async def test_a_report_in_the_making_leaves_nothing(stored: AccountDataBuilder, db: Any, factory: Factory) -> None:
    """Its account goes while a sheet is made: what the worker stores afterwards is taken back."""
    ann = await stored.account(ANN)
    (tracker_id,) = await stored.put(TRACKERS, ann, Tracker(label="Van"))
    sheet, outcomes = trips_report(rows=10, sheets=1)[1][0].sheet, []

    def store(unit: SheetUnit) -> SheetResult:
        try:
            return worker._stored(PartStore(worker_stores.connected("", db.name), unit.report, MONTH), sheet, 1)
        except Abandoned as error:
            outcomes.append(error)
            raise

    factory.make_sheet = gate = Gate(store)
    async with working(factory.jobs()):
        await stored.reports.queue(report(owner_id=ann, account_id=ann, tracker_ids=(tracker_id,)))
        await until(lambda: gate.begun)
        removal = await remove(db, ANN)
        gate.open()
        await until(lambda: outcomes)

    assert removal.done
    assert {} == await stored.dump()


async def test_points_that_come_while_their_tracker_goes_are_seen(stored: AccountDataBuilder, db: Any) -> None:
    """A tracker that is going is unknown to who writes points before its points are deleted."""
    ann = await stored.account(ANN)
    tracker_id = await stored.fleet_of(ann)
    known = []
    async for _ in RemovalService(MongoErasure(db)).remove(ANN):
        there = await db.track_buckets.count_documents({"tracker_id": tracker_id})
        known.append((there, set(await stored.inputs.entities(TRACKERS, [tracker_id]))))

    assert (2, {tracker_id}) == known[0]
    assert {0} == {there for there, _ in known[-1:]}
    assert all(not ids for there, ids in known if not there)
    await stored.tracks.add(POINTS, tracker_id, drive(10))
    await stored.tracks.remove(POINTS, tracker_id)
    assert {} == await stored.dump()
