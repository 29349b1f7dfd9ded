"""Servicer of MaintenanceService."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from daybook.maintenance.v1 import maintenance_service_pb2 as pb
from daybook.maintenance.v1.maintenance_service_pb2_grpc import MaintenanceServiceServicer
from grpc.aio import ServicerContext

from services.generation.accounts.authentication import Access
from services.generation.accounts.orphans import Orphans, OrphanService
from services.generation.servicers.record_messages import message_of
from services.runtime.channel import authorization_of

Context = ServicerContext[Any, Any]


class MaintenanceServicer(MaintenanceServiceServicer):
    """Answers calls about orphans."""

    def __init__(self, orphans: OrphanService, access: Access) -> None:
        self._orphans = orphans
        self._access = access

    async def FindOrphans(
        self, _: pb.FindOrphansRequest, context: Context
    ) -> AsyncGenerator[pb.FindOrphansResponse, None]:
        """See the contract."""
        await self._access.require_operator(authorization_of(context))
        async with aclosing(self._orphans.find()) as kinds:
            async for orphans in kinds:
                yield pb.FindOrphansResponse(
                    orphans=message_of(pb.Orphans, orphans), kind_count=self._orphans.kind_count
                )

    async def DeleteOrphans(
        self, _: pb.DeleteOrphansRequest, context: Context
    ) -> AsyncGenerator[pb.DeleteOrphansResponse, None]:
        """See the contract."""
        await self._access.require_operator(authorization_of(context))
        async with aclosing(self._orphans.delete()) as kinds:
            async for orphans in kinds:
                yield pb.DeleteOrphansResponse(
                    orphans=message_of(pb.Orphans, orphans), kind_count=self._orphans.kind_count
                )

    def _fields(self, orphans: Orphans) -> dict[str, Any]:
        return {"orphans": message_of(pb.Orphans, orphans), "kind_count": self._orphans.kind_count}
