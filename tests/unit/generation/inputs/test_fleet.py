"""What operators store about a fleet, checked before anything of it is stored."""

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest

from services.errors import InvalidParameters, NonexistentEntities
from services.generation.inputs.fleet_service import MAX_BATCH, FleetService
from services.generation.inputs.records import Assignment, Employee, Parking, Tracker, Vehicle
from tests.builders.people import NOON

CAR = Tracker(0, "Car")
FORD = Vehicle(0, "Ford")
SAM = Employee(0, "Sam")


class Fleet:
    """Fills the part of the port Fleet that is asked: account 1 has the tracker 7 and the employee 3."""

    def __init__(self) -> None:
        self.stored: list[object] = []

    async def put(self, account_id: int, entities: Sequence[object]) -> list[int]:
        assert account_id == 1
        self.stored += entities
        return list(range(1, len(entities) + 1))

    put_trackers = put_vehicles = put_employees = put_assignments = put

    async def trackers(self, account_id: int, ids: Collection[int]) -> dict[int, Tracker]:
        return {7: CAR} if account_id == 1 and 7 in ids else {}

    async def employees(self, account_id: int, ids: Collection[int]) -> dict[int, Employee]:
        return {3: SAM} if account_id == 1 and 3 in ids else {}


@pytest.fixture
def fleet() -> Fleet:
    return Fleet()


@pytest.fixture
def book(fleet: Fleet) -> FleetService:
    return FleetService(fleet)  # type: ignore[arg-type] # the part of the port that is asked


@pytest.mark.parametrize("label", ["Car 1", "Машина", "Car\N{NO-BREAK SPACE}1", "👩\N{ZERO WIDTH JOINER}🚒", "x" * 255])
async def test_a_label_is_any_text_for_people(book: FleetService, label: str) -> None:
    """No-break spaces and joined emoji are no control characters."""
    assert [1] == await book.put_trackers(1, [replace(CAR, label=label)])


@pytest.mark.parametrize(
    ("tracker", "field"),
    [
        (replace(CAR, label=""), "label"),
        (replace(CAR, label="x" * 256), "label"),
        (replace(CAR, label="a\0b"), "label"),
        (replace(CAR, id=-1), "id"),
        (replace(CAR, id=2**31), "id"),
        (replace(CAR, model="a\nb"), "model"),
        (replace(CAR, odometer_km=-1.0), "odometer_km"),
        (replace(CAR, odometer_km=math.nan), "odometer_km"),
        (replace(CAR, parking=Parking(min_idle_minutes=0)), "parking.min_idle_minutes"),
        (replace(CAR, parking=Parking(idle_speed_kmh=math.nan)), "parking.idle_speed_kmh"),
        (replace(CAR, parking=Parking(idle_speed_kmh=201)), "parking.idle_speed_kmh"),
    ],
)
async def test_a_bad_tracker_is_named_by_its_place(
    book: FleetService, fleet: Fleet, tracker: Tracker, field: str
) -> None:
    """The batch is refused before anything of it is stored."""
    with pytest.raises(InvalidParameters) as caught:
        await book.put_trackers(1, [CAR, tracker])

    assert ([f"trackers[1].{field}"], []) == ([one.field for one in caught.value.violations], fleet.stored)


@pytest.mark.parametrize(
    ("vehicle", "field"),
    [
        (replace(FORD, norm_avg_fuel_consumption=math.inf), "norm_avg_fuel_consumption"),
        (replace(FORD, fuel_cost=-0.1), "fuel_cost"),
        (replace(FORD, currency_code="eur"), "currency_code"),
        (replace(FORD, currency_code="EURO"), "currency_code"),
    ],
)
async def test_a_bad_vehicle_is_named(book: FleetService, vehicle: Vehicle, field: str) -> None:
    """Amounts are finite and not negative, currencies have ISO codes."""
    with pytest.raises(InvalidParameters) as caught:
        await book.put_vehicles(1, [vehicle])

    assert [f"vehicles[0].{field}"] == [one.field for one in caught.value.violations]


async def test_an_employee_needs_a_first_name_only(book: FleetService) -> None:
    """The other names may be unknown."""
    assert [1] == await book.put_employees(1, [SAM])
    with pytest.raises(InvalidParameters) as caught:
        await book.put_employees(1, [replace(SAM, first_name="", last_name="\t")])
    assert ["employees[0].first_name", "employees[0].last_name"] == [one.field for one in caught.value.violations]


async def test_a_batch_is_bounded(book: FleetService, fleet: Fleet) -> None:
    """More than a thousand at once are refused."""
    for put, entity in (
        (book.put_trackers, CAR),
        (book.put_vehicles, FORD),
        (book.put_employees, SAM),
        (book.put_assignments, Assignment(7, NOON)),
    ):
        with pytest.raises(InvalidParameters):
            await put(1, [entity] * (MAX_BATCH + 1))  # type: ignore[operator] # one kind at a time

    assert [] == fleet.stored


async def test_only_ones_own_trackers_and_employees_are_named(book: FleetService, fleet: Fleet) -> None:
    """A vehicle, an employee or an assignment cannot point at what the account does not have."""
    with pytest.raises(NonexistentEntities):
        await book.put_vehicles(1, [replace(FORD, tracker_id=8)])
    with pytest.raises(NonexistentEntities):
        await book.put_employees(1, [replace(SAM, tracker_id=8)])
    with pytest.raises(NonexistentEntities):
        await book.put_assignments(1, [Assignment(8, NOON)])
    with pytest.raises(NonexistentEntities):
        await book.put_assignments(1, [Assignment(7, NOON, 4)])
    assert [] == fleet.stored

    await book.put_vehicles(1, [replace(FORD, tracker_id=7)])
    await book.put_assignments(1, [Assignment(7, NOON, 3), Assignment(7, NOON)])
    assert 3 == len(fleet.stored)
