"""Trackers, vehicles, employees and assignments on a real MongoDB."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.errors import AlreadyExists
from services.generation.domain.paging import Page
from services.generation.inputs.records import Assignment, Employee, Parking, Tracker
from services.generation.store.mongo_fleet import MongoFleet
from tests.builders.people import NOON

CAR = Tracker(0, "Car", odometer_km=12.5, parking=Parking(3, 4.5, ignition_aware=True), group_id=2, device_id="imei")
HOUR = timedelta(hours=1)


@pytest.fixture
def fleet(db: Any) -> MongoFleet:
    return MongoFleet(db)


async def labels(fleet: MongoFleet, account_id: int) -> dict[int, str]:
    return {one.id: one.label for one in await fleet.tracker_page(account_id, Page(1000))}


async def test_a_tracker_comes_back_as_it_went(fleet: MongoFleet) -> None:
    """All its fields are stored, with a moment of creation that a change leaves alone."""
    (new,) = await fleet.put_trackers(1, [CAR])
    (first,) = await fleet.tracker_page(1, Page(10))
    await fleet.put_trackers(1, [replace(CAR, id=new, label="Van", odometer_km=None)])
    (second,) = await fleet.tracker_page(1, Page(10))

    assert replace(CAR, id=new, create_time=first.create_time) == first
    assert first.create_time is not None
    assert replace(first, label="Van", odometer_km=None) == second


async def test_a_batch_keeps_its_order(fleet: MongoFleet) -> None:
    """New and known ones may be mixed: the ids come in the order asked, new ones ascending."""
    batch = [replace(CAR, label=str(place), id=100 if place == 3 else 0) for place in range(7)]

    assert [1, 2, 3, 100, 4, 5, 6] == await fleet.put_trackers(1, batch)
    assert {1: "0", 2: "1", 3: "2", 100: "3", 4: "4", 5: "5", 6: "6"} == await labels(fleet, 1)


async def test_ids_chosen_by_hand_are_passed_over(fleet: MongoFleet) -> None:
    """However many ids somebody chose, a new one gets the next free."""
    await fleet.put_trackers(1, [replace(CAR, id=number) for number in (1, 2, *range(4, 800))])
    await fleet.put_trackers(2, [replace(CAR, id=number) for number in range(800, 1700)])

    assert [3, 1700, 1701] == await fleet.put_trackers(1, [CAR] * 3)
    await fleet.put_trackers(1, [replace(CAR, id=2**31 - 1)])
    assert [1702] == await fleet.put_trackers(2, [CAR])


async def test_another_accounts_tracker_is_taken(fleet: MongoFleet) -> None:
    """A batch that names somebody else's id is refused before anything of it is stored, and changes nothing."""
    await fleet.put_trackers(1, [replace(CAR, id=5)])
    with pytest.raises(AlreadyExists):
        await fleet.put_trackers(2, [CAR, replace(CAR, id=5, label="Stolen")])

    assert ({5: "Car"}, {}) == (await labels(fleet, 1), await labels(fleet, 2))
    assert ({5}, {}) == (await fleet.known([5, 6]), await fleet.trackers(2, [5]))


async def test_two_accounts_that_want_an_id_do_not_share_it(fleet: MongoFleet) -> None:
    """Of many at once one gets the id; the same account may write it as often as it likes."""
    outcomes = await asyncio.gather(
        *(fleet.put_trackers(1 + number % 2, [replace(CAR, id=5)]) for number in range(20)), return_exceptions=True
    )
    winners = {1 + number % 2 for number, one in enumerate(outcomes) if one == [5]}

    assert 1 == len(winners)
    assert 10 == sum(isinstance(one, AlreadyExists) for one in outcomes)


async def test_many_new_ones_at_once_have_ids_of_their_own(fleet: MongoFleet) -> None:
    """Batches side by side share nothing, also with ids that are being chosen by hand."""
    batches = [[CAR] * 20 if number % 2 else [replace(CAR, id=30 + number)] for number in range(10)]
    ids = await asyncio.gather(*(fleet.put_trackers(1, batch) for batch in batches))

    assert 105 == len({one for batch in ids for one in batch}) == len(await labels(fleet, 1))


async def test_lists_are_paged_by_id(fleet: MongoFleet) -> None:
    """Each page begins after the last entry of the one before."""
    await fleet.put_employees(1, [Employee(0, f"e{number}") for number in range(5)])
    pages = [await fleet.employee_page(1, Page(2, (after,))) for after in (0, 2, 4)]

    assert [[1, 2], [3, 4], [5]] == [[one.id for one in page] for page in pages]
    assert [] == await fleet.employee_page(2, Page(2))


async def test_an_assignment_is_one_of_its_tracker_and_moment(fleet: MongoFleet) -> None:
    """Written again it changes, at once or later; the list goes by tracker and time."""
    later = [Assignment(7, NOON + HOUR, 3), Assignment(6, NOON + HOUR), Assignment(7, NOON, 3)]
    await asyncio.gather(*(fleet.put_assignments(1, later) for _ in range(5)))
    await fleet.put_assignments(1, [Assignment(7, NOON, 4)])
    await fleet.put_assignments(1, [])
    page = await fleet.assignment_page(1, Page(2))

    assert [Assignment(6, NOON + HOUR), Assignment(7, NOON, 4)] == page
    assert [Assignment(7, NOON + HOUR, 3)] == await fleet.assignment_page(1, Page(2, (7, NOON)))
