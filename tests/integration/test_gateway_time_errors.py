"""Errors of the timesheet side: a JSON string, whatever went wrong."""

import asyncio
import base64
import io

import pytest
import pytest_asyncio
from google.protobuf.struct_pb2 import Struct

from services import errors
from services.errors import InvalidParameters
from services.errors.workspaces import (
    OwnerGone,
    PeriodNotSupported,
    ReportTooBig,
    ReportTypeMissing,
    StartDateMissing,
    TokenInvalid,
)
from tests.builders.time_reports import TOKEN, detailed, info
from tests.fakes.gateway_services import running_gateway
from tests.integration.test_gateway_streams import streaming

RUN = f"/reports/api/v3/shared/{TOKEN}"
FILES = (f"{RUN}.csv", f"{RUN}/xlsx", f"{RUN}/pdf")
SHARED = "/api/v9/workspaces/5/reports/shared"


@pytest_asyncio.fixture
async def gateway():
    async with running_gateway(max_body_bytes=8_000_000) as running:
        yield running


@pytest.mark.parametrize("path", [RUN, *FILES])
@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (ReportTypeMissing(), 400, "report_type does not exist in params"),
        (PeriodNotSupported([]), 400, "The report period is not supported"),
        (InvalidParameters.one("rounding", "must be one of -1, 0, 1"), 400, None),
        (errors.NotAuthenticated(), 401, "Unable to extract authentication data"),
        (errors.WrongLogin(), 401, "Incorrect username and/or password"),
        (TokenInvalid(), 403, "Invalid token"),
        (OwnerGone(), 403, "Workspace was not found or the report's owner is no longer active on it"),
        (errors.NotFound(), 404, "Not found"),
        (ReportTooBig(), 500, "report is too big to be exported"),
        (StartDateMissing(), 500, "parameter `since` is missing"),
        (errors.TooMuch(), 429, "Too Many Requests"),
        (RuntimeError("secret"), 500, "Internal Server Error"),
    ],
)
async def test_each_failure_is_its_published_text(gateway, path, error, status, text):
    """A JSON string and nothing after it, for JSON and files alike; no word of how to sign in."""
    gateway.services.answers |= {"RunReport": streaming(error), "Render": streaming(error)}
    text = text or "Invalid 'rounding' value, allowed values are: '-1, 0, 1'"

    async with gateway.client.post(path) as response:
        assert (status, f'"{text}"') == (response.status, await response.text())
        assert "application/json; charset=utf-8" == response.headers["Content-Type"]
        assert "WWW-Authenticate" not in response.headers
        assert "nosniff" == response.headers["X-Content-Type-Options"]


@pytest.mark.parametrize(
    "authorization", ["Basic \N{LATIN SMALL LETTER E WITH ACUTE}", "Basic " + "a" * 2000, "", "Basic a\tb"]
)
async def test_credentials_that_cannot_travel_are_refused(gateway, authorization):
    """They are not dropped: a public report would then be had with bad ones."""
    for path in (RUN, *FILES):
        text = await gateway.json(path, 401, headers={"Authorization": authorization})
        assert "Unable to extract authentication data" == text
    assert not gateway.services.asked


async def test_credentials_travel_as_they_are(gateway):
    """Whichever kind: who they belong to is not for the gateway to say. A bearer's token alone stays here."""
    gateway.services.answers["RunReport"] = streaming(info("detailed"))
    basic = base64.b64encode("änn:geheim".encode()).decode()

    for authorization in (f"Basic {basic}", f"NVX {TOKEN}", "Digest x"):
        await gateway.json(RUN, headers={"Authorization": authorization})
        assert authorization == gateway.services.metadata["authorization"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"start_date=2026-01-05",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b"\xff\xfe{}",
        b'{"a":' * 17 + b"1" + b"}" * 17,
    ],
)
async def test_what_is_no_json_object_is_refused(gateway, body):
    """Nor is what no message can hold: deep nesting, numbers without end."""
    for path in (RUN, FILES[0], "/reports/api/v3/workspace/5/search/time_entries", SHARED):
        assert "JSON is not valid" == await gateway.json(path, 400, data=body)


async def test_values_that_no_message_can_hold_are_named(gateway):
    """All of them at once."""
    body = {"description": "a\0b", "user_ids": [2**60], "a\0": 1}

    text = await gateway.json(RUN, 400, json=body)

    assert ["description", "user_ids", "a\0"] == [part.split("'")[1] for part in text.split("; ")]


async def test_a_body_that_is_too_large_is_refused(gateway):
    """One that is over the limit, and one whose message no service takes."""
    assert "Request Entity Too Large" == await gateway.json(RUN, 413, data=io.BytesIO(b" " * 9_000_000))
    assert "Request Entity Too Large" == await gateway.json(
        RUN, 413, data=io.BytesIO(b'{"description": "' + b"x" * 5_000_000 + b'"}')
    )


async def test_a_body_that_never_ends_is_refused():
    """As one that is not JSON."""

    async def slow():
        yield b"{"
        await asyncio.Event().wait()

    async with running_gateway(body_seconds=0.3) as gateway:
        assert "JSON is not valid" == await gateway.json(RUN, 400, data=slow())


@pytest.mark.parametrize(
    ("method", "path", "status", "allowed"),
    [
        ("PUT", RUN, 405, "POST, GET, HEAD, OPTIONS"),
        ("GET", FILES[0], 405, "POST, OPTIONS"),
        ("PATCH", SHARED, 405, "GET, HEAD, POST, PUT, OPTIONS"),
        ("OPTIONS", RUN, 204, "POST, GET, HEAD, OPTIONS"),
    ],
)
async def test_a_wrong_method_is_told_the_right_ones(gateway, method, path, status, allowed):
    async with gateway.client.request(method, path) as response:
        assert (status, allowed) == (response.status, response.headers["Allow"])
        assert ("" if status == 204 else '"Method Not Allowed"') == await response.text()


@pytest.mark.parametrize("path", ["/reports/api/v3", f"{RUN}/doc", "/reports/api/v3/me", "/api/v9/x", "/api/v9"])
async def test_unknown_paths_are_not_found(gateway, path):
    assert "Not found" == await gateway.json(path, 404)


@pytest.mark.parametrize("number", ["x", "0", "-1", "2147483648", "9" * 30, "%00"])
async def test_a_workspace_without_a_number_is_refused(gateway, number):
    """Before anybody is asked."""
    text = await gateway.json(f"/reports/api/v3/workspace/{number}/search/time_entries", 400, json={})
    assert "Invalid workspace id" == text
    assert "Invalid project id" == await gateway.json(
        f"/reports/api/v3/workspace/5/projects/{number}/summary", 400, json={}
    )
    assert "not found/accessible." in await gateway.json(f"{SHARED}/{number}", 404, method="GET")
    assert not gateway.services.asked


@pytest.mark.parametrize("token", ["x", "%ff%fe", "%00", "a b", "\N{SNOWMAN}", "{}"])
async def test_any_token_is_asked_for(gateway, token):
    """Whether it is one is not for the gateway to say."""
    gateway.services.answers["RunReport"] = streaming(TokenInvalid())

    assert "Invalid token" == await gateway.json(f"/reports/api/v3/shared/{token}", 403)


@pytest.mark.parametrize("path", [RUN, f"{RUN}.csv", f"{RUN}/pdf", f"/reports/api/v3/shared/{TOKEN[:-1]}"])
async def test_the_access_log_never_shows_a_token(gateway, path, caplog):
    """Whatever stands behind it, and not when it is cut short either."""
    gateway.services.answers |= dict.fromkeys(("RunReport", "Render"), streaming(errors.NotFound()))
    with caplog.at_level("INFO"):
        await gateway.json(path, 404)

    record = next(one for one in caplog.records if one.name == "daybook.access")
    assert record.path.startswith("/reports/api/v3/shared/***")
    assert TOKEN[:16] not in caplog.text


async def test_an_empty_report_has_its_frame(gateway):
    """No rows are an empty list, no parameters an empty object."""
    gateway.services.answers["RunReport"] = streaming(info("detailed", input_params=Struct()), detailed())

    found = await gateway.json(RUN)

    assert ([], {}) == (found["detailed_results"]["report"], found["input_params"])
