"""Points of zones, as their account reads them."""

import asyncio

from daybook.input.v1.landmarks_pb2 import Zone
from daybook.input.v1.location_pb2 import Coordinates

from services.errors import InvalidParameters, NotSupported
from services.generation.domain.outline_thinning import thinned_outline
from services.generation.inputs.input_scope import Scope
from services.generation.inputs.input_service import InputService
from services.generation.inputs.zones import MAX_POINTS, ZONES, area_of

LEAST_COUNT = 3


class ZonePoints:
    """Reads the points of the zones of an account."""

    def __init__(self, inputs: InputService) -> None:
        self._inputs = inputs

    async def get(self, owner_id: int, zone_id: int, count: int) -> list[Coordinates]:
        """Return the points of a zone in order, simplified to so many unless `count` is 0.

        Raises NotFound, NotSupported for a circle, and InvalidParameters for another number of points.
        """
        if count and not LEAST_COUNT <= count <= MAX_POINTS:
            raise InvalidParameters.one("point_count", f"must be {LEAST_COUNT} to {MAX_POINTS:,}, or 0 for all")
        zone = await self._inputs.get(ZONES, Scope(owner_id), Zone(id=zone_id))
        if zone.type == Zone.TYPE_CIRCLE:
            raise NotSupported
        area, closed = area_of(zone), zone.type == Zone.TYPE_POLYGON
        wanted = count or len(zone.points)
        kept = await asyncio.to_thread(thinned_outline, area.lat, area.lng, wanted, closed=closed)
        return [zone.points[row] for row in kept.tolist()]
