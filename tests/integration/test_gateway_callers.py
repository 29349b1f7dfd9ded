"""Callers of the gateway: their credentials, their addresses, and what is passed on of them."""

import pytest
from daybook.generation.v1.generation_service_pb2 import GetReportResponse
from daybook.report.v1.report_pb2 import Report

from services import errors
from tests.fakes.gateway_services import HASH, running_gateway

SIGNED = {"Authorization": f"NVX {HASH}"}
STATUS = "/report/tracker/status"


async def test_signing_in_tells_the_clients_address(gateway):
    """And carries no credentials; the service counts failed tries by it."""
    gateway.services.answers["LogIn"] = errors.WrongLogin()

    found = await gateway.json("/user/auth", 400, json={"login": "a", "password": "b"}, headers=SIGNED)

    assert 102 == found["status"]["code"]
    assert "127.0.0.1" == gateway.services.metadata["x-client-address"]
    assert "x-gateway-secret" not in gateway.services.metadata
    assert "authorization" not in gateway.services.metadata


async def test_behind_a_trusted_proxy_the_client_is_whom_it_names(caplog):
    """To the services, with the secret that makes them believe it, and in the access log; a proxy's own are marked."""
    caplog.set_level("INFO", "daybook.access")
    settings = {"trusted_proxies": "127.0.0.0/8", "gateway_secret": "s3cret"}
    async with running_gateway(**settings) as gateway:
        gateway.services.answers["GetReport"] = GetReportResponse(report=Report(id=5))
        forwarded = {**SIGNED, "X-Forwarded-For": "198.51.100.1, 203.0.113.7, 127.0.0.9"}
        await gateway.json(STATUS, json={"report_id": 5}, headers=forwarded)
        named = gateway.services.metadata
        await gateway.json(STATUS, json={"report_id": 5}, headers=SIGNED)
        unnamed = gateway.services.metadata

    assert ("203.0.113.7", "s3cret") == (named["x-client-address"], named["x-gateway-secret"])
    assert ("127.0.0.1", "1") == (unnamed["x-client-address"], unnamed["x-client-is-proxy"])
    assert "x-client-is-proxy" not in named
    assert ["203.0.113.7", "127.0.0.1"] == [vars(line)["remote"] for line in caplog.records]


async def test_a_header_of_a_stranger_names_nobody(gateway):
    """Without trusted proxies the client is the peer, whatever it says; metadata cannot be sent through headers."""
    gateway.services.answers["GetReport"] = GetReportResponse(report=Report(id=5))
    made_up = {**SIGNED, "X-Forwarded-For": "203.0.113.7", "X-Client-Address": "203.0.113.7", "X-Gateway-Secret": "x"}
    await gateway.json(STATUS, json={"report_id": 5}, headers=made_up)

    assert "127.0.0.1" == gateway.services.metadata["x-client-address"]
    assert "x-gateway-secret" not in gateway.services.metadata


@pytest.mark.parametrize("shown", ["Bearer secret", "bearer secret", "BEARER  secret", " Bearer secret", "Bearer"])
async def test_the_token_of_operators_does_not_pass_the_public_door(gateway, shown):
    """The call carries a bearer without a token, which generation counts as wrong credentials."""
    gateway.services.answers["GetProfile"] = errors.NotAuthenticated()
    async with gateway.client.get("/api/v9/me", headers={"Authorization": shown}) as response:
        assert 401 == response.status

    assert "Bearer" == gateway.services.metadata["authorization"]


async def test_a_bearer_token_is_refused_on_every_side(gateway):
    """Tracker reports answer error 3 with status 401, after generation has counted it; a good hash beside it passes.

    The response names the scheme that is taken.
    """
    gateway.services.answers["GetReport"] = errors.NotAuthenticated()
    bearer = {"Authorization": "Bearer secret"}
    async with gateway.client.post(STATUS, json={"report_id": 5}, headers=bearer) as response:
        failed = await response.json()

    assert (401, 'NVX realm="daybook"') == (response.status, response.headers["WWW-Authenticate"])
    assert (3, "Bearer") == (failed["status"]["code"], gateway.services.metadata["authorization"])

    gateway.services.answers["GetReport"] = GetReportResponse(report=Report(id=5))
    await gateway.json(STATUS, json={"report_id": 5, "hash": "0" * 32}, headers=bearer)

    assert f"NVX {'0' * 32}" == gateway.services.metadata["authorization"]
