"""Parking settings over a real channel and in a real MongoDB."""

import asyncio

from daybook.input.v1 import input_service_pb2 as pb
from daybook.input.v1.fleet_pb2 import Parking
from google.protobuf.field_mask_pb2 import FieldMask

from tests.integration.generation.services import OPERATOR, Client, Metadata, failure


async def update(client: Client, who: Metadata, tracker_id: int, *fields: str, **values: float | bool) -> Parking:
    """Change settings as somebody and return all of them."""
    parking, mask = Parking(**values), FieldMask(paths=fields or list(values))
    request = pb.UpdateParkingRequest(tracker_id=tracker_id, parking=parking, update_mask=mask)
    return (await client.inputs.UpdateParking(request, metadata=who)).parking


async def test_updates_at_once_keep_one_another(client: Client) -> None:
    """Twenty rounds of four callers who change a setting each; what none of them names stays."""
    who = await client.account("fleet")
    (van,) = await client.trackers("fleet", "Van", parking=Parking(gap_minutes=25))
    for number in range(1, 21):
        changes: list[dict[str, float | bool]] = [
            {"min_idle_minutes": number},
            {"idle_speed_kmh": number / 2},
            {"ignition_aware": bool(number % 2)},
            {"motion_sensor_aware": bool(number % 3)},
        ]
        await asyncio.gather(*(update(client, who, van, **change) for change in changes))
        read = await client.inputs.GetParking(pb.GetParkingRequest(tracker_id=van), metadata=who)

        assert (
            Parking(gap_minutes=25, **{name: one for change in changes for name, one in change.items()}) == read.parking
        )


async def test_the_contract_of_the_fake_holds(client: Client) -> None:
    """Defaults come back when a named field is absent; foreign trackers, operators and bad values are refused."""
    who, other = await client.account("fleet"), await client.account("other")
    (van,) = await client.trackers("fleet", "Van", parking=Parking(gap_minutes=25, idle_speed_kmh=9))

    assert Parking(min_idle_minutes=5, idle_speed_kmh=3) == await update(
        client, who, van, "gap_minutes", "idle_speed_kmh"
    )
    missing, refused = ("NOT_FOUND", "TRACKER_NOT_FOUND"), ("INVALID_ARGUMENT", "INVALID_PARAMETERS")
    assert missing == await failure(update(client, other, van, ignition_aware=True))
    assert missing == await failure(update(client, who, van + 1, ignition_aware=True))
    assert refused == await failure(update(client, who, van, min_idle_minutes=0))
    assert ("PERMISSION_DENIED", "WRONG_CREDENTIALS") == await failure(
        update(client, OPERATOR, van, ignition_aware=True)
    )


async def test_a_sub_user_needs_the_right(client: Client) -> None:
    """Reading needs none; `tracker_configure` allows to change."""
    await client.account("fleet")
    (van,) = await client.trackers("fleet", "Van")
    limited = await client.account("limited", master_login="fleet", rights=["RIGHT_REPORTS"])
    configurer = await client.account("configurer", master_login="fleet", rights=["RIGHT_TRACKER_CONFIGURE"])

    assert (await client.inputs.GetParking(pb.GetParkingRequest(tracker_id=van), metadata=limited)).parking
    assert ("PERMISSION_DENIED", "RIGHT_MISSING") == await failure(update(client, limited, van, ignition_aware=True))
    assert (await update(client, configurer, van, ignition_aware=True)).ignition_aware
