"""Fakes of the services behind the gateway: they give prepared answers and keep the requests."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from aiohttp import ClientSession
from daybook.account.v1 import account_service_pb2_grpc as account_grpc
from daybook.generation.v1 import generation_service_pb2_grpc as generation_grpc
from daybook.input.v1 import input_service_pb2_grpc as input_grpc
from daybook.input.v1 import track_service_pb2_grpc as track_grpc
from daybook.rendering.v1 import rendering_service_pb2_grpc as rendering_grpc
from daybook.savedreport.v1 import saved_report_service_pb2_grpc as saved_grpc
from daybook.schedule.v1 import schedule_service_pb2_grpc as schedule_grpc
from daybook.workspace.v1 import workspace_service_pb2_grpc as workspace_grpc
from google.protobuf.message import Message
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health import aio as health_aio

from gateway.app import listen, make_runner
from gateway.settings import Settings
from services.runtime.interceptor import InterceptedServer

HASH = "a6aa75587e5c59c32d347da438505fc3"


@dataclass
class FakeServices:
    """Answers by method (a message, an error to raise, or a function that makes the answers), and the requests."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: defaultdict[str, list[Message]] = field(default_factory=lambda: defaultdict(list))
    metadata: dict[str, str | bytes] = field(default_factory=dict)
    called: asyncio.Event = field(default_factory=asyncio.Event)
    health: health_aio.HealthServicer = field(default_factory=health_aio.HealthServicer)
    ended: asyncio.Event = field(default_factory=asyncio.Event)  # set when a stream is over

    def note(self, name: str, request: Message, context: grpc.aio.ServicerContext) -> Any:
        """Remember a call; return its answer or raise it."""
        self.asked[name].append(request)
        self.called.set()
        self.metadata = dict(context.invocation_metadata() or ())
        answer = self.answers[name]
        if isinstance(answer, Exception):
            raise answer
        return answer.pop(0) if isinstance(answer, list) else answer

    def unary(self, name: str) -> Callable[..., Any]:
        """Return a method with one answer."""

        async def method(_: object, request: Message, context: grpc.aio.ServicerContext) -> Message:
            answer = self.note(name, request, context)
            return await answer() if callable(answer) else answer

        return method

    def stream(self, name: str) -> Callable[..., Any]:
        """Return a method with a stream of answers."""

        async def method(_: object, request: Message, context: grpc.aio.ServicerContext) -> AsyncIterator[Message]:
            steps = self.note(name, request, context)
            try:
                async for message in steps():
                    yield message
            finally:
                self.ended.set()

        return method

    def servicer(self, base: type, names: Iterable[str], stream: Iterable[str] = ()) -> Any:
        """Return a servicer with these methods."""
        methods = {name: self.unary(name) for name in names} | {name: self.stream(name) for name in stream}
        return type(base.__name__, (base,), methods)()


def add_all(services: FakeServices, server: grpc.aio.Server) -> None:
    """Put all fakes on one server."""
    reports = ("GenerateReport", "GetReport", "ListReports", "CancelReport", "DeleteReport", "ListKinds")
    reports += ("CreateReportLink", "ListReportLinks", "DeleteReportLink", "OpenLink")
    generation_grpc.add_GenerationServiceServicer_to_server(
        services.servicer(generation_grpc.GenerationServiceServicer, reports, ("StreamParts", "WatchReport")), server
    )
    account_grpc.add_AccountServiceServicer_to_server(
        services.servicer(account_grpc.AccountServiceServicer, ("LogIn", "LogOut", "GetProfile")), server
    )
    input_grpc.add_InputServiceServicer_to_server(
        services.servicer(input_grpc.InputServiceServicer, ("List", "GetParking", "UpdateParking", "ReadZonePoints")),
        server,
    )
    tracks = ("ReadPoints", "ReadTrack", "ListTracks", "ReadMileage")
    track_grpc.add_TrackServiceServicer_to_server(
        services.servicer(track_grpc.TrackServiceServicer, (), tracks), server
    )
    rendering_grpc.add_RenderingServiceServicer_to_server(
        services.servicer(rendering_grpc.RenderingServiceServicer, (), ("Render",)), server
    )
    kept = ("CreateSavedReport", "GetSavedReport", "ListSavedReports", "UpdateSavedReports", "DeleteSavedReports")
    kept += ("ListReportTypes",)
    saved_grpc.add_SavedReportServiceServicer_to_server(
        services.servicer(saved_grpc.SavedReportServiceServicer, kept, ("RunReport",)), server
    )
    lookups = [f"List{name}" for name in ("Workspaces", "Projects", "Clients", "Tags", "Members")]
    workspace_grpc.add_WorkspaceServiceServicer_to_server(
        services.servicer(workspace_grpc.WorkspaceServiceServicer, (*lookups, "GetWorkspace")), server
    )
    schedules = [f"{verb}Schedule" for verb in ("Create", "Get", "Update", "Delete")]
    schedules += ["ListSchedules", "RunNow", "SendTest", "GetRun", "ListRuns", "ResolveDelivery"]
    schedules += ["LookUpUnsubscription", "Unsubscribe"]
    schedule_grpc.add_ScheduleServiceServicer_to_server(
        services.servicer(schedule_grpc.ScheduleServiceServicer, schedules), server
    )


@dataclass
class Gateway:
    """A gateway on a free port, a client of it, and the fakes behind it."""

    services: FakeServices
    client: ClientSession
    port: int

    async def json(self, path: str, status: int = 200, method: str = "POST", **request: Any) -> Any:
        """Send a request, see that the HTTP status is as told, and return the JSON."""
        async with self.client.request(method, path, **request) as response:
            body = await response.json()
            assert status == response.status, body
            return body


@asynccontextmanager
async def running_gateway(**settings: Any) -> AsyncIterator[Gateway]:
    """Run a gateway and its fakes."""
    services = FakeServices()
    server = InterceptedServer(grpc.aio.server())
    add_all(services, server)
    health_pb2_grpc.add_HealthServicer_to_server(services.health, server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    where = {"generation_address": address, "rendering_address": address, "gateway_listen": "127.0.0.1:0"}
    chosen = Settings(**where | settings)
    runner = make_runner(chosen)
    await runner.setup()
    await listen(runner, chosen)
    port = runner.addresses[0][1]
    async with ClientSession(f"http://127.0.0.1:{port}") as client:
        try:
            yield Gateway(services, client, port)
        finally:
            await runner.cleanup()
            await server.stop(0)
