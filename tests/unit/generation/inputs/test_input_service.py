"""Rules of inputs: what is stored, and which field of a refused record breaks which rule."""

import math
from datetime import timedelta
from typing import Any

import pytest
from daybook.input.v1.fleet_pb2 import Assignment, Employee, Parking, Tracker, Vehicle
from google.protobuf.timestamp_pb2 import Timestamp

from services.errors import InvalidParameters, NonexistentEntities
from services.generation.domain.paging import Page
from services.generation.inputs.assignments import ASSIGNMENTS
from services.generation.inputs.employees import EMPLOYEES, full_name
from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.input_scope import Scope
from services.generation.inputs.input_service import MAX_BATCH, InputService
from services.generation.inputs.input_store import InputFilter
from services.generation.inputs.list_filters import order_of
from services.generation.inputs.registry import INPUT_KINDS
from services.generation.inputs.trackers import TRACKERS
from services.generation.inputs.vehicles import VEHICLES
from services.runtime.codec import timestamp_of
from tests.builders.people import NOON
from tests.fakes.inputs import FakeInputs


@pytest.fixture
def inputs() -> InputService:
    """Give a service over a store in which account 1 has the tracker 7."""
    store = FakeInputs()
    store.add(TRACKERS, 1, Tracker(id=7, label="Car"))
    return InputService(store, {})


async def refused(inputs: InputService, kind: InputKind[Any], *records: Any) -> list[str]:
    """Return the field of each record that breaks a rule, "" for a stored one."""
    outcomes = await inputs.put(kind, 1, records)
    return [one.refusal.field if one.refusal else "" for one in outcomes]


@pytest.mark.parametrize("label", ["Car 1", "Машина", "Car\N{NO-BREAK SPACE}1", "👩\N{ZERO WIDTH JOINER}🚒", "x" * 255])
async def test_a_label_is_any_text_for_people(inputs: InputService, label: str) -> None:
    """No-break spaces and joined emoji are no control characters."""
    assert [""] == await refused(inputs, TRACKERS, Tracker(label=label))


@pytest.mark.parametrize(
    ("tracker", "field"),
    [
        (Tracker(label=""), "label"),
        (Tracker(label="x" * 256), "label"),
        (Tracker(label="a\0b"), "label"),
        (Tracker(label="Car", id=-1), "id"),
        (Tracker(label="Car", id=2**31), "id"),
        (Tracker(label="Car", model="a\nb"), "model"),
        (Tracker(label="Car", odometer_km=-1.0), "odometer_km"),
        (Tracker(label="Car", odometer_km=math.nan), "odometer_km"),
        (Tracker(label="Car", parking=Parking(min_idle_minutes=0)), "parking.min_idle_minutes"),
        (Tracker(label="Car", parking=Parking(idle_speed_kmh=math.nan)), "parking.idle_speed_kmh"),
        (Tracker(label="Car", parking=Parking(idle_speed_kmh=201)), "parking.idle_speed_kmh"),
        (Tracker(label="Car", parking=Parking(gap_minutes=0.5)), "parking.gap_minutes"),
    ],
)
async def test_a_bad_record_is_refused_and_the_others_are_stored(
    inputs: InputService, tracker: Tracker, field: str
) -> None:
    """Whatever stands beside them."""
    assert ["", field, ""] == await refused(inputs, TRACKERS, Tracker(label="One"), tracker, Tracker(label="Two"))
    assert {"Car", "One", "Two"} == {
        one.label for one in await inputs.page(TRACKERS, Scope(1), Page(10), InputFilter())
    }


@pytest.mark.parametrize(
    ("vehicle", "field"),
    [
        (Vehicle(label="Ford"), "id"),
        (Vehicle(id=1, label="Ford", norm_avg_fuel_consumption=math.inf), "norm_avg_fuel_consumption"),
        (Vehicle(id=1, label="Ford", fuel_cost=-0.1), "fuel_cost"),
        (Vehicle(id=1, label="Ford", currency_code="eur"), "currency_code"),
        (Vehicle(id=1, label="Ford", currency_code="EURO"), "currency_code"),
        (Vehicle(id=1, label="Ford", max_speed=0.5), "max_speed"),
        (Vehicle(id=1, label="Ford", tracker_id=8), "tracker_id"),
        (Vehicle(id=1, label="Ford", tracker_id=7), ""),
    ],
)
async def test_a_bad_vehicle_is_named(inputs: InputService, vehicle: Vehicle, field: str) -> None:
    """Amounts are finite and not negative, currencies have ISO codes, the tracker is the account's."""
    assert [field] == await refused(inputs, VEHICLES, vehicle)


async def test_an_employee_needs_a_first_name_only(inputs: InputService) -> None:
    """The other names may be unknown."""
    sam = Employee(id=1, first_name="Sam")
    assert ["", "first_name", "last_name", "tags"] == await refused(
        inputs,
        EMPLOYEES,
        sam,
        Employee(id=2, last_name="Reed"),
        Employee(id=3, first_name="Ann", last_name="\t"),
        Employee(id=4, first_name="Ann", tags=[""]),
    )
    assert ("Sam", "Sam Reed") == (full_name(sam), full_name(Employee(first_name="Sam", last_name="Reed")))


async def test_an_assignment_is_of_a_known_tracker_and_a_possible_moment(inputs: InputService) -> None:
    """The employee may be stored later."""
    now = timestamp_of(NOON)
    tomorrow = Timestamp()
    tomorrow.GetCurrentTime()
    tomorrow.seconds += int(timedelta(days=2).total_seconds())

    assert ["", "", "tracker_id", "start_time", "start_time", "start_time", "start_time", "source"] == await refused(
        inputs,
        ASSIGNMENTS,
        Assignment(tracker_id=7, start_time=now, employee_id=3),
        Assignment(tracker_id=7, start_time=now),
        Assignment(tracker_id=8, start_time=now),
        Assignment(tracker_id=7),
        Assignment(tracker_id=7, start_time=Timestamp(seconds=5)),
        Assignment(tracker_id=7, start_time=Timestamp(seconds=10**15)),
        Assignment(tracker_id=7, start_time=tomorrow),
        Assignment(tracker_id=7, start_time=now, source=9),
    )


async def test_a_batch_is_bounded(inputs: InputService) -> None:
    """More than a thousand at once are refused, of every kind and in every call."""
    for kind in INPUT_KINDS:
        many = [kind.message()] * (MAX_BATCH + 1)
        with pytest.raises(InvalidParameters):
            await inputs.put(kind, 1, many)
        with pytest.raises(InvalidParameters):
            await inputs.delete(kind, 1, [], many)
    with pytest.raises(InvalidParameters):
        await inputs.delete(VEHICLES, 1, range(1, MAX_BATCH + 2), [])


async def test_a_filter_that_a_kind_does_not_have_is_named(inputs: InputService) -> None:
    """Assignments have neither ids nor names."""
    for matching, field in (
        (InputFilter(ids=[1]), "ids"),
        (InputFilter(text="a"), "text"),
        (InputFilter(names=["a"]), "names"),
        (InputFilter(order=(("source", False),)), "order_by"),
        (InputFilter(order=(("tracker_id", False), ("tracker_id", True))), "order_by"),
        (InputFilter(skip=-1), "skip"),
        (InputFilter(texts=["a"]), "texts"),
        (InputFilter(tags=["a"]), "tags"),
        (InputFilter(tracker_ids=range(1, 1002)), "tracker_ids"),
    ):
        with pytest.raises(InvalidParameters) as caught:
            await inputs.page(ASSIGNMENTS, Scope(1), Page(10), matching)
        assert [field] == [one.field for one in caught.value.violations]


async def test_a_list_of_a_tracker_that_the_owner_does_not_have_is_an_error(inputs: InputService) -> None:
    """It is named; a kind without trackers has no such condition."""
    with pytest.raises(NonexistentEntities) as missing:
        await inputs.page(VEHICLES, Scope(1), Page(10), InputFilter(tracker_ids=[77]))
    with pytest.raises(InvalidParameters):
        await inputs.page(TRACKERS, Scope(1), Page(10), InputFilter(tracker_ids=[77]))

    assert ["tracker_ids"] == [one.field for one in missing.value.violations]


def test_an_order_is_read_as_it_is_written_elsewhere() -> None:
    """Fields with commas between, each ascending unless it says otherwise (AIP-132)."""
    assert (("last_name", True), ("first_name", False), ("id", False)) == order_of(" last_name  desc,first_name asc,id")
    assert () == order_of("")
    for wrong in ("id down", ",", "id,", "id desc asc"):
        with pytest.raises(InvalidParameters):
            order_of(wrong)


@pytest.mark.parametrize("kind", INPUT_KINDS, ids=lambda kind: kind.name)
def test_a_descriptor_names_fields_of_its_message(kind: InputKind[Any]) -> None:
    """Every path leads to a field, and every text of the contract is bounded."""
    paths = [*kind.limits, *kind.defaults, *kind.key, *kind.order, *kind.read_by, *kind.text_fields, *kind.unlisted]
    paths += [*kind.output_only, *(one.field for one in kind.references)]
    for path in paths:
        descriptor = kind.message.DESCRIPTOR
        for name in path.split("."):
            descriptor = descriptor.fields_by_name[name].message_type if descriptor else None
    bounded = {path.split(".")[0] for path in (*kind.limits, *kind.output_only)}
    unbounded = set(kind.message.DESCRIPTOR.fields_by_name) - bounded
    assert all(kind.message.DESCRIPTOR.fields_by_name[name].type in BOOLS_AND_ENUMS for name in unbounded)


BOOLS_AND_ENUMS = {8, 14}
