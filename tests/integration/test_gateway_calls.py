"""The gateway over real sockets: requests in, calls to stand-ins of the services, answers out."""

import asyncio
import json

import pytest
import pytest_asyncio
from aiohttp import ClientPayloadError
from daybook.account.v1.account_service_pb2 import LogInResponse, LogOutResponse
from daybook.generation.v1.generation_service_pb2 import (
    DeleteReportResponse,
    GenerateReportResponse,
    GetReportResponse,
    KindInfo,
    ListKindsResponse,
    ListReportsResponse,
)
from daybook.input.v1.fleet_pb2 import Employee, Tracker
from daybook.input.v1.input_service_pb2 import Batch, EmployeeList, ListResponse, TrackerList
from daybook.report.v1.report_pb2 import Geocoder, Report, ReportType, State

from gateway.clients import LISTS_WAITING
from gateway.web.session import FORM
from services import errors
from services.errors.reports import TooManyReports
from services.runtime.errors import violations_of
from tests.fakes.gateway_services import HASH, running_gateway

SIGNED = {"Authorization": f"NVX {HASH}"}
STATUS = "/report/tracker/status"


@pytest_asyncio.fixture
async def gateway():
    async with running_gateway() as running:
        yield running


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


async def test_a_failed_report_has_no_status(gateway):
    """Error 6, without a word of the cause."""
    report = Report(state=State.STATE_FAILED, percent=40, failure="secret")
    gateway.services.answers["GetReport"] = GetReportResponse(report=report)

    expected = {"success": False, "status": {"code": 6, "description": "Unexpected error"}}
    assert expected == await gateway.json(STATUS, 500, json={"report_id": 5}, headers=SIGNED)


async def test_lists_are_read_to_the_last_page(gateway):
    """One call a page, each with the token of the page before."""
    gateway.services.answers["ListReports"] = [
        ListReportsResponse(reports=[Report(id=2)], next_page_token="more"),
        ListReportsResponse(reports=[Report(id=1)]),
    ]

    found = await gateway.json("/report/tracker/list", headers=SIGNED)

    assert [2, 1] == [report["id"] for report in found["list"]]
    assert ["", "more"] == [asked.page_token for asked in gateway.services.asked["ListReports"]]


async def test_a_long_list_is_sent_page_by_page(gateway):
    """The response begins before the last page is there, and is the same JSON as that of a short list."""
    waited = asyncio.Event()

    async def last_page():
        await waited.wait()
        return ListReportsResponse(reports=[Report(id=1)])

    ids = [[9, 8], [7], [], [5, 4]]
    pages = [ListReportsResponse(reports=[Report(id=one) for one in some], next_page_token="more") for some in ids]
    answers = [*pages, last_page]

    async def next_page():
        answer = answers.pop(0)
        return await answer() if callable(answer) else answer

    gateway.services.answers["ListReports"] = next_page

    async with gateway.client.post(
        "/report/tracker/list", headers=SIGNED | {"Accept-Encoding": "identity"}
    ) as response:
        begun = await response.content.readany()
        waited.set()
        whole = json.loads(begun + await response.read())

    assert 200 == response.status
    assert begun.startswith(b'{"success":true,"list":[{"created":')
    assert [9, 8, 7, 5, 4, 1] == [report["id"] for report in whole["list"]]


async def test_a_page_that_fails_cuts_a_begun_list_off(gateway):
    """No client takes a part of a list for the whole; a failure of the first page is an answer."""
    page = ListReportsResponse(reports=[Report(id=2)], next_page_token="more")
    answers = [page, page, page, errors.StoreUnavailable()]

    async def next_page():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    gateway.services.answers["ListReports"] = next_page
    with pytest.raises(ClientPayloadError):
        await gateway.json("/report/tracker/list", headers=SIGNED | {"Accept-Encoding": "identity"})
    answers[:] = [errors.StoreUnavailable()]

    assert 14 == (await gateway.json("/report/tracker/list", 503, headers=SIGNED))["status"]["code"]


@pytest.mark.parametrize("path", ["/report/tracker/list", "/plugin/list"])
async def test_an_account_has_one_list_at_a_time(gateway, path):
    """Further ones wait for their turn, past a number of them they are refused; others do not wait for them."""
    let, asked = asyncio.Event(), asyncio.Queue()

    async def page():
        asked.put_nowait(path)
        await let.wait()
        return ListReportsResponse() if path.startswith("/report") else ListKindsResponse()

    gateway.services.answers |= {"ListReports": page, "ListKinds": page}
    others = {"Authorization": f"NVX {'0' * 32}"}
    first = asyncio.create_task(gateway.json(path, headers=SIGNED))
    await asked.get()
    waiting = [asyncio.create_task(gateway.json(path, headers=SIGNED)) for _ in range(LISTS_WAITING)]
    other = asyncio.create_task(gateway.json(path, headers=others))
    await asked.get()
    refused = await gateway.json(path, 429, headers=SIGNED)
    assert asked.empty()
    let.set()

    assert 15 == refused["status"]["code"]
    found = await asyncio.gather(first, other, *waiting)
    assert [{"success": True, "list": []}] * (LISTS_WAITING + 2) == found


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


async def test_employees_are_listed_page_by_page_with_their_number(gateway):
    """Unknown fields of a person are null or empty, as the published object has it."""
    known = Employee(id=1, first_name="Ann", last_name="Lee", phone="+4930123", tracker_id=7, personnel_number="P1")
    pages = [
        ListResponse(batch=Batch(employees=EmployeeList(items=[known])), next_page_token="more", total_size=2),
        ListResponse(batch=Batch(employees=EmployeeList(items=[Employee(id=2, first_name="Bob")]))),
    ]
    gateway.services.answers["List"] = pages

    found = await gateway.json("/employee/list", headers=SIGNED)

    unknown = ("driver_license_issue_date", "driver_license_valid_till", "hardware_key", "icon_id", "avatar_file_name")
    rest = {"email": "", "driver_license_number": "", "driver_license_cats": "", "department_id": None, "tags": []}
    rest |= dict.fromkeys(unknown)
    ann = {"id": 1, "tracker_id": 7, "first_name": "Ann", "middle_name": "", "last_name": "Lee", "phone": "4930123"}
    bob = {"id": 2, "tracker_id": None, "first_name": "Bob", "middle_name": "", "last_name": "", "phone": ""}
    assert {"success": True, "list": [ann | rest | {"personnel_number": "P1"}, bob | rest], "count": 2} == found


async def test_a_list_of_employees_is_cut_and_ordered_as_asked(gateway):
    """The number is that of all who match; no page behind the limit is read."""
    some = [Employee(id=number, first_name="Ann", avatar_file_name="a.png") for number in (1, 2, 3)]
    gateway.services.answers["List"] = ListResponse(
        batch=Batch(employees=EmployeeList(items=some)), next_page_token="more", total_size=9
    )
    wanted = {"limit": 2, "offset": "4", "sort": ["last_name=desc", "id=asc"], "filter": "ann"}
    found = await gateway.json("/employee/list", json=wanted, headers=SIGNED)

    assert ([1, 2], 9) == ([one["id"] for one in found["list"]], found["count"])
    assert {"a.png"} == {one["avatar_file_name"] for one in found["list"]}
    (asked,) = gateway.services.asked["List"]
    assert ("last_name desc, id asc", 4, "ann") == (asked.order_by, asked.skip, asked.text)
    failed = await gateway.json("/employee/list", 400, json={"limit": 0, "offset": -1, "sort": "id"}, headers=SIGNED)
    assert ["offset", "limit", "sort"] == [one["parameter"] for one in failed["errors"]]


@pytest.mark.parametrize("sort", ["last_name=down", "last_name", "last_name desc", "id=asc,last_name=desc", "=asc", ""])
async def test_an_order_of_another_form_is_told_in_the_form_of_http(gateway, sort):
    """Nobody is asked for such a list."""
    failed = await gateway.json("/employee/list", 400, json={"sort": [sort]}, headers=SIGNED)

    wrong = {"parameter": "sort", "error": "must be fields with a direction each, such as `last_name=desc`"}
    assert [wrong] == failed["errors"]
    assert "List" not in gateway.services.asked


async def test_trackers_are_listed_by_their_labels(gateway):
    """A list may also come as JSON text; a picture's name is there where there is one."""
    some = [Tracker(id=7, label="Van", avatar_file_name="van.png"), Tracker(id=8, label="Bus")]
    gateway.services.answers["List"] = ListResponse(batch=Batch(trackers=TrackerList(items=some)))
    found = await gateway.json("/tracker/list", data={"labels": '["Van","Bus"]'}, headers=SIGNED)

    assert ["Van", "Bus"] == list(gateway.services.asked["List"][0].texts)
    assert ["van.png", None] == [one.get("avatar_file_name") for one in found["list"]]
    assert "avatar_file_name" not in found["list"][1]


async def test_nobody_is_listed_as_an_empty_list(gateway):
    """The number is 0."""
    gateway.services.answers["List"] = ListResponse()

    assert {"success": True, "list": [], "count": 0} == await gateway.json("/employee/list", headers=SIGNED)


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
