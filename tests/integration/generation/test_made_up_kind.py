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
from services.generation.inputs.input_service import InputService, Scope
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
from tests.builders.points import MONDAY_MS
from tests.fakes.made_up_kind import READINGS, ZONES, Readings, Zone, registered
from tests.integration.generation.estates import Estates

ALL = Page(10)


def zone(id_: int, label: str, **more: Any) -> Any:
    return Zone(id=id_, label=label, **more)


async def test_a_kind_is_its_descriptor_and_its_message(db: Any, mongo_client: MongoClient[Any]) -> None:
    """Records are checked, stored, listed, read, deleted, erased with their account and found when it is gone."""
    with registered(ZONES):
        await create_indexes(db)
        estates, inputs = Estates(db, mongo_client), InputService(MongoInputs(db), {})
        ann, bob = await estates.account("ann"), await estates.account("bob")
        van = await estates.fleet_of(ann)

        async def put(owner_id: int, *zones: Any) -> list[Outcome]:
            return await inputs.put(ZONES, owner_id, zones)

        depot = zone(1, "Depot", tracker_id=van, tags=["north"], center={"lat": 52.5, "lng": 13.4})
        wrong = [
            zone(2, ""),
            zone(3, "Depot"),
            zone(4, "Yard", center={"lat": 91}),
            zone(5, "Gate", tracker_id=van + 1),
        ]
        outcomes = await put(ann, depot, *wrong, zone(6, "Yard"))
        assert [None, "label", "label", "center.lat", "tracker_id", None] == [
            one.refusal and one.refusal.field for one in outcomes
        ]
        assert [False, True] == [one.stored for one in await put(ann, depot, zone(6, "Old yard"))]
        await put(bob, zone(1, "Depot"))

        assert [depot, zone(6, "Old yard")] == await inputs.page(ZONES, Scope(ann), ALL, InputFilter())
        assert [zone(6, "Old yard")] == await inputs.page(ZONES, Scope(ann), ALL, InputFilter(text="YARD"))
        assert [depot] == MongoInputReader(mongo_client[db.name]).read(ZONES, ann, tracker_id=van)
        assert 1 == await inputs.delete(ZONES, ann, [6, 7], [])

        async for removal in RemovalService(MongoErasure(db)).remove("ann"):
            erased = removal.erased["zones"]
        assert 1 == erased
        assert [zone(1, "Depot")] == await inputs.page(ZONES, Scope(bob), ALL, InputFilter())

        await db.users.delete_one({"_id": bob})
        await db.zones.update_many({}, [{"$set": {"create_time": {"$subtract": ["$create_time", 2 * 3_600_000]}}}])
        assert 1 == sum([one.count async for one in MongoOrphans(db).delete() if one.kind == "zones"])
        assert 0 == await db.zones.count_documents({})


async def test_nothing_is_written_for_an_account_that_is_being_removed(db: Any, mongo_client: MongoClient[Any]) -> None:
    """What comes while its account goes is taken back."""
    with registered(ZONES):
        estates, inputs = Estates(db, mongo_client), InputService(MongoInputs(db), {})
        ann = await estates.account("ann")
        await MongoErasure(db).begin("ann")
        try:
            await inputs.put(ZONES, ann, [zone(1, "Depot")])
        except NotFound:
            assert 0 == await db.zones.count_documents({})
        else:
            raise AssertionError


async def test_a_series_is_its_descriptor_and_its_message(db: Any, mongo_client: MongoClient[Any]) -> None:
    """Samples are checked, stored by the ids of each account, read in order, and go with their entity."""
    with registered(ZONES, series=READINGS):
        await create_indexes(db)
        estates = Estates(db, mongo_client)
        ann, bob = await estates.account("ann"), await estates.account("bob")
        for owner in (ann, bob):
            await estates.put(ZONES, owner, zone(1, "Depot"), zone(2, "Yard"))
        service = SeriesService(MongoSeries(db), estates.inputs, lambda: datetime(2024, 3, 5, tzinfo=UTC))

        async def put(owner_id: int | None, times: list[int], values: list[float], zone_id: int = 1) -> Written:
            times = [MONDAY_MS + one for one in times]
            quality = [-1] * len(times)
            return await service.put(
                READINGS, owner_id, Readings(zone_id=zone_id, time_ms=times, value=values, quality=quality)
            )

        assert Written(stored=3) == await put(ann, [20, 0, 10], [3.0, 1.0, 2.0])
        late = await asyncio.gather(*(put(ann, [5, 10], [9.0, 2.0]) for _ in range(4)))
        assert 1 <= sum(one.stored for one in late)
        refused = await put(ann, [30, 40], [math.nan, 4.0])
        assert [(0, "value")] == [(place, why.field) for place, why in refused.refusals]
        await put(bob, [0], [7.0])
        for owner, zone_id in ((None, 1), (ann, 3)):
            with pytest.raises((InvalidParameters, NotFound)):
                await put(owner, [0], [1.0], zone_id)

        reader = MongoSeriesReader(mongo_client[db.name], READINGS)
        entities = [(await estates.inputs.entities(ZONES, [1], owner))[1] for owner in (ann, bob)]
        found = [reader.read(entity, MONDAY_MS, MONDAY_MS + 1000) for entity in entities]
        assert [[0, 5, 10, 20, 40], [0]] == [(times - MONDAY_MS).tolist() for times, _ in found]
        assert [[1.0, 9.0, 2.0, 3.0, 4.0], [7.0]] == [columns["value"].tolist() for _, columns in found]

        assert 1 == await InputService(estates.inputs, {}).delete(ZONES, ann, [1], [])
        assert (None, (MONDAY_MS, MONDAY_MS)) == tuple(reader.span(entity) for entity in entities)
        async for removal in RemovalService(MongoErasure(db)).remove("bob"):
            erased = removal.erased["reading_buckets"]
        assert 1 == erased
