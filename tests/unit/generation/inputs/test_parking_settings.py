"""Parking settings are read and changed by the account that owns the tracker."""

import pytest
from daybook.input.v1.fleet_pb2 import Parking, Tracker

from services.errors import InvalidParameters
from services.errors.reports import TrackerNotFound
from services.generation.inputs.input_service import InputService
from services.generation.inputs.parking_settings import ParkingSettings
from services.generation.inputs.trackers import TRACKERS
from tests.fakes.inputs import FakeInputs

OWNER, STRANGER, VAN = 1, 2, 7


@pytest.fixture
def settings() -> ParkingSettings:
    """Give the settings of a store in which an account has a tracker with a silence of its own."""
    store = FakeInputs()
    store.add(TRACKERS, OWNER, Tracker(id=VAN, label="Van", parking=Parking(gap_minutes=25)))
    return ParkingSettings(InputService(store, {}))


async def test_defaults_are_filled_in(settings: ParkingSettings) -> None:
    """Five minutes and 3 km/h."""
    expected = Parking(min_idle_minutes=5, idle_speed_kmh=3, gap_minutes=25)

    assert expected == await settings.get(OWNER, VAN)


async def test_an_update_changes_the_fields_it_names(settings: ParkingSettings) -> None:
    """The others stay; one that is named and absent gets its default."""
    changed = await settings.update(OWNER, VAN, Parking(idle_speed_kmh=0, ignition_aware=True), ["idle_speed_kmh"])
    reset = await settings.update(OWNER, VAN, Parking(), ["idle_speed_kmh", "gap_minutes"])

    assert Parking(min_idle_minutes=5, idle_speed_kmh=0, gap_minutes=25) == changed
    assert Parking(min_idle_minutes=5, idle_speed_kmh=3) == reset == await settings.get(OWNER, VAN)
    assert reset == await settings.update(OWNER, VAN, Parking(min_idle_minutes=9), [])


async def test_bad_values_are_all_named(settings: ParkingSettings) -> None:
    """And so is a field that does not exist; nothing is changed."""
    parking = Parking(min_idle_minutes=0, idle_speed_kmh=201, ignition_aware=True)
    with pytest.raises(InvalidParameters) as caught:
        await settings.update(OWNER, VAN, parking, ["ignition_aware", "min_idle_minutes", "idle_speed_kmh"])
    with pytest.raises(InvalidParameters) as unknown:
        await settings.update(OWNER, VAN, Parking(), ["label"])

    assert {"parking.min_idle_minutes", "parking.idle_speed_kmh"} == {one.field for one in caught.value.violations}
    assert ["update_mask"] == [one.field for one in unknown.value.violations]
    assert not (await settings.get(OWNER, VAN)).ignition_aware


@pytest.mark.parametrize(("owner", "tracker"), [(OWNER, 8), (STRANGER, VAN)])
async def test_a_foreign_tracker_is_like_a_missing_one(settings: ParkingSettings, owner: int, tracker: int) -> None:
    """For reading as for changing."""
    for attempt in (
        settings.get(owner, tracker),
        settings.update(owner, tracker, Parking(), []),
        settings.update(owner, tracker, Parking(ignition_aware=True), ["ignition_aware"]),
    ):
        with pytest.raises(TrackerNotFound):
            await attempt
