"""Tools of fuzzing: they tell a wrong answer from a right one, and make failing examples small."""

import json
import subprocess
from http.client import HTTPMessage
from typing import Any

import pytest

from gateway.openapi.document import document
from gateway.settings import Settings
from tests.fuzz.http_check import Judge
from tests.fuzz.http_request import Answer, Request
from tests.fuzz.http_shrink import shrunk
from tests.fuzz.memory import Memory

STATUS = Request("GET /report/tracker/status", "GET", b"/report/tracker/status", ())
SAVED = Request("POST /reports/api/v3/shared/{token}", "POST", b"/reports/api/v3/shared/x", ())
LOOKED_UP = Request("GET /api/v9/workspaces/{workspace}/tags", "GET", b"/api/v9/workspaces/5/tags", ())
ELSEWHERE = Request("", "GET", b"/nowhere", ())
DONE = {"success": True, "percent_ready": 5}


@pytest.fixture(scope="module")
def judge() -> Judge:
    """Give one that knows the document."""
    return Judge(document(Settings()))


def answer(status: int, body: Any, media_type: str = "application/json") -> Answer:
    """Return an answer with a request id."""
    headers = HTTPMessage()
    headers["X-Request-Id"], headers["Content-Type"] = "5", media_type
    return Answer(status, headers, json.dumps(body).encode())


def redirected(body: bytes = b"") -> Answer:
    return Answer(303, answer(303, "").headers, body)


def failure(code: int) -> dict[str, Any]:
    return {"success": False, "status": {"code": code, "description": "why"}}


@pytest.mark.parametrize(
    ("request_", "given"),
    [
        (STATUS, answer(200, DONE)),
        (STATUS, answer(404, failure(204))),
        (SAVED, answer(403, "Invalid token")),
        (SAVED, answer(500, "parameter `since` is missing")),
        (LOOKED_UP, answer(403, "User does not have access to this resource.")),
        (ELSEWHERE, redirected()),
        (ELSEWHERE, answer(400, failure(111))),
    ],
)
def test_an_answer_as_documented_is_right(judge: Judge, request_: Request, given: Answer) -> None:
    assert "" == judge.problem(request_, given)


@pytest.mark.parametrize(
    ("request_", "given"),
    [
        (STATUS, answer(500, failure(6))),
        (STATUS, answer(503, failure(14))),
        (STATUS, answer(302, {})),
        (STATUS, answer(200, DONE, "text/html")),
        (STATUS, answer(200, DONE | {"more": 1})),
        (STATUS, answer(200, DONE | {"percent_ready": 101})),
        (STATUS, answer(404, failure(7))),
        (SAVED, answer(500, "Internal Server Error")),
        (SAVED, answer(403, "some other text")),
        (ELSEWHERE, answer(418, failure(111))),
        (ELSEWHERE, redirected(b"moved")),
    ],
)
def test_any_other_answer_is_wrong(judge: Judge, request_: Request, given: Answer) -> None:
    """A crash, an unknown status, type, key or code, and a value out of its bounds."""
    assert "" != judge.problem(request_, given)


async def test_what_shows_a_fault_is_made_small() -> None:
    """Headers, parameters of query and body that do not matter are left out."""
    body = json.dumps({"a": 1, "bad": 2, "c": 3}).encode()
    big = Request("", "POST", b"/x?one=1&odd=2&three=3", (("X", b"1"), ("Y", b"2"), ("Z", b"3")), body)

    async def fails(request: Request) -> bool:
        return b"bad" in request.body and b"odd" in request.target and ("Y", b"2") in request.headers

    small = await shrunk(big, fails)

    assert (b"/x?odd=2", (("Y", b"2"),)) == (small.target, small.headers)
    assert b"bad" in small.body
    assert len(small.body) < len(body) / 2


def test_a_command_sends_every_byte() -> None:
    """The arguments of curl, by bash's own reading: headers and target as arguments, the body as input."""
    request = Request("", "POST", b"/\xff?a=\\", (("X", b"it's 5%"),), b"a\x00'%s\\\n\xff")
    curl = 'curl() { printf "%s|" "$@"; cat; }; '

    given = subprocess.run(["bash", "-c", curl + request.curl("http://h")], capture_output=True, check=True).stdout

    words = [b"-sS", b"-i", b"--path-as-is", b"-X", b"POST", b"-H", b"X: it's 5%", b"-H", b"Content-Type:"]
    assert b"|".join([*words, b"--data-binary", b"@-", b"http://h/\xff?a=\\", request.body]) == given


def test_growth_is_the_last_quarter_against_the_second() -> None:
    """Growth at the beginning alone is none."""
    memory = Memory(0)
    memory.samples["warms up"] = [50.0, 100.0, 100.0, 100.0, 100.0, 101.0, 100.0, 100.0]
    memory.samples["leaks"] = [100.0, 105.0, 110.0, 115.0, 120.0, 125.0, 130.0, 135.0]

    assert ["leaks"] == memory.growing()
