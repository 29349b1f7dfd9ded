"""gRPC clients of the services: channels, credentials, deadlines and the errors of calls that never end."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, cast

from aiohttp import web
from daybook.account.v1 import account_service_pb2
from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub
from daybook.generation.v1 import generation_service_pb2
from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub
from daybook.input.v1 import input_service_pb2, track_service_pb2
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub
from daybook.input.v1.track_service_pb2_grpc import TrackServiceStub
from daybook.rendering.v1 import rendering_service_pb2
from daybook.rendering.v1.rendering_service_pb2_grpc import RenderingServiceStub
from daybook.savedreport.v1 import saved_report_service_pb2
from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceStub
from daybook.schedule.v1 import schedule_service_pb2
from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub
from daybook.workspace.v1 import workspace_service_pb2
from daybook.workspace.v1.workspace_service_pb2_grpc import WorkspaceServiceStub
from google.protobuf.message import Message
from grpc.aio import EOF, UnaryStreamCall, UnaryStreamMultiCallable, UnaryUnaryMultiCallable

from gateway.errors import Code, Fault, PublicError, ServiceUnavailable
from gateway.readiness import READINESS, Readiness
from gateway.settings import Settings
from services.errors import TooMuch, Violation
from services.runtime.channel import UNREADABLE_KEY, call_metadata, open_channel
from services.runtime.errors import bad_request_of
from services.runtime.keyed_limit import KeyedLimit

Q = TypeVar("Q", bound=Message)
R = TypeVar("R", bound=Message)
LARGEST_MESSAGE = 4 * 1024 * 1024 - 1024  # what a gRPC server takes at most, less some room
GENERATION = [
    service
    for module in (
        generation_service_pb2,  # its first service is the one whose health counts
        account_service_pb2,
        input_service_pb2,
        track_service_pb2,
        saved_report_service_pb2,
        workspace_service_pb2,
        schedule_service_pb2,
    )
    for service in module.DESCRIPTOR.services_by_name.values()
]
RENDERING = list(rendering_service_pb2.DESCRIPTOR.services_by_name.values())
BEARER = "Bearer"
PAGE_SIZE = 100  # entries; a page delays other callers by some milliseconds
LONGEST_PAUSE_S = 0.05  # between two pages, as long as a page took: half of the processor is left to others
LISTS_WAITING = 8
LIST_WAIT_S = 10.0


class PageRequest(Protocol):
    """Request for a page of a list."""

    page_size: int
    page_token: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Credentials as they came, None without any."""

    authorization: str | None = None


@dataclass(frozen=True, slots=True)
class Services:
    """Stubs of the services behind the gateway, and calls on them."""

    generation: GenerationServiceStub
    accounts: AccountServiceStub
    inputs: InputServiceStub
    tracks: TrackServiceStub
    saved_reports: SavedReportServiceStub
    workspaces: WorkspaceServiceStub
    schedules: ScheduleServiceStub
    rendering: RenderingServiceStub
    settings: Settings
    lists: KeyedLimit = field(default_factory=lambda: KeyedLimit(waiting=LISTS_WAITING, wait_s=LIST_WAIT_S))

    async def call(
        self, method: UnaryUnaryMultiCallable[Q, R], message: Q, caller: Caller, unreadable: Sequence[Fault] = ()
    ) -> R:
        """Return the response of one call, which also names the parameters that the message could not hold.

        Raises PublicError 9 for a message that no service would take.
        """
        metadata = _metadata(message, caller)
        if unreadable:
            violations = [Violation(fault.parameter, fault.error) for fault in unreadable]
            metadata = (*metadata, (UNREADABLE_KEY, bad_request_of(violations)))
        return await method(message, metadata=metadata, timeout=self.settings.call_seconds)

    async def pages(self, method: UnaryUnaryMultiCallable[Q, R], message: Q, caller: Caller) -> AsyncGenerator[R, None]:
        """Yield the pages of a list: the only case in which a route makes several calls. One of a caller at a time.

        Raises PublicError 15 when too many lists of the caller wait.
        """
        page = cast("PageRequest", message)
        page.page_size = PAGE_SIZE
        try:
            async with self.lists.slot(caller.authorization):
                while True:
                    began_s = time.monotonic()
                    response = await self.call(method, message, caller)
                    yield response
                    page.page_token = cast("Any", response).next_page_token
                    if not page.page_token:
                        return
                    await asyncio.sleep(min(time.monotonic() - began_s, LONGEST_PAUSE_S))
        except TooMuch:
            raise PublicError(Code.TOO_MANY_REQUESTS) from None

    def stream(self, method: UnaryStreamMultiCallable[Q, R], message: Q, caller: Caller) -> UnaryStreamCall[Q, R]:
        """Begin a call with a stream of responses. It has no deadline as a whole; each message has (`message_of`).

        Raises PublicError 9 for a message that no service would take.
        """
        return method(message, metadata=_metadata(message, caller))

    async def messages(
        self, method: UnaryStreamMultiCallable[Q, R], message: Q, caller: Caller
    ) -> AsyncGenerator[R, None]:
        """Yield the messages of a stream, and end the call with the context.

        Raises PublicError 9 for a message that no service would take, 14 when a message does not come in time.
        """
        call, within_s = self.stream(method, message, caller), self.settings.first_message_seconds
        try:
            while (found := await message_of(call, within_s)) is not None:
                yield found
                within_s = self.settings.idle_seconds
        finally:
            call.cancel()  # no effect on a call that is over


SERVICES = web.AppKey("services", Services)


async def open_services(app: web.Application, settings: Settings) -> AsyncIterator[None]:
    """Hold the channels open for as long as the application runs."""
    async with (
        open_channel(settings.generation_address, settings.grpc_tls, GENERATION) as generation,
        open_channel(settings.rendering_address, settings.grpc_tls, RENDERING) as rendering,
    ):
        app[SERVICES] = Services(
            GenerationServiceStub(generation),
            AccountServiceStub(generation),
            InputServiceStub(generation),
            TrackServiceStub(generation),
            SavedReportServiceStub(generation),
            WorkspaceServiceStub(generation),
            ScheduleServiceStub(generation),
            RenderingServiceStub(rendering),
            settings,
        )
        channels = {"generation": (generation, GENERATION), "rendering": (rendering, RENDERING)}
        app[READINESS] = Readiness({name: (to, services[0].full_name) for name, (to, services) in channels.items()})
        yield


async def message_of(call: UnaryStreamCall[Q, R], within_s: float) -> R | None:
    """Return the next message of a stream, None at its end. Raises PublicError 14 when none comes in time."""
    try:
        async with asyncio.timeout(within_s):
            message = await call.read()
    except TimeoutError:
        call.cancel()
        raise ServiceUnavailable from None
    return None if message is EOF else cast("R", message)


def _metadata(message: Message, caller: Caller) -> tuple[tuple[str, str | bytes], ...]:
    if message.ByteSize() > LARGEST_MESSAGE:
        raise PublicError(Code.REQUEST_TOO_LARGE)
    return call_metadata(_public(caller.authorization))


def _public(authorization: str | None) -> str | None:
    """Return credentials without a bearer token: the operators' is not for this door, and no other is known."""
    return BEARER if shows_bearer(authorization or "") else authorization


def shows_bearer(authorization: str) -> bool:
    """Return whether an `Authorization` header holds a bearer token."""
    return authorization.lstrip().partition(" ")[0].lower() == BEARER.lower()
