"""Servicer of tracks."""

from collections.abc import AsyncIterator
from typing import Any

from daybook.input.v1 import track_service_pb2 as pb
from daybook.input.v1.track_service_pb2_grpc import TrackServiceServicer
from grpc.aio import ServicerContext

from services.errors import NotFound
from services.generation.reporting.report import Report
from services.generation.reporting.report_service import ReportService
from services.generation.servicers.input_owners import InputOwners
from services.generation.servicers.report_callers import ReportCallers
from services.generation.servicers.track_messages import (
    period_of,
    pieces_of,
    points_message,
    points_thinning,
    ranges_of,
    track_query,
    track_response,
    tracks_query,
    tracks_response,
)
from services.generation.tracks.track_service import TrackService, scope_of
from services.generation.tracks.track_units import AccountScope
from services.runtime.channel import client_address_of

Context = ServicerContext[Any, Any]


class TrackServicer(TrackServiceServicer):
    """Fills daybook.input.v1.TrackService."""

    def __init__(
        self, tracks: TrackService, reports: ReportService, owners: InputOwners, callers: ReportCallers
    ) -> None:
        self._tracks = tracks
        self._reports = reports
        self._owners = owners
        self._callers = callers

    async def ReadPoints(self, request: pb.ReadPointsRequest, context: Context) -> AsyncIterator[pb.ReadPointsResponse]:
        """See the contract."""
        if request.report_id:
            scope, report = await self._of_report(request.report_id, context)
        else:
            scope, report = scope_of(await self._owners.user(context)), None
        ranges, thinning = ranges_of(request), points_thinning(request)
        async for found in self._tracks.points(scope, ranges, thinning, report):
            for rows in pieces_of(found.line):
                yield pb.ReadPointsResponse(range_index=found.number, points=points_message(found.line[rows]))

    async def _of_report(self, report_id: int, context: Context) -> tuple[AccountScope, Report]:
        """Return a report that the caller reads, and the data of its account.

        Raises NotFound, also for a link without a map, and NotPermitted without the right to read reports.
        """
        reader = await self._callers.reader(context, report_id)
        if reader.opened is not None and not reader.opened.link.with_map:
            raise NotFound
        scope = scope_of(reader.user, reader.tenant(client_address_of(context)))
        report = reader.opened.report if reader.opened else None
        return scope, report or await self._reports.find(reader.principal, report_id)

    async def ReadTrack(self, request: pb.ReadTrackRequest, context: Context) -> AsyncIterator[pb.ReadTrackResponse]:
        """See the contract."""
        user = await self._owners.user(context)
        async for found in self._tracks.track(user, track_query(request)):
            for rows in pieces_of(found.line):
                yield track_response(found, rows, user.locale.time_zone)

    async def ListTracks(self, request: pb.ListTracksRequest, context: Context) -> AsyncIterator[pb.ListTracksResponse]:
        """See the contract."""
        user = await self._owners.user(context)
        async for part in self._tracks.tracks(user, tracks_query(request)):
            yield tracks_response(part, user.locale.time_zone, by_day=request.unsplit)

    async def ReadMileage(
        self, request: pb.ReadMileageRequest, context: Context
    ) -> AsyncIterator[pb.ReadMileageResponse]:
        """See the contract."""
        user = await self._owners.user(context)
        async for found in self._tracks.mileage(user, request.tracker_ids, period_of(request)):
            days = [pb.DayMileage(date=day.isoformat(), mileage_km=km) for day, km in found.km.items()]
            yield pb.ReadMileageResponse(tracker_id=found.tracker_id, days=days)
