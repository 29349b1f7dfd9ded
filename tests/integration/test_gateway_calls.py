"""The gateway over real sockets: requests in, calls to stand-ins of the services, answers out."""

import asyncio

import pytest
from daybook.account.v1.account_service_pb2 import LogInResponse, LogOutResponse
from daybook.generation.v1.generation_service_pb2 import (
    DeleteReportResponse,
    GenerateReportResponse,
    GetReportResponse,
    KindInfo,
    ListKindsResponse,
)
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.input.v1.input_service_pb2 import Batch, ListResponse, TrackerList
from daybook.report.v1.report_pb2 import Geocoder, Report, ReportType, State

from gateway.web.session import FORM
from services import errors
from services.errors.reports import TooManyReports
from services.runtime.errors import violations_of
from tests.fakes.gateway_services import HASH, running_gateway

SIGNED = {"Authorization": f"NVX {HASH}"}
STATUS = "/report/tracker/status"


async def test_generate_answers_with_the_id(gateway):
    """The call carries credentials, the caller's request id and the key that makes a repeat safe."""
    gateway.services.answers["GenerateReport"] = GenerateReportResponse(report_id=222)
    body = {"hash": HASH, "from": "2020-10-05 00:00:00", "to": "2020-10-06 23:59:59", "plugin": {"plugin_id": 4}}

    found = await gateway.json(
        "/report/tracker/generate", json=body, headers={"Idempotency-Key": "once", "X-Request-Id": "mine"}
    )

    assert {"success": True, "id": 222} == found
    assert "once" == gateway.services.asked["GenerateReport"][0].request_id
    assert (f"NVX {HASH}", "mine") == (
        gateway.services.metadata["authorization"],
        gateway.services.metadata["x-request-id"],
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
    gateway.services.answers["GetReport"] = GetReportResponse(
        report=Report(id=5, percent=75, state=State.STATE_RUNNING)
    )

    assert {"success": True, "percent_ready": 75} == await gateway.json(path, **request_)
    assert 5 == gateway.services.asked["GetReport"][0].report_id


async def test_a_failed_report_has_no_status(gateway):
    """Error 6, without a word of the cause."""
    report = Report(state=State.STATE_FAILED, percent=40, failure="secret")
    gateway.services.answers["GetReport"] = GetReportResponse(report=report)

    expected = {"success": False, "status": {"code": 6, "description": "Unexpected error"}}
    assert expected == await gateway.json(STATUS, 500, json={"report_id": 5}, headers=SIGNED)


async def test_a_key_that_came_with_another_request_is_named(gateway):
    """Status 422 and error 7."""
    reused = errors.RequestIdReused().naming("request_id", "was used for another request")
    gateway.services.answers["GenerateReport"] = reused
    body = {"hash": HASH, "from": "a", "to": "b", "plugin_id": 4, "geocoder": "OSM", "type": "service"}

    found = await gateway.json("/report/tracker/generate", 422, json=body, headers={"Idempotency-Key": "k1"})

    assert 7 == found["status"]["code"]
    assert [{"parameter": "Idempotency-Key", "error": "was used for another request"}] == found["errors"]
    asked = gateway.services.asked["GenerateReport"][0]
    assert ("k1", Geocoder.GEOCODER_OSM, ReportType.REPORT_TYPE_SERVICE) == (
        asked.request_id,
        asked.geocoder,
        asked.type,
    )


async def test_an_error_names_its_culprits(gateway):
    """Beside the published code and text."""
    missing = errors.NonexistentEntities(ids="8, 9").naming("trackers", "do not exist: 8, 9")
    gateway.services.answers["GenerateReport"] = missing

    found = await gateway.json("/report/tracker/generate", 400, json={"hash": HASH, "plugin_id": 4, "trackers": [8, 9]})

    assert {"code": 217, "description": "List contains nonexistent entities"} == found["status"]
    assert [{"parameter": "trackers", "error": "do not exist: 8, 9"}] == found["errors"]


async def test_neighbouring_calls_answer_in_the_published_shape(gateway):
    """Signing in and out, trackers, plugins, delete."""
    gateway.services.answers |= {
        "LogIn": LogInResponse(hash=HASH),
        "LogOut": LogOutResponse(),
        "List": ListResponse(batch=Batch(trackers=TrackerList(items=[Tracker(id=7, label="Van")]))),
        "ListKinds": ListKindsResponse(kinds=[KindInfo(id=4, module="m", ui_module="Trip", options_schema="{}")]),
        "DeleteReport": DeleteReportResponse(),
    }

    assert {"success": True, "hash": HASH} == await gateway.json("/user/auth", json={"login": "a", "password": "b"})
    assert {"success": True} == await gateway.json("/user/logout", json={"hash": HASH})
    (tracker,) = (await gateway.json("/tracker/list", headers=SIGNED))["list"]
    assert "Van" == tracker["label"]
    assert {"tariff_end_date": None}.items() <= tracker["source"].items()
    assert "Trip" == (await gateway.json("/plugin/list", headers=SIGNED))["list"][0]["ui_module"]
    assert {"success": True} == await gateway.json("/report/tracker/delete", json={"report_id": 5}, headers=SIGNED)


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (errors.SessionEnded(), 400, {"code": 4, "description": "User or API key not found or session ended"}),
        (errors.StoreUnavailable(), 503, {"code": 14, "description": "Database unavailable"}),
        (errors.Unavailable(), 503, {"code": 14, "description": "Service unavailable"}),
        (errors.NotFound(), 404, {"code": 204, "description": "Entity not found"}),
        (RuntimeError("secret"), 500, {"code": 6, "description": "Unexpected error"}),
    ],
)
async def test_a_failed_call_is_a_public_error(gateway, error, status, body):
    """In the published envelope; an unforeseen error shows nothing of itself."""
    gateway.services.answers["GetReport"] = error

    found = await gateway.json(STATUS, status, json={"report_id": 5}, headers=SIGNED)

    assert {"success": False, "status": body} == found


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (errors.TooMuch(), "1"),
        (errors.TooMuch(retry_after_s=0.2), "1"),
        (errors.TooMuch(retry_after_s=870.1), "871"),
        (TooManyReports(), "5"),
        (errors.Unavailable(), "1"),
        (errors.StoreUnavailable(), "2"),
        (errors.NotFound(), None),
    ],
)
@pytest.mark.parametrize(
    ("path", "method"), [(STATUS, "GetReport"), ("/api/v9/workspaces/1/reports/shared/5", "GetSavedReport")]
)
async def test_a_refusal_says_when_to_come_back(gateway, path, method, error, seconds):
    """In whole seconds, on both sides; errors that a repeat does not cure say nothing."""
    gateway.services.answers[method] = error
    credentials = {"params": {"hash": HASH, "report_id": 5}} if path == STATUS else {}

    async with gateway.client.get(path, **credentials) as response:
        assert (seconds is not None) == (response.status in {429, 503})
        assert seconds == response.headers.get("Retry-After")


async def test_a_refused_form_says_when_to_come_back_too(gateway):
    """The page shows the form again, with the status and the time of the API."""
    gateway.services.answers["LogIn"] = errors.TooMuch(retry_after_s=870.1)
    token = "0" * 32
    form = {"login": "anna", "password": "wrong", "token": token}
    headers = {"Sec-Fetch-Site": "same-origin", "Cookie": f"{FORM}={token}"}

    async with gateway.client.post("/page/sign-in", data=form, headers=headers) as response:
        assert (429, "871") == (response.status, response.headers.get("Retry-After"))


@pytest.mark.parametrize("address", [{}, {"generation_address": "127.0.0.1:1"}], ids=["silent", "gone"])
async def test_a_service_that_does_not_answer_is_not_told_as_the_database(address):
    """Neither a lost connection nor a call that is not answered in time says anything of the store."""
    async with running_gateway(call_seconds=0.2, **address) as gateway:
        gateway.services.answers["GetReport"] = lambda: asyncio.sleep(5)
        async with gateway.client.post(STATUS, json={"report_id": 5}, headers=SIGNED) as response:
            status = (await response.json())["status"]

    assert {"code": 14, "description": "Service unavailable"} == status
    assert (503, "1") == (response.status, response.headers["Retry-After"])


async def test_bad_parameters_of_generation_keep_their_names(gateway):
    violations = [errors.Violation("plugin.split", "must be true or false")]
    gateway.services.answers["GenerateReport"] = errors.InvalidParameters(violations)
    body = {"from": "a", "to": "b", "plugin_id": 4}

    found = await gateway.json("/report/tracker/generate", 400, json=body, headers=SIGNED)

    assert [{"parameter": "plugin.split", "error": "must be true or false"}] == found["errors"]


async def test_parameters_of_a_wrong_type_travel_beside_the_request(gateway):
    """As metadata, for generation to name them together with those it refuses; none without any."""
    gateway.services.answers["GenerateReport"] = GenerateReportResponse(report_id=222)
    path, body = "/report/tracker/generate", {"from": "a", "to": "b", "plugin_id": 4}

    await gateway.json(path, json=body | {"title": [], "trackers": "x"}, headers=SIGNED)
    unreadable = violations_of(gateway.services.metadata["x-daybook-unreadable-bin"])
    await gateway.json(path, json=body, headers=SIGNED)

    assert {"title", "trackers"} == {violation.field for violation in unreadable}
    assert "x-daybook-unreadable-bin" not in gateway.services.metadata


async def test_a_service_that_is_gone_or_silent_is_error_14():
    """Within the deadline, whatever it is doing."""
    async with running_gateway(generation_address="127.0.0.1:1") as gateway:
        assert 14 == (await gateway.json("/tracker/list", 503, headers=SIGNED))["status"]["code"]
    async with running_gateway(call_seconds=0.2) as gateway:
        gateway.services.answers["List"] = lambda: asyncio.sleep(5, ListResponse())
        assert 14 == (await gateway.json("/tracker/list", 503, headers=SIGNED))["status"]["code"]


async def test_options_are_checked_before_they_meet_a_message_limit(gateway):
    """Half a million numbers fit into the body, but not into a message: error 9, not a closed call."""
    body = b'{"from":"a","to":"b","plugin":{"plugin_id":4,"x":[' + b"1," * 400_000 + b"1]}}"

    found = await gateway.json("/report/tracker/generate", 412, data=body, headers=SIGNED)

    assert 9 == found["status"]["code"]


async def test_a_running_request_finishes_when_the_gateway_stops():
    """Within the grace; idle connections do not hold it up."""
    async with running_gateway() as gateway:
        gateway.services.answers["List"] = lambda: asyncio.sleep(0.3, ListResponse())
        request = asyncio.create_task(gateway.json("/tracker/list", headers=SIGNED))
        await gateway.services.called.wait()

    assert {"success": True, "list": []} == await request
