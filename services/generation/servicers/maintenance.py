"""MaintenanceService: messages in, use cases, messages out."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from daybook.maintenance.v1 import maintenance_service_pb2 as pb
from daybook.maintenance.v1.maintenance_service_pb2_grpc import MaintenanceServiceServicer
from grpc.aio import ServicerContext

from services.generation.accounts.access import Access
from services.generation.accounts.orphans import OrphanService
from services.generation.accounts.removal_store import Orphans
from services.generation.servicers.timestamps import timestamp
from services.runtime.channel import authorization_of

Context = ServicerContext[Any, Any]


class MaintenanceServicer(MaintenanceServiceServicer):
    """Answers operators who keep the store clean."""

    def __init__(self, desk: OrphanService, access: Access) -> None:
        self._desk = desk
        self._access = access

    async def FindOrphans(
        self, _: pb.FindOrphansRequest, context: Context
    ) -> AsyncGenerator[pb.FindOrphansResponse, None]:
        """See the contract."""
        await self._access.require_operator(authorization_of(context))
        async with aclosing(self._desk.find()) as kinds:
            async for one in kinds:
                yield pb.FindOrphansResponse(orphans=_message(one), kind_count=self._desk.kind_count)

    async def DeleteOrphans(
        self, _: pb.DeleteOrphansRequest, context: Context
    ) -> AsyncGenerator[pb.DeleteOrphansResponse, None]:
        """See the contract."""
        await self._access.require_operator(authorization_of(context))
        async with aclosing(self._desk.delete()) as kinds:
            async for one in kinds:
                yield pb.DeleteOrphansResponse(orphans=_message(one), kind_count=self._desk.kind_count)


def _message(one: Orphans) -> pb.Orphans:
    return pb.Orphans(
        kind=one.kind,
        missing=one.missing,
        count=one.count,
        size_bytes=one.size_bytes,
        oldest_time=timestamp(one.oldest_time),
    )
