"""A fleet whose every tracker drove the published example."""

from collections.abc import Sequence
from typing import Any

import grpc
from daybook.input.v1.fleet_pb2 import Parking, Tracker
from daybook.input.v1.input_service_pb2 import Batch, TrackerList, UpsertRequest
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub
from daybook.input.v1.points_pb2 import Points

from tests.builders.tracks import worked_example_track


async def fill(address: str, metadata: Any, login: str, tracker_ids: Sequence[int]) -> None:
    """Store trackers of an account and their points."""
    drive = worked_example_track()
    names = ("time_ms", "lat", "lng", "speed_kmh")
    columns = {name: getattr(drive, name).tolist() for name in names}
    trackers = [Tracker(id=one, label=f"Car {one}", parking=Parking(min_idle_minutes=3)) for one in tracker_ids]
    async with grpc.aio.insecure_channel(address) as channel:
        stub = InputServiceStub(channel)
        asked = UpsertRequest(owner_login=login, batch=Batch(trackers=TrackerList(items=trackers)))
        await stub.Upsert(iter([asked]), metadata=metadata)
        batches = (UpsertRequest(batch=Batch(points=Points(tracker_id=one, **columns))) for one in tracker_ids)
        written = await stub.Upsert(batches, metadata=metadata)
        assert len(tracker_ids) * len(drive) == written.stored_count
