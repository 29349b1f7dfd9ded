"""TelemetryService: track points from operators."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, Protocol

import numpy as np
from daybook.telemetry.v1.telemetry_service_pb2 import Points, Refusal, WritePointsRequest, WritePointsResponse
from daybook.telemetry.v1.telemetry_service_pb2_grpc import TelemetryServiceServicer
from grpc.aio import ServicerContext
from numpy.typing import NDArray

from services.generation.inputs.telemetry_service import Batch, Telemetry
from services.runtime.channel import authorization_of

Context = ServicerContext[Any, Any]

UNKNOWN = -1  # of the whole numbers


class Access(Protocol):
    """Knows the operators."""

    async def require_operator(self, authorization: str | None) -> None:
        """Raise NotAuthenticated unless the operator token came."""


class TelemetryServicer(TelemetryServiceServicer):
    """Fills daybook.telemetry.v1.TelemetryService."""

    def __init__(self, telemetry: Telemetry, access: Access) -> None:
        self._telemetry = telemetry
        self._access = access

    async def WritePoints(
        self,
        request_iterator: AsyncIterator[WritePointsRequest],
        context: Context,
    ) -> WritePointsResponse:
        """Store the points of a stream."""
        await self._access.require_operator(authorization_of(context))
        async with aclosing(_batch(request) async for request in request_iterator) as batches:
            written = await self._telemetry.write(batches)
        return WritePointsResponse(
            stored_count=written.stored,
            unchanged_count=written.unchanged,
            refused_count=written.refused,
            refusals=[Refusal(index=one.index, reason=one.reason) for one in written.refusals],
        )


def _batch(request: WritePointsRequest) -> Batch:
    points = request.points
    columns = {
        "lat": np.array(points.lat, np.float64),
        "lng": np.array(points.lng, np.float64),
        "speed_kmh": np.array(points.speed_kmh, np.float64),
        "altitude_m": np.array(points.altitude_m, np.float64),
        "heading": np.array(points.heading, np.float64),
        "satellites": _whole(points, "satellites"),
        "ignition": _whole(points, "ignition"),
        "odometer_km": np.array(points.odometer_km, np.float64),
    }
    return Batch(request.tracker_id, np.array(points.time_ms, np.int64), columns)


def _whole(points: Points, name: str) -> NDArray[np.float64]:
    column = np.array(getattr(points, name), np.float64)
    column[column == UNKNOWN] = np.nan
    return column
