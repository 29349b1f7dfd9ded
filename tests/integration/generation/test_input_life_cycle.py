"""Life cycle of inputs over a real channel and in a real MongoDB: shown, changed, cleared and deleted."""

import asyncio
from typing import Any

import pytest
from daybook.input.v1 import input_service_pb2 as pb
from daybook.input.v1.events_pb2 import Event
from daybook.input.v1.fleet_pb2 import Assignment, Employee, Parking, Tracker, Vehicle
from daybook.input.v1.points_pb2 import Points
from daybook.input.v1.sensors_pb2 import Readings, Sensor
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from services.runtime.codec import timestamp_of
from tests.builders.people import NOON
from tests.builders.points import DAY_MS, MONDAY_MS
from tests.integration.generation.services import OPERATOR, Client, batch_of, failure

MISSING, REFUSED = ("NOT_FOUND", "ENTITY_NOT_FOUND"), ("INVALID_ARGUMENT", "INVALID_PARAMETERS")
VAN = Tracker(id=7, label="Van", odometer_km=1000, parking=Parking(min_idle_minutes=3, ignition_aware=True))


@pytest.fixture
async def fleet(client: Client) -> Client:
    """Give an account a tracker with everything that may belong to one, and another tracker."""
    await client.account("fleet")
    await client.upsert("fleet", trackers=[VAN, Tracker(id=8, label="Bus")])
    sensor = Sensor(
        id=1,
        tracker_id=7,
        kind=Sensor.KIND_METERING,
        sensor_type=Sensor.SENSOR_TYPE_FUEL,
        name="Tank",
        input_name="lls",
    )
    start = timestamp_of(NOON)
    await client.upsert(
        "fleet",
        vehicles=[Vehicle(id=1, tracker_id=7, label="Ford"), Vehicle(id=2, tracker_id=8, label="MAN")],
        employees=[Employee(id=1, first_name="Sam", tracker_id=7)],
        assignments=[Assignment(tracker_id=7, start_time=start), Assignment(tracker_id=8, start_time=start)],
        sensors=[sensor],
        events=[Event(id=1, event="sos", time=start, tracker_id=7)],
    )
    await write(client, points=points(7, range(0, 3000, 1000)))
    await write(client, readings=Readings(sensor_id=1, time_ms=[MONDAY_MS, MONDAY_MS + 1], value=[1, 2]))
    return client


def points(tracker_id: int, offsets: Any) -> Points:
    times = [MONDAY_MS + offset for offset in offsets]
    return Points(tracker_id=tracker_id, time_ms=times, lat=[1] * len(times), lng=[2] * len(times))


async def write(client: Client, **batch: Any) -> None:
    request = pb.UpsertRequest(owner_login="fleet", batch=pb.Batch(**batch))
    await client.inputs.Upsert([request], metadata=OPERATOR)


async def shown(client: Client, kind: str, id_: int, owner: str = "fleet") -> pb.GetResponse:
    answer: pb.GetResponse = await client.inputs.Get(
        pb.GetRequest(kind=kind, owner_login=owner, id=id_), metadata=OPERATOR
    )
    return answer


async def delete(client: Client, kind: str, *ids: int, owner: str = "fleet", **more: Any) -> int:
    request = pb.DeleteRequest(owner_login=owner, kind=kind, ids=ids, **more)
    return int((await client.inputs.Delete(request, metadata=OPERATOR)).deleted_count)


async def update(client: Client, record: Any, *paths: str, kind: str = "trackers", owner: str = "") -> Any:
    mask = FieldMask(paths=paths)
    request = pb.UpdateRequest(owner_login=owner, record=batch_of(kind, [record]), update_mask=mask)
    answer = await client.inputs.Update(request, metadata=OPERATOR)
    return getattr(answer.record, kind).items[0]


def ms(moment: Timestamp) -> int:
    return moment.ToMilliseconds() - MONDAY_MS


async def test_a_record_is_shown_with_what_is_stored_of_it(fleet: Client) -> None:
    """By anybody's id where ids are global; a tracker that nothing came from has no moments."""
    van, bus, tank = (
        await shown(fleet, "trackers", 7, ""),
        await shown(fleet, "trackers", 8),
        await shown(fleet, "sensors", 1),
    )
    (known,) = van.recordings

    assert ("Van", "fleet") == (van.record.trackers.items[0].label, van.record.trackers.items[0].owner_login)
    assert ("points", 3, 0, 2000) == (known.series, known.sample_count, ms(known.first_time), ms(known.last_time))
    assert [pb.Recording(series="points")] == list(bus.recordings)
    assert ["readings", 2] == [tank.recordings[0].series, tank.recordings[0].sample_count]
    assert [] == list((await shown(fleet, "vehicles", 1)).recordings)


async def test_a_record_without_id_is_shown_by_its_key(fleet: Client) -> None:
    """And a key that is not stored is missing."""
    key = Assignment(tracker_id=7, start_time=timestamp_of(NOON))

    async def get(key: Assignment) -> pb.GetResponse:
        request = pb.GetRequest(owner_login="fleet", key=batch_of("assignments", [key]))
        answer: pb.GetResponse = await fleet.inputs.Get(request, metadata=OPERATOR)
        return answer

    assert 7 == (await get(key)).record.assignments.items[0].tracker_id
    key.tracker_id = 9
    assert MISSING == await failure(get(key))
    for bad in (pb.GetRequest(kind="assignments", owner_login="fleet", id=1), pb.GetRequest(kind="points", id=1)):
        assert REFUSED == await failure(fleet.inputs.Get(bad, metadata=OPERATOR))


async def test_updates_at_once_keep_one_another(fleet: Client) -> None:
    """Four callers who change a field each, and what nobody names stays."""
    for number in range(1, 9):
        await asyncio.gather(
            update(fleet, Tracker(id=7, label=f"Van {number}"), "label"),
            update(fleet, Tracker(id=7, model=f"M{number}"), "model", owner="fleet"),
            update(fleet, Tracker(id=7, parking=Parking(idle_speed_kmh=number)), "parking.idle_speed_kmh"),
            update(fleet, Tracker(id=7, parking=Parking(gap_minutes=number)), "parking.gap_minutes"),
        )
    found = (await shown(fleet, "trackers", 7)).record.trackers.items[0]

    assert ("Van 8", "M8", 1000) == (found.label, found.model, found.odometer_km)
    assert Parking(min_idle_minutes=3, idle_speed_kmh=8, gap_minutes=8, ignition_aware=True) == found.parking


async def test_a_deletion_is_of_all_or_none(fleet: Client) -> None:
    """One id that is not stored keeps the others, unless it may be missing."""
    assert MISSING == await failure(delete(fleet, "vehicles", 1, 2, 3))
    assert 2 == len(await fleet.listed(OPERATOR, "vehicles", owner_login="fleet"))
    assert 2 == await delete(fleet, "vehicles", 1, 2, 3, allow_missing=True)
    assert MISSING == await failure(delete(fleet, "vehicles", 1))


async def test_a_tracker_goes_with_all_that_needs_it(fleet: Client) -> None:
    """Points, assignments, sensors with their readings, and events; vehicles and employees stay without it."""
    assert 1 == await delete(fleet, "trackers", 7, owner="")
    left = {
        kind: await fleet.listed(OPERATOR, kind, owner_login="fleet") for kind in ("assignments", "sensors", "events")
    }
    vehicles = await fleet.listed(OPERATOR, "vehicles", owner_login="fleet")
    await fleet.upsert("fleet", trackers=[VAN])

    assert [8] == [one.tracker_id for one in left["assignments"]]
    assert ([], []) == (left["sensors"], left["events"])
    assert [0, 8] == [one.tracker_id for one in vehicles]
    assert 0 == (await shown(fleet, "employees", 1)).record.employees.items[0].tracker_id
    assert 0 == (await shown(fleet, "trackers", 7)).recordings[0].sample_count


async def test_samples_of_an_interval_are_deleted(fleet: Client) -> None:
    """From its beginning to before its end; the same points can be stored again."""

    async def clear(series: str = "points", entity: int = 7, **moments: int) -> int:
        request = pb.DeleteSamplesRequest(series=series, entity_id=entity, owner_login="fleet")
        for name, offset in moments.items():
            getattr(request, name).FromMilliseconds(MONDAY_MS + offset)
        return int((await fleet.inputs.DeleteSamples(request, metadata=OPERATOR)).deleted_count)

    async def count() -> int:
        return (await shown(fleet, "trackers", 7)).recordings[0].sample_count

    assert (1, 2) == (await clear(start_time=1000, end_time=2000), await count())
    await write(fleet, points=points(7, range(0, 3000, 1000)))
    assert (3, 3, 0) == (await count(), await clear(end_time=DAY_MS), await count())
    await write(fleet, points=points(7, range(0, 3000, 1000)))
    assert (3, 3) == (await count(), await clear())
    assert 2 == await clear("readings", 1)
    assert 0 == (await shown(fleet, "sensors", 1)).recordings[0].sample_count
    assert MISSING == await failure(clear(entity=9))
    assert REFUSED == await failure(clear(start_time=2000, end_time=1000))
    assert REFUSED == await failure(clear("trackers"))


async def test_only_operators_change_and_delete(fleet: Client) -> None:
    """Owners look at what they have, and at nothing of others."""
    owner, stranger = await fleet.account("owner"), await fleet.account("stranger")
    await fleet.upsert("owner", trackers=[Tracker(id=9, label="Own")])
    asked = pb.GetRequest(kind="trackers", id=9)
    of_another_kind = ("PERMISSION_DENIED", "WRONG_CREDENTIALS")

    assert "Own" == (await fleet.inputs.Get(asked, metadata=owner)).record.trackers.items[0].label
    assert MISSING == await failure(fleet.inputs.Get(asked, metadata=stranger))
    record = batch_of("trackers", [Tracker(id=9, label="Mine")])
    assert of_another_kind == await failure(fleet.inputs.Update(pb.UpdateRequest(record=record), metadata=owner))
    cleared = pb.DeleteSamplesRequest(series="points", entity_id=9)
    assert of_another_kind == await failure(fleet.inputs.DeleteSamples(cleared, metadata=owner))
