"""Answers of clients, held against the published pages."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import grpc

from services.runtime.errors import failure_of
from tests.chaos.faults import Weather

JSON = "application/json; charset=utf-8"
ANSWER_WITHIN_S = 60.0
OPERATOR_WITHIN_S = 10.0

# code, HTTP status and words of the tracker side's errors that a sound request may meet on a bad day
LATER = {(14, 503, "Database unavailable"), (14, 503, "Service unavailable")}
ENOUGH = {(15, 429, "Too many requests")}
FAILED = {(6, 500, "Unexpected error")}
TRACKER_ERRORS: dict[str, set[tuple[int, int, str]]] = {
    "generate": LATER | ENOUGH,
    "status": LATER | FAILED,
    "retrieve": LATER | ENOUGH,
    "download": LATER | ENOUGH,
    "delete": LATER,
    "list": LATER,
}
SAVED_ERRORS = {503: {"Service Unavailable", "Database unavailable"}, 429: {"Too Many Requests"}}
GREEDY = {"generate", "retrieve", "download"}  # the load asks for more of these at once than an account may
REFUSED = {(3, 400), (4, 400), (102, 400)}  # an unknown hash, an ended session, a wrong password
OPERATOR_REASONS = {"STORE_UNAVAILABLE", "SERVICE_UNAVAILABLE"}
OPERATOR_BROKEN = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED}


@dataclass(frozen=True, slots=True)
class Answer:
    """Outcome of one call. `kind` is "ok", an error such as "503/14", or how the transport failed."""

    what: str
    kind: str
    began: float
    ended: float
    body: Any = None
    wrong: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the call did what was asked."""
        return self.kind == "ok" and not self.wrong

    def violation(self, weather: Weather) -> str:
        """Return what is wrong with this answer, "" when nothing is."""
        if self.wrong:
            return f"{self.what}: {self.wrong}"
        if self.kind == "ok" or (self.kind == "429/15" and self.what in GREEDY):
            return ""
        allowed = weather.is_gateway_hit if self.kind in {"refused", "no answer"} else weather.is_rough
        return "" if allowed(self.began, self.ended) else f"{self.what}: {self.kind} while nothing was wrong"


@dataclass(slots=True)
class Answers:
    """All answers of a round."""

    given: list[Answer] = field(default_factory=list)

    def take(self, answer: Answer) -> Answer:
        """Note an answer and return it."""
        self.given.append(answer)
        return answer

    def kinds(self) -> Counter[str]:
        """Count the answers by kind."""
        return Counter(answer.kind for answer in self.given)

    def violations(self, weather: Weather) -> Iterator[str]:
        """Give what is wrong with any of them."""
        return (said for answer in self.given if (said := answer.violation(weather)))


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who calls the gateway and the services and has every answer noted."""

    session: aiohttp.ClientSession
    base: str
    answers: Answers

    async def tracker(self, action: str, body: Mapping[str, Any], key: str = "") -> Answer:
        """Call /report/tracker/...; the body of a good answer is JSON, or bytes of a download."""
        headers = {"Idempotency-Key": key} if key else {}
        return await self._post(action, f"report/tracker/{action}", _tracker_answer, json=body, headers=headers)

    async def saved(self, tail: str) -> Answer:
        """Run a public saved report; the body of a good answer is its bytes."""
        return await self._post("run" + tail[32:], f"reports/api/v3/shared/{tail}", _saved_answer)

    async def signed_in(self, action: str, body: Mapping[str, Any]) -> Answer:
        """Call an action that may be refused to the caller: the body of a good answer is JSON, None for a refusal."""
        return await self._post(action, action, _permission, json=body)

    async def _post(self, what: str, path: str, read: Any, **more: Any) -> Answer:
        began = time.monotonic()
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S), self.session.post(f"{self.base}/{path}", **more) as response:
                content = await response.read()
        except TimeoutError:
            return self._broken(what, "no answer", began)
        except aiohttp.ClientPayloadError:
            return self._broken(what, "cut off", began)
        except (aiohttp.ClientConnectionError, ConnectionError):
            return self._broken(what, "refused", began)
        kind, body, wrong = read(what, response, content)
        return self.answers.take(Answer(what, kind, began, time.monotonic(), body, wrong))

    async def operator(self, what: str, call: Any, expected: Collection[str] = ()) -> Answer:
        """Wait for a gRPC call of an operator; the body of a good answer is its message, None for what is expected."""
        began = time.monotonic()
        try:
            body = await call
        except asyncio.CancelledError:
            if asyncio.current_task().cancelling():
                raise
            return self._broken(what, "cut off", began)  # gRPC cancels a call whose requests it cannot send any more
        except grpc.aio.AioRpcError as error:
            failure = failure_of(error)
            if failure.reason in expected:
                return self.answers.take(Answer(what, "ok", began, time.monotonic()))
            is_known = failure.reason in OPERATOR_REASONS or (not failure.reason and failure.code in OPERATOR_BROKEN)
            wrong = "" if is_known else f"{failure.code.name} {failure.reason}: {failure.message[:200]}"
            kind = failure.reason or failure.code.name
            return self.answers.take(Answer(what, kind, began, time.monotonic(), wrong=wrong))
        return self.answers.take(Answer(what, "ok", began, time.monotonic(), body))

    def _broken(self, what: str, kind: str, began: float) -> Answer:
        return self.answers.take(Answer(what, kind, began, time.monotonic()))


Read = tuple[str, Any, str]


def _tracker_answer(what: str, response: aiohttp.ClientResponse, content: bytes) -> Read:
    """Read an answer of the tracker side: its kind, its body, and what is wrong with its form."""
    status = response.status
    if status == 200 and what == "download":
        return "ok", content, ""
    body = _json(content)
    if response.headers.get("Content-Type") != JSON or not isinstance(body, dict):
        return str(status), None, f"{status} is no JSON object: {content[:200]!r}"
    if status == 200:
        return "ok", body, "" if body.get("success") is True else f"200 without success: {content[:200]!r}"
    said = body.get("status")
    code = said.get("code") if isinstance(said, dict) else None
    promises = (
        {"code": one, "description": words}
        for one, http, words in TRACKER_ERRORS.get(what, LATER | ENOUGH)
        if http == status
    )
    is_right = body.get("success") is False and said in promises
    return f"{status}/{code}", body, "" if is_right else f"{status}: {content[:300]!r}"


def _permission(what: str, response: aiohttp.ClientResponse, content: bytes) -> Read:
    """Read an answer of which a refusal is as good as any; its body is None then."""
    body = _json(content)
    said = body.get("status") if isinstance(body, dict) else None
    if isinstance(said, dict) and (said.get("code"), response.status) in REFUSED:
        return "ok", None, ""
    return _tracker_answer(what, response, content)


def _saved_answer(_: str, response: aiohttp.ClientResponse, content: bytes) -> Read:
    """Read an answer of the timesheet side in the same way; its errors are JSON strings."""
    status = response.status
    if status == 200:
        return "ok", content, ""
    text = _json(content)
    is_right = response.headers.get("Content-Type") == JSON and text in SAVED_ERRORS.get(status, ())
    return f"{status} saved", text, "" if is_right else f"{status}: {content[:300]!r}"


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None
