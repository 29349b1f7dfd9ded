"""Kind of input that exists in this test alone: its descriptor and its message are all that it takes."""

from typing import Any

from pymongo import MongoClient

from services.errors import NotFound
from services.generation.accounts.removal import Removals
from services.generation.domain.paging import Page
from services.generation.inputs.input_service import InputService
from services.generation.inputs.input_store import InputFilter
from services.generation.inputs.upsert_plan import Outcome
from services.generation.store.indexes import create_indexes
from services.generation.store.input_reader import MongoInputReader
from services.generation.store.mongo_erasure import MongoErasure
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_orphans import MongoOrphans
from tests.fakes.made_up_kind import ZONES, Zone, registered
from tests.integration.generation.estates import Estates

ALL = Page(10)


def zone(id_: int, label: str, **more: Any) -> Any:
    return Zone(id=id_, label=label, **more)


async def test_a_kind_is_its_descriptor_and_its_message(db: Any, mongo_client: MongoClient[Any]) -> None:
    """Records are checked, stored, listed, read, deleted, erased with their account and found when it is gone."""
    with registered(ZONES):
        await create_indexes(db)
        estates, inputs = Estates(db, mongo_client), InputService(MongoInputs(db))
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

        assert [depot, zone(6, "Old yard")] == await inputs.page(ZONES, ann, ALL, InputFilter())
        assert [zone(6, "Old yard")] == await inputs.page(ZONES, ann, ALL, InputFilter(text="YARD"))
        assert [depot] == MongoInputReader(mongo_client[db.name]).read(ZONES, ann, tracker_id=van)
        assert 1 == await inputs.delete(ZONES, ann, [6, 7], [])

        async for removal in Removals(MongoErasure(db)).remove("ann"):
            erased = removal.erased["zones"]
        assert 1 == erased
        assert [zone(1, "Depot")] == await inputs.page(ZONES, bob, ALL, InputFilter())

        await db.users.delete_one({"_id": bob})
        await db.zones.update_many({}, [{"$set": {"create_time": {"$subtract": ["$create_time", 2 * 3_600_000]}}}])
        assert 1 == sum([one.count async for one in MongoOrphans(db).delete() if one.kind == "zones"])
        assert 0 == await db.zones.count_documents({})


async def test_nothing_is_written_for_an_account_that_is_being_removed(db: Any, mongo_client: MongoClient[Any]) -> None:
    """What comes while its account goes is taken back."""
    with registered(ZONES):
        estates, inputs = Estates(db, mongo_client), InputService(MongoInputs(db))
        ann = await estates.account("ann")
        await MongoErasure(db).begin("ann")
        try:
            await inputs.put(ZONES, ann, [zone(1, "Depot")])
        except NotFound:
            assert 0 == await db.zones.count_documents({})
        else:
            raise AssertionError
