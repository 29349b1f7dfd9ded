"""A fleet whose every tracker drove the published example."""

from collections.abc import Sequence
from typing import Any

import grpc
from daybook.fleet.v1.fleet_service_pb2 import Parking, Tracker, UpsertTrackersRequest
from daybook.fleet.v1.fleet_service_pb2_grpc import FleetServiceStub
from daybook.telemetry.v1.telemetry_service_pb2 import Points, WritePointsRequest
from daybook.telemetry.v1.telemetry_service_pb2_grpc import TelemetryServiceStub

from tests.builders.tracks import worked_example_track


async def fill(address: str, metadata: Any, login: str, tracker_ids: Sequence[int]) -> None:
    """Store trackers of an account and their points."""
    drive = worked_example_track()
    names = ("time_ms", "lat", "lng", "speed_kmh")
    points = Points(**{name: getattr(drive, name).tolist() for name in names})
    trackers = [Tracker(id=one, label=f"Car {one}", parking=Parking(min_idle_minutes=3)) for one in tracker_ids]
    async with grpc.aio.insecure_channel(address) as channel:
        asked = UpsertTrackersRequest(owner_login=login, trackers=trackers)
        await FleetServiceStub(channel).UpsertTrackers(asked, metadata=metadata)
        batches = (WritePointsRequest(tracker_id=one, points=points) for one in tracker_ids)
        written = await TelemetryServiceStub(channel).WritePoints(batches, metadata=metadata)
        assert len(tracker_ids) * len(drive) == written.stored_count
