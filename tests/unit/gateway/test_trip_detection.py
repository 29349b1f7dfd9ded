"""Routes of trip detection: one call each, in the published envelope."""

import pytest
from daybook.input.v1 import input_service_pb2 as pb
from daybook.input.v1.fleet_pb2 import Parking
from google.protobuf.field_mask_pb2 import FieldMask

from services.errors import InvalidParameters, Violation
from services.errors.reports import TrackerNotFound
from tests.fakes.gateway_services import HASH, Gateway, running_gateway

READ, UPDATE = (f"/tracker/settings/trip_detection/{action}" for action in ("read", "update"))


@pytest.mark.parametrize(("kmh", "shown"), [(3.0, 3), (2.5, 2.5), (0.0, 0)])
async def test_settings_are_read(kmh: float, shown: float) -> None:
    """A whole speed is written as an integer."""
    async with running_gateway() as gateway:
        parking = Parking(min_idle_minutes=5, idle_speed_kmh=kmh, gap_minutes=9, ignition_aware=True)
        gateway.services.answers["GetParking"] = pb.GetParkingResponse(parking=parking)
        found = await gateway.json(READ, json={"hash": HASH, "tracker_id": "7"})

        assert {
            "success": True,
            "min_idle_duration_minutes": 5,
            "idle_speed_threshold": shown,
            "ignition_aware": True,
            "motion_sensor_aware": False,
        } == found
        assert isinstance(found["idle_speed_threshold"], type(shown))
        assert [pb.GetParkingRequest(tracker_id=7)] == gateway.services.asked["GetParking"]


async def update(gateway: Gateway, status: int = 200, **sent: object) -> dict[str, object]:
    return dict(await gateway.json(UPDATE, status, json={"hash": HASH, "tracker_id": 7, **sent}))


async def test_an_update_names_what_was_sent() -> None:
    """Also values that are zero or false; nothing sent changes nothing."""
    async with running_gateway() as gateway:
        gateway.services.answers["UpdateParking"] = pb.UpdateParkingResponse()
        await update(gateway, idle_speed_threshold=0, ignition_aware=False)
        await update(gateway, min_idle_duration_minutes="9", motion_sensor_aware="true", idle_speed_threshold="7.5")
        assert {"success": True} == await update(gateway, ignition_aware=None)

        zero, texts, nothing = gateway.services.asked["UpdateParking"]
        mask = FieldMask(paths=["idle_speed_kmh", "ignition_aware"])
        assert pb.UpdateParkingRequest(tracker_id=7, parking=Parking(idle_speed_kmh=0), update_mask=mask) == zero
        assert Parking(min_idle_minutes=9, idle_speed_kmh=7.5, motion_sensor_aware=True) == texts.parking
        assert pb.UpdateParkingRequest(tracker_id=7) == nothing


@pytest.mark.parametrize("speed", ["fast", True, [3], 2**40, "1e3", "nan", {}])
async def test_a_speed_is_a_number(speed: object) -> None:
    """Anything else is error 7 without a call."""
    async with running_gateway() as gateway:
        answer = await update(gateway, 400, idle_speed_threshold=speed)

        assert ["idle_speed_threshold"] == [one["parameter"] for one in answer["errors"]]
        assert not gateway.services.asked["UpdateParking"]


async def test_errors_are_the_published_ones() -> None:
    """201 for a tracker that is not the account's, 7 with the public names of bad values."""
    async with running_gateway() as gateway:
        gateway.services.answers["UpdateParking"] = TrackerNotFound()
        missing = await update(gateway, 400)
        found = [Violation("parking.min_idle_minutes", "x"), Violation("parking.idle_speed_kmh", "y")]
        gateway.services.answers["UpdateParking"] = InvalidParameters(found)
        bad = await update(gateway, 400)

        assert {"code": 201, "description": "Not found in the database"} == missing["status"]
        assert ["min_idle_duration_minutes", "idle_speed_threshold"] == [one["parameter"] for one in bad["errors"]]
