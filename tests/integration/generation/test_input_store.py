"""Contract of the store of inputs, kept by the fake and by MongoDB alike."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from daybook.input.v1.fleet_pb2 import Assignment, Employee, Parking, Tracker, Vehicle

from services.generation.domain.paging import Page
from services.generation.inputs.assignments import ASSIGNMENTS
from services.generation.inputs.employees import EMPLOYEES
from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.input_store import InputFilter, InputStore
from services.generation.inputs.trackers import TRACKERS
from services.generation.inputs.upsert_plan import Outcome
from services.generation.inputs.vehicles import VEHICLES
from services.generation.store.mongo_ids import FreeIds
from services.generation.store.mongo_inputs import MongoInputs
from services.runtime.codec import timestamp_of
from tests.builders.people import NOON
from tests.fakes.inputs import FakeInputs

HOUR = timedelta(hours=1)
ALL = Page(1000)


@pytest.fixture(params=["fake", "mongo"])
def store(request: pytest.FixtureRequest) -> InputStore:
    if request.param == "fake":
        return FakeInputs()
    return MongoInputs(request.getfixturevalue("db"))


async def put(store: InputStore, kind: InputKind[Any], owner_id: int, *records: Any) -> list[Outcome]:
    return await store.put(kind, owner_id, [kind.document(record) for record in records])


def ids(outcomes: Sequence[Outcome]) -> list[int]:
    return [one.id for one in outcomes]


def assignment(tracker_id: int, hours: int, employee_id: int = 0) -> Assignment:
    return Assignment(tracker_id=tracker_id, employee_id=employee_id, start_time=timestamp_of(NOON + hours * HOUR))


CAR = Tracker(label="Car", odometer_km=12.5, parking=Parking(min_idle_minutes=3, idle_speed_kmh=4.5), device_id="imei")


async def test_a_record_comes_back_as_it_was_put(store: InputStore) -> None:
    """Defaults are filled in, and the moment of creation stays when the record is replaced."""
    (new,) = ids(await put(store, TRACKERS, 1, CAR))
    (first,) = await store.page(TRACKERS, 1, ALL)
    await put(store, TRACKERS, 1, Tracker(id=new, label="Van"))
    (second,) = await store.page(TRACKERS, 1, ALL)

    assert first.HasField("create_time")
    expected = Tracker(id=new, owner_id=1, create_time=first.create_time)
    expected.MergeFrom(CAR)
    assert expected == first
    defaults = Parking(min_idle_minutes=5, idle_speed_kmh=3.0)
    assert Tracker(id=new, label="Van", parking=defaults, create_time=first.create_time, owner_id=1) == second


async def test_an_equal_record_is_unchanged(store: InputStore) -> None:
    """Twice is as once; what differs replaces the record whole."""
    ford = Vehicle(id=3, label="Ford", fuel_cost=1.5)
    outcomes = [(await put(store, VEHICLES, 1, one))[0] for one in (ford, ford, Vehicle(id=3, label="Ford"), ford)]

    assert [True, False, True, True] == [one.stored for one in outcomes]
    assert 1 == len(await store.page(VEHICLES, 1, ALL))


async def test_of_two_records_of_a_key_the_later_counts(store: InputStore) -> None:
    """Within a batch as between batches."""
    first, second = Vehicle(id=3, label="Ford"), Vehicle(id=3, label="Fiat")
    outcomes = await put(store, VEHICLES, 1, first, first, second, second)

    assert [True, False, True, False] == [one.stored for one in outcomes]
    assert ["Fiat"] == [one.label for one in await store.page(VEHICLES, 1, ALL)]


async def test_new_ids_ascend_around_chosen_ones(store: InputStore) -> None:
    """New and known records may be mixed: ids come in the order of the batch."""
    batch = [Tracker(label=str(place), id=3 if place == 4 else 0) for place in range(6)]
    await put(store, TRACKERS, 1, Tracker(id=3, label="taken"))

    assert [1, 2, 4, 5, 3, 6] == ids(await put(store, TRACKERS, 1, *batch))


async def test_a_global_id_belongs_to_one_owner(store: InputStore) -> None:
    """The record is refused, the others of the batch are stored."""
    await put(store, TRACKERS, 1, Tracker(id=5, label="Car"))
    outcomes = await put(store, TRACKERS, 2, Tracker(id=5, label="Stolen"), Tracker(id=6, label="Own"))

    assert ["id", None] == [one.refusal and one.refusal.field for one in outcomes]
    assert [["Car"], ["Own"]] == [[one.label for one in await store.page(TRACKERS, owner, ALL)] for owner in (1, 2)]
    assert {5, 6} == set(await store.entities(TRACKERS, [5, 6, 7]))
    assert {6} == set(await store.entities(TRACKERS, [5, 6, 7], 2))


async def test_two_owners_may_use_the_same_ids(store: InputStore) -> None:
    """Ids of other kinds are unique within an account; neither sees the other's."""
    await put(store, VEHICLES, 1, Vehicle(id=3, label="Ford"))
    await put(store, VEHICLES, 2, Vehicle(id=3, label="Fiat"))

    assert ["Ford", "Fiat"] == [(await store.some(VEHICLES, owner, [3, 4]))[3].label for owner in (1, 2)]
    assert (1, {}) == (await store.delete(VEHICLES, 1, [(3,)]), await store.some(VEHICLES, 1, [3]))
    assert 1 == len(await store.page(VEHICLES, 2, ALL))


async def test_a_key_may_be_of_several_fields(store: InputStore) -> None:
    """Such records are ordered and paged by these fields."""
    await put(store, ASSIGNMENTS, 1, assignment(7, 1, 3), assignment(6, 1), assignment(7, 0, 3))
    await put(store, ASSIGNMENTS, 1, assignment(7, 0, 4))
    first = await store.page(ASSIGNMENTS, 1, Page(2))

    assert [assignment(6, 1), assignment(7, 0, 4)] == first
    assert [assignment(7, 1, 3)] == await store.page(ASSIGNMENTS, 1, Page(2, ASSIGNMENTS.order_of(first[-1])))
    assert 1 == await store.delete(ASSIGNMENTS, 1, [(7, NOON), (7, NOON + 5 * HOUR)], allow_missing=True)
    assert [assignment(6, 1), assignment(7, 1, 3)] == await store.page(ASSIGNMENTS, 1, ALL)


async def test_lists_are_filtered_by_ids_and_text(store: InputStore) -> None:
    """A text may be in any of the names, in any case, and is no pattern."""
    people = [("Sam", "Reed"), ("Ann", "Samson"), ("a.n", ""), ("Zoë", "Reed")]
    records = [Employee(id=id_, first_name=first, last_name=last) for id_, (first, last) in enumerate(people, 1)]
    await put(store, EMPLOYEES, 1, *records)

    async def found(**matching: Any) -> list[int]:
        return [one.id for one in await store.page(EMPLOYEES, 1, ALL, InputFilter(**matching))]

    assert [1, 2] == await found(text="SAM")
    assert [3] == await found(text="a.n")
    assert [2, 4] == await found(ids=[4, 2, 9])
    assert [4] == await found(ids=[1, 4], text="ë")


async def test_lists_are_filtered_by_any_of_some_texts_all_of_some_tags_and_trackers(store: InputStore) -> None:
    """Texts are no patterns, and letter case counts for nothing in them; it does in tags."""
    people = [("Sam", ["a", "b"], 1), ("Ann", ["b"], 2), ("a.n", [], 1), ("Zoë", ["a", "b", "c"], 3)]
    records = [
        Employee(id=id_, first_name=name, tags=tags, tracker_id=tracker_id)
        for id_, (name, tags, tracker_id) in enumerate(people, 1)
    ]
    await put(store, EMPLOYEES, 1, *records)

    async def found(**matching: Any) -> list[int]:
        return [one.id for one in await store.page(EMPLOYEES, 1, ALL, InputFilter(**matching))]

    assert [1, 3] == await found(texts=["SA", ".n"])
    assert [1, 3] == await found(texts=["SA", ".n"], order=(("id", False),))
    assert [1, 4] == await found(tags=["b", "a"])
    assert [] == await found(tags=["A"])
    assert [1, 3, 4] == await found(tracker_ids=[1, 3])
    assert [1] == await found(tracker_ids=[1, 3], tags=["a"], text="sam")
    assert 2 == await store.count(EMPLOYEES, 1, InputFilter(tracker_ids=[1]))


async def test_lists_have_an_order_of_their_own_and_a_number(store: InputStore) -> None:
    """Letter case counts for nothing in it, and the key decides between equal ones; names are told as written."""
    people = [("sam", "Reed"), ("Ann", "reed"), ("Sam", "Abel"), ("Zoe", "")]
    records = [Employee(id=id_, first_name=first, last_name=last) for id_, (first, last) in enumerate(people, 1)]
    await put(store, EMPLOYEES, 1, *records)

    async def found(**matching: Any) -> list[int]:
        return [one.id for one in await store.page(EMPLOYEES, 1, Page(3), InputFilter(**matching))]

    assert [1, 2, 3] == await found(order=(("last_name", True),))
    assert [3, 2, 1] == await found(order=(("last_name", False), ("first_name", False)), skip=1)
    assert [2, 4] == await found(order=(("first_name", False),), names=["Ann", "Zoe", "SAM"])
    assert [4] == await found(skip=3)
    assert (4, 2) == (await store.count(EMPLOYEES, 1), await store.count(EMPLOYEES, 1, InputFilter(text="SAM", skip=1)))


async def test_a_new_id_that_was_just_chosen_by_hand_is_given_up(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record that has it stays, and the new one gets another."""
    store, taken = MongoInputs(db), iter([[5], [6]])

    async def take(_ids: FreeIds, _count: int) -> list[int]:
        return next(taken)

    await put(store, TRACKERS, 1, Tracker(id=5, label="Chosen"))
    monkeypatch.setattr(FreeIds, "take", take)

    assert [6] == ids(await put(store, TRACKERS, 1, Tracker(label="New")))
    assert ["Chosen", "New"] == [one.label for one in await store.page(TRACKERS, 1, ALL)]


async def test_many_writers_agree(store: InputStore) -> None:
    """Batches side by side double no key and lose no record, new ids and chosen ones mixed."""
    same = [assignment(7, hours) for hours in range(5)]
    await asyncio.gather(*(put(store, ASSIGNMENTS, 1, *same) for _ in range(5)))
    batches = [[CAR] * 20 if number % 2 else [Tracker(id=1000 + number, label="x")] for number in range(10)]
    outcomes = await asyncio.gather(*(put(store, TRACKERS, 1, *batch) for batch in batches))
    rivals = await asyncio.gather(*(put(store, TRACKERS, 1 + n % 2, Tracker(id=500, label="r")) for n in range(20)))

    assert 5 == len(await store.page(ASSIGNMENTS, 1, ALL))
    assert 105 == len({one for batch in outcomes for one in ids(batch)})
    assert 10 == sum(one[0].refusal is not None for one in rivals)
