"""Stand-ins of the services behind the gateway: they answer what a test told them and remember what they were asked."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from aiohttp import ClientSession, web
from daybook.account.v1 import account_service_pb2_grpc as account_grpc
from daybook.generation.v1 import generation_service_pb2_grpc as generation_grpc
from daybook.input.v1 import input_service_pb2_grpc as input_grpc
from daybook.rendering.v1 import rendering_service_pb2_grpc as rendering_grpc
from daybook.savedreport.v1 import saved_report_service_pb2_grpc as saved_grpc
from google.protobuf.message import Message

from gateway.app import make_runner
from gateway.settings import Settings
from services.runtime.interceptor import InterceptedServer

HASH = "a6aa75587e5c59c32d347da438505fc3"


@dataclass
class Standins:
    """What to answer by method (a message, an error to raise, or what makes the answers) and what was asked."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: defaultdict[str, list[Message]] = field(default_factory=lambda: defaultdict(list))
    metadata: dict[str, str | bytes] = field(default_factory=dict)
    called: asyncio.Event = field(default_factory=asyncio.Event)
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


def add_all(standins: Standins, server: grpc.aio.Server) -> None:
    """Put all stand-ins on one server."""
    reports = ("GenerateReport", "GetReport", "ListReports", "DeleteReport", "ListKinds")
    generation_grpc.add_GenerationServiceServicer_to_server(
        standins.servicer(generation_grpc.GenerationServiceServicer, reports), server
    )
    account_grpc.add_AccountServiceServicer_to_server(
        standins.servicer(account_grpc.AccountServiceServicer, ("LogIn", "LogOut", "GetProfile")), server
    )
    input_grpc.add_InputServiceServicer_to_server(standins.servicer(input_grpc.InputServiceServicer, ("List",)), server)
    rendering_grpc.add_RenderingServiceServicer_to_server(
        standins.servicer(rendering_grpc.RenderingServiceServicer, (), ("Render",)), server
    )
    kept = ("CreateSavedReport", "GetSavedReport", "ListSavedReports", "UpdateSavedReports", "DeleteSavedReports")
    saved_grpc.add_SavedReportServiceServicer_to_server(
        standins.servicer(saved_grpc.SavedReportServiceServicer, kept, ("RunReport",)), server
    )


@dataclass
class Gateway:
    """A gateway on a free port, a client of it, and the stand-ins behind it."""

    standins: Standins
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
    """Run a gateway and its stand-ins."""
    standins = Standins()
    server = InterceptedServer(grpc.aio.server())
    add_all(standins, server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    runner = make_runner(Settings(**{"generation_address": address, "rendering_address": address} | settings))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    async with ClientSession(f"http://127.0.0.1:{port}") as client:
        try:
            yield Gateway(standins, client, port)
        finally:
            await runner.cleanup()
            await server.stop(0)
