"""The whole generation service on a free port, and its clients."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from daybook.account.v1.account_service_pb2 import CreateApiKeyRequest, CreateUserRequest
from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub
from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest, WatchReportRequest
from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.input.v1.input_service_pb2 import Batch, ListRequest, UpsertRequest, UpsertResponse
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub
from daybook.report.v1.report_pb2 import Plugin, Report
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

from services.generation.bootstrap.process import SERVICES, assembled
from services.generation.settings import Settings
from services.runtime.channel import open_channel
from services.runtime.errors import failure_of
from services.runtime.serve import Health, make_server, start

Metadata = tuple[tuple[str, str], ...]
OPERATOR: Metadata = (("authorization", "Bearer secret"),)
DAY = {"period_start": "2020-10-06 00:00:00", "period_end": "2020-10-06 23:59:59"}
STATUS = HealthCheckResponse.ServingStatus


def key_of(hash_: str) -> Metadata:
    """Return the metadata of somebody's calls."""
    return (("authorization", f"NVX {hash_}"),)


@dataclass
class Client:
    """Stubs of all services of a channel."""

    channel: grpc.aio.Channel
    address: str = ""
    accounts: Any = field(init=False)
    inputs: Any = field(init=False)
    generation: Any = field(init=False)
    health: Any = field(init=False)

    def __post_init__(self) -> None:
        self.accounts, self.inputs = AccountServiceStub(self.channel), InputServiceStub(self.channel)
        self.generation = GenerationServiceStub(self.channel)
        self.health = HealthStub(self.channel)

    async def account(self, login: str, **more: Any) -> Metadata:
        """Create an account and return the metadata of its calls."""
        await self.accounts.CreateUser(CreateUserRequest(login=login, password="secret", **more), metadata=OPERATOR)
        made = await self.accounts.CreateApiKey(CreateApiKeyRequest(login=login), metadata=OPERATOR)
        return key_of(made.hash)

    async def trackers(self, login: str, *labels: str, **more: Any) -> Sequence[int]:
        """Give an account trackers and return their ids."""
        trackers = [Tracker(label=label, **more) for label in labels]
        ids: Sequence[int] = (await self.upsert(login, trackers=trackers)).ids
        return ids

    async def upsert(
        self, owner: str | int, who: Metadata | None = OPERATOR, **records: Sequence[Any]
    ) -> UpsertResponse:
        """Store records of an account, by login, or of a workspace, by id, those of each kind in a batch."""
        of = {"workspace_id": owner} if isinstance(owner, int) else {"owner_login": owner}
        answer: UpsertResponse = await self.inputs.Upsert(
            (UpsertRequest(batch=batch_of(kind, some), **of) for kind, some in records.items()), metadata=who
        )
        return answer

    async def listed(self, who: Metadata, kind: str, **more: Any) -> list[Any]:
        """Return the records of a kind that a caller sees."""
        page = await self.inputs.List(ListRequest(kind=kind, **more), metadata=who)
        return list(getattr(page.batch, kind).items)

    async def generate(self, who: Metadata, *trackers: int, **more: Any) -> int:
        """Ask for a trips report and return its id."""
        asked = GenerateReportRequest(**DAY | {"tracker_ids": trackers, "plugin": Plugin(id=4)} | more)
        report_id: int = (await self.generation.GenerateReport(asked, metadata=who)).report_id
        return report_id

    async def watch(self, who: Metadata, report_id: int) -> list[Report]:
        """Follow a report to its end."""
        watching = self.generation.WatchReport(WatchReportRequest(report_id=report_id), metadata=who)
        return [one.report async for one in watching]

    async def serving(self, service: str = SERVICES[0]) -> bool:
        """Return whether the service reports that it can serve."""
        answer = await self.health.Check(HealthCheckRequest(service=service))
        return bool(answer.status == STATUS.SERVING)


def batch_of(kind: str, records: Sequence[Any]) -> Batch:
    """Return a batch of records of a kind."""
    return Batch(**{kind: {"items": records}})  # type: ignore[arg-type] # a list of the kind


@asynccontextmanager
async def generation_on(uri: str, database: str, **settings: Any) -> AsyncIterator[Client]:
    """Run the service as its main program does, but for logs and signals."""
    health = Health(SERVICES)
    server = make_server(SERVICES, health)
    chosen = Settings(mongodb_uri=uri, mongodb_database=database, operator_token="secret", workers=1, **settings)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(assembled(chosen, server, health))
        address = f"127.0.0.1:{await start(server, health, '127.0.0.1:0')}"
        stack.push_async_callback(server.stop, 0)
        yield Client(await stack.enter_async_context(open_channel(address)), address)


async def until_serving(client: Client, *, serving: bool = True) -> None:
    """Wait until the service says that it can serve, or that it cannot."""
    async with asyncio.timeout(120):
        while await client.serving() != serving:  # noqa: ASYNC110 - what it looks at knows nothing of the loop
            await asyncio.sleep(0.05)


async def failure(call: Any) -> tuple[str, str]:
    """Return the status and the reason of a call that fails, or of a stream that does."""
    try:
        if hasattr(call, "__aiter__"):
            async for _ in call:
                pass
        else:
            await call
    except grpc.aio.AioRpcError as error:
        return error.code().name, failure_of(error).reason
    raise AssertionError("the call did not fail")
