"""Changes of stored records: what a mask names is changed, and nothing else."""

from typing import Any

import pytest
from daybook.input.v1.fleet_pb2 import Employee, Parking, Tracker, Vehicle
from google.protobuf.message import Message

from services.errors import InvalidParameters, NotFound
from services.generation.inputs.employees import EMPLOYEES
from services.generation.inputs.field_masks import paths_of
from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.input_scope import Scope
from services.generation.inputs.input_service import InputService
from services.generation.inputs.registry import INPUT_KINDS
from services.generation.inputs.trackers import TRACKERS
from services.generation.inputs.vehicles import VEHICLES
from tests.fakes.inputs import FakeInputs

T2 = Tracker(id=2, label="T2", odometer_km=1000, parking=Parking(min_idle_minutes=3, ignition_aware=True))


@pytest.fixture
def inputs() -> InputService:
    """Give a service over a store in which account 1 has a tracker, a vehicle and an employee of it."""
    store = FakeInputs()
    store.add(TRACKERS, 1, T2, Tracker(id=3, label="T3"))
    store.add(VEHICLES, 1, Vehicle(id=1, tracker_id=2, label="Ford", max_speed=90, reg_number="B-1"))
    store.add(EMPLOYEES, 1, Employee(id=1, first_name="Sam", tracker_id=2, tags=["night"]))
    return InputService(store, {})


async def stored(inputs: InputService, kind: InputKind[Any], record: Message) -> Any:
    return await inputs.get(kind, Scope(1), record)


async def test_a_rename_leaves_everything_else(inputs: InputService) -> None:
    """The odometer and the rules of parking stay; an owner need not be named."""
    before = await stored(inputs, TRACKERS, T2)
    renamed = await inputs.change(TRACKERS, None, Tracker(id=2, label="T2 renamed"), ["label"])
    expected = Tracker(label="T2 renamed", odometer_km=1000)
    expected.parking.CopyFrom(before.parking)

    assert ("T2 renamed", 1000, before.parking) == (renamed.label, renamed.odometer_km, renamed.parking)
    assert before.create_time == renamed.create_time
    assert renamed == await stored(inputs, TRACKERS, T2)


async def test_a_named_field_that_is_left_out_gets_its_default(inputs: InputService) -> None:
    """Nested ones, texts, lists and references as well."""
    tracker = await inputs.change(TRACKERS, 1, Tracker(id=2), ["odometer_km", "parking.min_idle_minutes"])
    vehicle = await inputs.change(VEHICLES, 1, Vehicle(id=1), ["reg_number", "tracker_id"])
    employee = await inputs.change(EMPLOYEES, 1, Employee(id=1), ["tags"])

    assert (False, 5, True) == (
        tracker.HasField("odometer_km"),
        tracker.parking.min_idle_minutes,
        tracker.parking.ignition_aware,
    )
    assert ("Ford", 90, "", 0) == (vehicle.label, vehicle.max_speed, vehicle.reg_number, vehicle.tracker_id)
    assert ("Sam", []) == (employee.first_name, list(employee.tags))


async def test_without_a_mask_the_fields_that_are_set_are_changed(inputs: InputService) -> None:
    """Within a message too; a star stands for all fields."""
    one = await inputs.change(TRACKERS, 1, Tracker(id=2, parking=Parking(gap_minutes=9)), [])
    whole = await inputs.change(TRACKERS, 1, Tracker(id=2, label="Van"), ["*"])

    assert ("T2", 9, 3, True) == (
        one.label,
        one.parking.gap_minutes,
        one.parking.min_idle_minutes,
        one.parking.ignition_aware,
    )
    assert ("Van", False, 5, False) == (
        whole.label,
        whole.HasField("odometer_km"),
        whole.parking.min_idle_minutes,
        whole.parking.HasField("gap_minutes"),
    )


@pytest.mark.parametrize(
    "path",
    ["", "nothing", "label.x", "parking.nothing", "id", "create_time", "create_time.seconds", "owner_id", "Label"],
)
async def test_an_unknown_path_is_refused(inputs: InputService, path: str) -> None:
    """And so is that of a field that cannot be changed; nothing is."""
    with pytest.raises(InvalidParameters) as caught:
        await inputs.change(TRACKERS, 1, Tracker(id=2, label="New"), ["label", path])

    assert ["update_mask"] == [one.field for one in caught.value.violations]
    assert "T2" == (await stored(inputs, TRACKERS, T2)).label


@pytest.mark.parametrize("kind", INPUT_KINDS, ids=lambda kind: kind.name)
def test_every_field_of_every_kind_can_be_named(kind: InputKind[Any]) -> None:
    """But those of the key and those that the store fills."""
    fixed = {*kind.key, *kind.output_only}
    for name in kind.message.DESCRIPTOR.fields_by_name:
        if name in fixed:
            with pytest.raises(InvalidParameters):
                paths_of(kind, kind.message(), [name])
        else:
            assert [name] == paths_of(kind, kind.message(), [name])


async def test_bad_values_are_named_and_nothing_is_changed(inputs: InputService) -> None:
    """All of them at once, and references to what the account does not have."""
    wrong = Vehicle(id=1, label="", max_speed=-1)
    with pytest.raises(InvalidParameters) as caught:
        await inputs.change(VEHICLES, 1, wrong, ["label", "max_speed"])
    with pytest.raises(InvalidParameters) as dangling:
        await inputs.change(VEHICLES, 1, Vehicle(id=1, tracker_id=9, label="New"), ["tracker_id", "label"])

    assert {"label", "max_speed"} == {one.field for one in caught.value.violations}
    assert ["tracker_id"] == [one.field for one in dangling.value.violations]
    assert "Ford" == (await stored(inputs, VEHICLES, wrong)).label


@pytest.mark.parametrize(("owner", "id_"), [(1, 9), (2, 2), (None, 9)])
async def test_a_foreign_record_is_like_a_missing_one(inputs: InputService, owner: int | None, id_: int) -> None:
    """For changing as for showing."""
    with pytest.raises(NotFound):
        await inputs.change(TRACKERS, owner, Tracker(id=id_, label="Stolen"), ["label"])
    with pytest.raises(NotFound):
        await inputs.get(TRACKERS, Scope(owner), Tracker(id=id_))


async def test_an_upsert_may_be_of_new_records_only(inputs: InputService) -> None:
    """One that exists is refused, also an equal one; what is new is stored."""
    outcomes = await inputs.put(
        VEHICLES, 1, [Vehicle(id=1, label="Fiat"), Vehicle(id=2, label="Fiat")], create_only=True
    )

    assert ["id", None] == [one.refusal and one.refusal.field for one in outcomes]
    assert "Ford" == (await stored(inputs, VEHICLES, Vehicle(id=1))).label


async def test_what_needs_a_deleted_record_goes_along(inputs: InputService) -> None:
    """Records that merely name it stay and name nothing."""
    assert 1 == await inputs.delete(TRACKERS, None, [2], [])

    assert 0 == (await stored(inputs, VEHICLES, Vehicle(id=1))).tracker_id
    assert 0 == (await stored(inputs, EMPLOYEES, Employee(id=1))).tracker_id
