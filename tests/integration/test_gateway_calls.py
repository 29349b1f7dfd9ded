"""The gateway over real sockets: requests in, calls to stand-ins of the services, answers out."""

import asyncio

import pytest
import pytest_asyncio
from daybook.account.v1.account_service_pb2 import LogInResponse, LogOutResponse
from daybook.generation.v1.generation_service_pb2 import (
    DeleteReportResponse,
    GenerateReportResponse,
    GetReportResponse,
    KindInfo,
    ListKindsResponse,
    ListReportsResponse,
)
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.input.v1.input_service_pb2 import Batch, ListResponse, TrackerList
from daybook.report.v1.report_pb2 import Report, State

from services import errors
from services.runtime.errors import violations_of
from tests.integration.gateway_standins import HASH, running_gateway

SIGNED = {"Authorization": f"NVX {HASH}"}
STATUS = "/report/tracker/status"


@pytest_asyncio.fixture
async def gateway():
    async with running_gateway() as running:
        yield running


async def test_generate_answers_with_the_id(gateway):
    """The call carries credentials, the caller's request id and the key that makes a repeat safe."""
    gateway.standins.answers["GenerateReport"] = GenerateReportResponse(report_id=222)
    body = {"hash": HASH, "from": "2020-10-05 00:00:00", "to": "2020-10-06 23:59:59", "plugin": {"plugin_id": 4}}

    found = await gateway.json(
        "/report/tracker/generate", json=body, headers={"Idempotency-Key": "once", "X-Request-Id": "mine"}
    )

    assert {"success": True, "id": 222} == found
    assert "once" == gateway.standins.asked["GenerateReport"][0].request_id
    assert (f"NVX {HASH}", "mine") == (
        gateway.standins.metadata["authorization"],
        gateway.standins.metadata["x-request-id"],
    )


@pytest.mark.parametrize(
    "request_",
    [
        {"json": {"hash": HASH, "report_id": 5}},
        {"data": {"hash": HASH, "report_id": "5"}},
        {"params": {"hash": HASH, "report_id": "5"}},
        {"params": {"hash": HASH, "report_id": "5"}, "method": "GET"},
        {"json": {"report_id": "5"}, "headers": SIGNED},
    ],
)
@pytest.mark.parametrize("path", [STATUS, f"/v2{STATUS}/", f"/api-v2/{STATUS}"])
async def test_every_transport_asks_the_same(gateway, path, request_):
    """JSON, form, query with POST or GET; any prefix; hash anywhere."""
    gateway.standins.answers["GetReport"] = GetReportResponse(
        report=Report(id=5, percent=75, state=State.STATE_RUNNING)
    )

    assert {"success": True, "percent_ready": 75} == await gateway.json(path, **request_)
    assert 5 == gateway.standins.asked["GetReport"][0].report_id


async def test_signing_in_tells_the_clients_address(gateway):
    """And carries no credentials; the service counts failed tries by it."""
    gateway.standins.answers["LogIn"] = errors.WrongLogin()

    found = await gateway.json("/user/auth", 400, json={"login": "a", "password": "b"}, headers=SIGNED)

    assert 102 == found["status"]["code"]
    assert "127.0.0.1" == gateway.standins.metadata["x-client-address"]
    assert "authorization" not in gateway.standins.metadata


async def test_a_failed_report_has_no_status(gateway):
    """Error 6, without a word of the cause."""
    report = Report(state=State.STATE_FAILED, percent=40, failure="secret")
    gateway.standins.answers["GetReport"] = GetReportResponse(report=report)

    expected = {"success": False, "status": {"code": 6, "description": "Unexpected error"}}
    assert expected == await gateway.json(STATUS, 500, json={"report_id": 5}, headers=SIGNED)


async def test_lists_are_read_to_the_last_page(gateway):
    """One call a page, each with the token of the page before."""
    gateway.standins.answers["ListReports"] = [
        ListReportsResponse(reports=[Report(id=2)], next_page_token="more"),
        ListReportsResponse(reports=[Report(id=1)]),
    ]

    found = await gateway.json("/report/tracker/list", headers=SIGNED)

    assert [2, 1] == [report["id"] for report in found["list"]]
    assert ["", "more"] == [asked.page_token for asked in gateway.standins.asked["ListReports"]]


async def test_neighbouring_calls_answer_in_the_published_shape(gateway):
    """Signing in and out, trackers, plugins, delete."""
    gateway.standins.answers |= {
        "LogIn": LogInResponse(hash=HASH),
        "LogOut": LogOutResponse(),
        "List": ListResponse(batch=Batch(trackers=TrackerList(items=[Tracker(id=7, label="Van")]))),
        "ListKinds": ListKindsResponse(kinds=[KindInfo(id=4, module="m", ui_module="Trip", options_schema="{}")]),
        "DeleteReport": DeleteReportResponse(),
    }

    assert {"success": True, "hash": HASH} == await gateway.json("/user/auth", json={"login": "a", "password": "b"})
    assert {"success": True} == await gateway.json("/user/logout", json={"hash": HASH})
    assert "Van" == (await gateway.json("/tracker/list", headers=SIGNED))["list"][0]["label"]
    assert "Trip" == (await gateway.json("/plugin/list", headers=SIGNED))["list"][0]["ui_module"]
    assert {"success": True} == await gateway.json("/report/tracker/delete", json={"report_id": 5}, headers=SIGNED)


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (errors.SessionEnded(), 400, {"code": 4, "description": "User or API key not found or session ended"}),
        (errors.StoreUnavailable(), 503, {"code": 14, "description": "Database unavailable"}),
        (errors.NotFound(), 404, {"code": 204, "description": "Entity not found"}),
        (RuntimeError("secret"), 500, {"code": 6, "description": "Unexpected error"}),
    ],
)
async def test_a_failed_call_is_a_public_error(gateway, error, status, body):
    """In the published envelope; an unforeseen error shows nothing of itself."""
    gateway.standins.answers["GetReport"] = error

    found = await gateway.json(STATUS, status, json={"report_id": 5}, headers=SIGNED)

    assert {"success": False, "status": body} == found


async def test_bad_parameters_of_generation_keep_their_names(gateway):
    violations = [errors.Violation("plugin.split", "must be true or false")]
    gateway.standins.answers["GenerateReport"] = errors.InvalidParameters(violations)
    body = {"from": "a", "to": "b", "plugin_id": 4}

    found = await gateway.json("/report/tracker/generate", 400, json=body, headers=SIGNED)

    assert [{"parameter": "plugin.split", "error": "must be true or false"}] == found["errors"]


async def test_parameters_of_a_wrong_type_travel_beside_the_request(gateway):
    """As metadata, for generation to name them together with those it refuses; none without any."""
    gateway.standins.answers["GenerateReport"] = GenerateReportResponse(report_id=222)
    path, body = "/report/tracker/generate", {"from": "a", "to": "b", "plugin_id": 4}

    await gateway.json(path, json=body | {"title": [], "trackers": "x"}, headers=SIGNED)
    unreadable = violations_of(gateway.standins.metadata["x-daybook-unreadable-bin"])
    await gateway.json(path, json=body, headers=SIGNED)

    assert {"title", "trackers"} == {violation.field for violation in unreadable}
    assert "x-daybook-unreadable-bin" not in gateway.standins.metadata


async def test_a_service_that_is_gone_or_silent_is_error_14():
    """Within the deadline, whatever it is doing."""
    async with running_gateway(generation_address="127.0.0.1:1") as gateway:
        assert 14 == (await gateway.json("/tracker/list", 503, headers=SIGNED))["status"]["code"]
    async with running_gateway(call_seconds=0.2) as gateway:
        gateway.standins.answers["List"] = lambda: asyncio.sleep(5, ListResponse())
        assert 14 == (await gateway.json("/tracker/list", 503, headers=SIGNED))["status"]["code"]


async def test_options_are_checked_before_they_meet_a_message_limit(gateway):
    """Half a million numbers fit into the body, but not into a message: error 9, not a closed call."""
    body = b'{"from":"a","to":"b","plugin":{"plugin_id":4,"x":[' + b"1," * 400_000 + b"1]}}"

    found = await gateway.json("/report/tracker/generate", 412, data=body, headers=SIGNED)

    assert 9 == found["status"]["code"]


async def test_a_running_request_finishes_when_the_gateway_stops():
    """Within the grace; idle connections do not hold it up."""
    async with running_gateway() as gateway:
        gateway.standins.answers["List"] = lambda: asyncio.sleep(0.3, ListResponse())
        request = asyncio.create_task(gateway.json("/tracker/list", headers=SIGNED))
        await gateway.standins.called.wait()

    assert {"success": True, "list": []} == await request
