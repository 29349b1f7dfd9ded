"""Clients as callers name them, over real servers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc
import pytest
from daybook.generation.v1 import generation_service_pb2_grpc as generation_grpc
from daybook.generation.v1.generation_service_pb2 import GetReportRequest, GetReportResponse

from services.runtime.callers import Callers
from services.runtime.channel import call_metadata, client_address, client_address_of, client_is_proxy, open_channel
from services.runtime.serve import Health, make_server, start
from services.runtime.tls import ServerTlsSettings, TlsSettings
from tests.builders.certificates import Authority

CLAIM = ("x-client-address", "203.0.113.7")
Context = grpc.aio.ServicerContext[Any, Any]
Seen = tuple[str, str, bool, dict[str, str]]


class Noting(generation_grpc.GenerationServiceServicer):
    """Notes whom it takes for the client, and what it would tell onward."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []

    async def GetReport(self, request: GetReportRequest, context: Context) -> GetReportResponse:  # noqa: N802 - gRPC's
        del request
        onward = dict(call_metadata(None))
        onward.pop("x-request-id")
        self.seen.append((client_address_of(context), client_address.get(), client_is_proxy.get(), onward))
        return GetReportResponse()


@asynccontextmanager
async def noting(secret: str, tls: ServerTlsSettings | None = None) -> AsyncIterator[tuple[Noting, str]]:
    """Run a server that believes who shows this secret; give its servicer and its address."""
    servicer, health = Noting(), Health([])
    server = make_server([], health, callers=Callers(secret))
    generation_grpc.add_GenerationServiceServicer_to_server(servicer, server)
    try:
        yield servicer, f"localhost:{await start(server, health, 'localhost:0', tls)}"
    finally:
        await server.stop(0)


async def ask(address: str, *metadata: tuple[str, str], tls: TlsSettings | None = None) -> None:
    async with open_channel(address, tls) as channel:
        await generation_grpc.GenerationServiceStub(channel).GetReport(GetReportRequest(), metadata=metadata)


@pytest.mark.parametrize("shown", [(), (("x-gateway-secret", "wrong"),), (("x-gateway-secret", ""),)])
async def test_a_stranger_names_no_client(shown: tuple[tuple[str, str], ...]) -> None:
    """Without the secret the client is who calls, whatever it says."""
    async with noting("secret") as (servicer, address):
        await ask(address, CLAIM, ("x-client-is-proxy", "1"), *shown)
    ((told, noted, is_proxy, onward),) = servicer.seen

    assert told == noted
    assert (told in {"127.0.0.1", "::1"}, is_proxy) == (True, False)
    assert {"x-client-address": told, "x-gateway-secret": "secret"} == onward


async def test_the_gateway_is_known_by_its_secret() -> None:
    """It names the client, to this service and to the next; what is no address counts for nothing."""
    async with noting("secret") as (servicer, address):
        await ask(address, CLAIM, ("x-gateway-secret", "secret"))
        await ask(address, ("x-client-address", "10.0.0.1"), ("x-client-is-proxy", "1"), ("x-gateway-secret", "secret"))
        await ask(address, ("x-client-address", "nonsense"), ("x-gateway-secret", "secret"))
    first, second, third = servicer.seen

    assert ("203.0.113.7", False) == (first[0], first[2])
    assert {"x-client-address": "203.0.113.7", "x-gateway-secret": "secret"} == first[3]
    assert ("10.0.0.1", True, "1") == (second[0], second[2], second[3]["x-client-is-proxy"])
    assert third[0] in {"127.0.0.1", "::1"}


async def test_without_a_secret_nobody_is_believed_and_all_is_passed_on() -> None:
    """An empty secret opens nothing; the next service, which has one, judges by itself."""
    async with noting("") as (servicer, address):
        await ask(address, CLAIM, ("x-gateway-secret", "secret"))
        await ask(address, CLAIM)
    first, second = servicer.seen

    assert "203.0.113.7" not in {first[0], second[0]}
    assert {"x-client-address": "203.0.113.7", "x-gateway-secret": "secret"} == first[3]
    assert {"x-client-address": "203.0.113.7"} == second[3]


async def test_a_client_certificate_is_as_good_as_the_secret(tmp_path: Any) -> None:
    """With mutual TLS callers are parts of Daybook; with TLS alone they may be anybody."""
    authority = Authority(tmp_path)
    both = authority.tls(authority.pair("server"), tls_clients="required")
    async with noting("", both) as (servicer, address):
        await ask(address, CLAIM, tls=authority.tls(authority.pair("gateway")))
    async with noting("", authority.tls(authority.pair("alone"))) as (strict, address):
        await ask(address, CLAIM, tls=authority.tls(authority.pair("gateway")))

    assert ("203.0.113.7", {"x-client-address": "203.0.113.7"}) == (servicer.seen[0][0], servicer.seen[0][3])
    assert "203.0.113.7" != strict.seen[0][0]
