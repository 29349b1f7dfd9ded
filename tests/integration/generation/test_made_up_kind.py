"""Kind of input and series that exist in this test alone: a descriptor and a message are all that each takes."""

import asyncio
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo import MongoClient

from services.errors import InvalidParameters, NotFound
from services.generation.accounts.removal import RemovalService
from services.generation.domain.paging import Page
from services.generation.inputs.input_scope import Scope
from services.generation.inputs.input_service import Deletion, InputService
from services.generation.inputs.input_store import InputFilter
from services.generation.inputs.series_service import SeriesService, Written
from services.generation.inputs.upsert_plan import Outcome
from services.generation.store.indexes import create_indexes
from services.generation.store.input_reader import MongoInputReader
from services.generation.store.mongo_erasure import MongoErasure
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_orphans import MongoOrphans
from services.generation.store.mongo_series import MongoSeries
from services.generation.store.series_reader import MongoSeriesReader
from tests.builders.account_data import AccountDataBuilder
from tests.builders.points import MONDAY_MS
from tests.fakes.made_up_kind import BEACONS, SIGNALS, Beacon, Signals, registered

ALL = Page(10)


def beacon(id_: int, label: str, **more: Any) -> Any:
    return Beacon(id=id_, label=label, **more)


async def test_a_kind_is_its_descriptor_and_its_message(db: Any, mongo_client: MongoClient[Any]) -> None:
    """Records are checked, stored, listed, read, deleted, erased with their account and found when it is gone."""
    with registered(BEACONS):
        await create_indexes(db)
        stored, inputs = AccountDataBuilder(db, mongo_client), InputService(MongoInputs(db), {})
        ann, bob = await stored.account("ann"), await stored.account("bob")
        van = await stored.fleet_of(ann)

        async def put(owner_id: int, *beacons: Any) -> list[Outcome]:
            return await inputs.put(BEACONS, owner_id, beacons)

        depot = beacon(1, "Depot", tracker_id=van, tags=["north"], center={"lat": 52.5, "lng": 13.4})
        wrong = [
            beacon(2, ""),
            beacon(3, "Depot"),
            beacon(4, "Yard", center={"lat": 91}),
            beacon(5, "Gate", tracker_id=van + 1),
        ]
        outcomes = await put(ann, depot, *wrong, beacon(6, "Yard"))
        assert [None, "label", "label", "center.lat", "tracker_id", None] == [
            one.refusal and one.refusal.field for one in outcomes
        ]
        assert [False, True] == [one.stored for one in await put(ann, depot, beacon(6, "Old yard"))]
        await put(bob, beacon(1, "Depot"))

        assert [depot, beacon(6, "Old yard")] == await inputs.page(BEACONS, Scope(ann), ALL, InputFilter())
        assert [beacon(6, "Old yard")] == await inputs.page(BEACONS, Scope(ann), ALL, InputFilter(text="YARD"))
        assert [depot] == MongoInputReader(mongo_client[db.name]).read(BEACONS, ann, tracker_id=van)
        assert 1 == await inputs.delete(BEACONS, ann, [6, 7], [], Deletion(allow_missing=True))

        async for removal in RemovalService(MongoErasure(db)).remove("ann"):
            erased = removal.erased["beacons"]
        assert 1 == erased
        assert [beacon(1, "Depot")] == await inputs.page(BEACONS, Scope(bob), ALL, InputFilter())

        await db.users.delete_one({"_id": bob})
        await db.beacons.update_many({}, [{"$set": {"create_time": {"$subtract": ["$create_time", 2 * 3_600_000]}}}])
        assert 1 == sum([one.count async for one in MongoOrphans(db).delete() if one.kind == "beacons"])
        assert 0 == await db.beacons.count_documents({})


async def test_nothing_is_written_for_an_account_that_is_being_removed(db: Any, mongo_client: MongoClient[Any]) -> None:
    """Records that come while their account goes are taken back."""
    with registered(BEACONS):
        stored, inputs = AccountDataBuilder(db, mongo_client), InputService(MongoInputs(db), {})
        ann = await stored.account("ann")
        await MongoErasure(db).begin("ann")
        try:
            await inputs.put(BEACONS, ann, [beacon(1, "Depot")])
        except NotFound:
            assert 0 == await db.beacons.count_documents({})
        else:
            raise AssertionError


async def test_a_series_is_its_descriptor_and_its_message(db: Any, mongo_client: MongoClient[Any]) -> None:
    """Samples are checked, stored by the ids of each account, read in order, and go with their entity."""
    with registered(BEACONS, series=SIGNALS):
        await create_indexes(db)
        stored = AccountDataBuilder(db, mongo_client)
        ann, bob = await stored.account("ann"), await stored.account("bob")
        for owner in (ann, bob):
            await stored.put(BEACONS, owner, beacon(1, "Depot"), beacon(2, "Yard"))
        service = SeriesService(MongoSeries(db), stored.inputs, lambda: datetime(2024, 3, 5, tzinfo=UTC))

        async def put(owner_id: int | None, times: list[int], values: list[float], beacon_id: int = 1) -> Written:
            times = [MONDAY_MS + one for one in times]
            quality = [-1] * len(times)
            return await service.put(
                SIGNALS, owner_id, Signals(beacon_id=beacon_id, time_ms=times, value=values, quality=quality)
            )

        assert Written(stored=3) == await put(ann, [20, 0, 10], [3.0, 1.0, 2.0])
        late = await asyncio.gather(*(put(ann, [5, 10], [9.0, 2.0]) for _ in range(4)))
        assert 1 <= sum(one.stored for one in late)
        refused = await put(ann, [30, 40], [math.nan, 4.0])
        assert [(0, "value")] == [(place, why.field) for place, why in refused.refusals]
        await put(bob, [0], [7.0])
        with pytest.raises(InvalidParameters):
            await put(None, [0], [1.0])
        unknown = await put(ann, [0, 1], [1.0, 2.0], 3)
        assert (2, [(0, "beacon_id"), (1, "beacon_id")]) == (
            unknown.refused,
            [(place, why.field) for place, why in unknown.refusals],
        )

        reader = MongoSeriesReader(mongo_client[db.name], SIGNALS)
        entities = [(await stored.inputs.entities(BEACONS, [1], owner))[1] for owner in (ann, bob)]
        found = [reader.read(entity, MONDAY_MS, MONDAY_MS + 1000, ["value"]) for entity in entities]
        assert [[0, 5, 10, 20, 40], [0]] == [(times - MONDAY_MS).tolist() for times, _ in found]
        assert [[1.0, 9.0, 2.0, 3.0, 4.0], [7.0]] == [columns["value"].tolist() for _, columns in found]

        assert 1 == await InputService(stored.inputs, {}).delete(BEACONS, ann, [1], [])
        assert (None, (MONDAY_MS, MONDAY_MS)) == tuple(reader.span(entity) for entity in entities)
        async for removal in RemovalService(MongoErasure(db)).remove("bob"):
            erased = removal.erased["signal_buckets"]
        assert 1 == erased
