"""Builder of HTTP requests from drafts: with real ids and credentials or without, on each transport, some hostile."""

import base64
import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from tests.fuzz.http_drafts import Draft
from tests.fuzz.http_request import Request
from tests.fuzz.payloads import Payloads
from tests.fuzz.world import PERIOD, World

FORM = b"application/x-www-form-urlencoded"
REAL, SIGNED, ODD = 0.7, 0.75, 0.3  # the share of requests about what is there, by its owner, with a hostile payload
FEW = 0.2
TIME_SIDE = ("/reports/", "/api/")


class HttpBuilder:
    """Writes requests out; the same random numbers give the same ones, but for ids that answers told of."""

    def __init__(self, world: World, pool: Payloads, chance: Random) -> None:
        self._world = world
        self._pool = pool
        self._chance = chance
        self._key = world.office.ann.key

    def request(self, draft: Draft) -> Request:
        """Return a draft as one request."""
        real = self._chance.random() < REAL
        query, body = dict(draft.query), draft.body
        words = {name: self._word(name, value, real=real) for name, value in draft.words.items()}
        headers = {name: _bytes(value) for name, value in draft.headers.items() if name.lower() != "authorization"}
        if real:
            query = self._mended(draft, query) if query or draft.method == "GET" else query
            body = self._mended(draft, body) if isinstance(body, dict) else body
        if draft.route.split()[1].startswith(TIME_SIDE):
            headers |= self._credentials()
            written = b"" if body is None else _json(body)
        else:
            headers, query, body = self._signed(headers, query, body)
            written, kind = self._written(body)
            headers |= kind
        target = self._path(draft.template.format(**words), draft) + _query(query)
        made = Request(draft.route, draft.method, target, tuple(headers.items()), written)
        return self._odd(made) if self._chance.random() < ODD else made

    def _word(self, name: str, value: Any, *, real: bool) -> str:
        known: dict[str, Sequence[Any]] = {
            "workspace": [self._world.office.workspace_id],
            "token": self._world.tokens,
            "report": self._world.saved_ids,
        }
        found = self._chance.choice(known[name]) if real and known.get(name) else value
        return quote(str(found).encode("utf-8", "surrogatepass"), safe="") or "0"

    def _mended(self, draft: Draft, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return parameters with real values for some of them, those that are there and those that must be."""
        world, chance = self._world, self._chance
        kept = chance.choice((1.0, 1.0, REAL, FEW, 0.0))  # with few of the drafted ones more often nothing is wrong
        values = {name: one for name, one in values.items() if chance.random() < kept}
        reports = list(world.report_ids) or [1]
        moments = dict(zip(("from", "to"), PERIOD, strict=True))
        kind = chance.choice(("detailed", "summary", "weekly"))
        week = {"start_date": "2026-01-05", "end_date": "2026-01-11"}
        real: dict[str, Any] = {"report_id": chance.choice(reports), "ids": list(world.saved_ids)[:2]}
        if draft.template.endswith("/generate"):
            real |= moments | {"trackers": [world.client.tracker], "plugin": {"plugin_id": chance.choice((4, 6))}}
            values = {**dict.fromkeys(("trackers", "plugin", "from", "to")), **values}
        if draft.template.startswith(TIME_SIDE):
            real |= week | {"params": {"report_type": kind, **week}, "name": "Kept", "project_ids": [1, None]}
            values = {**dict.fromkeys(("start_date", "params", "name")), **values}
        if draft.template.endswith(("/status", "/retrieve", "/download", "/delete")):
            values = {**dict.fromkeys(("report_id",)), **values}
        return {name: real[name] if name in real and chance.random() < REAL else one for name, one in values.items()}

    def _credentials(self) -> dict[str, bytes]:
        if self._chance.random() > SIGNED:
            return {}
        basic = base64.b64encode(f"{self._key}:api_token".encode())
        return {"Authorization": b"Basic " + basic if self._chance.random() < REAL else b"NVX " + self._key.encode()}

    def _signed(self, headers: dict[str, bytes], query: dict[str, Any], body: Any) -> tuple[Any, dict[str, Any], Any]:
        if self._chance.random() > SIGNED:
            return headers, query, body
        place, key = self._chance.choice(("header", "query", "body")), self._world.client.hash
        if place == "body" and isinstance(body, dict):
            return headers, query, body | {"hash": key}
        if place == "header":
            return headers | {"Authorization": b"NVX " + key.encode()}, query, body
        return headers, query | {"hash": key}, body

    def _written(self, body: Any) -> tuple[bytes, dict[str, bytes]]:
        if body is None:
            return b"", {}
        if isinstance(body, dict) and self._chance.random() > REAL:
            return _query(body)[1:], {"Content-Type": FORM}
        return _json(body), {"Content-Type": b"application/json"}

    def _path(self, path: str, draft: Draft) -> bytes:
        if not draft.template.startswith(TIME_SIDE) and self._chance.random() > REAL:
            path = self._chance.choice(("/v2", "/api-v2", "/")) + path
        return (path + "/" if self._chance.random() > 0.95 else path).encode()

    def _odd(self, request: Request) -> Request:
        """Return the request with one or two things that nobody foresees."""
        pool, pick = self._pool, self._chance.choice
        route, method, target, headers, body = (
            request.route,
            request.method,
            request.target,
            request.headers,
            request.body,
        )
        match pick(("body", "body", "body", "type", "header", "line", "method", "path", "query")):
            case "body":
                body = pick(pool.bodies)
                method = method if method in {"POST", "PUT", "PATCH"} else pick((method, "POST"))
            case "type":
                headers = (*(one for one in headers if one[0] != "Content-Type"), ("Content-Type", pick(pool.types)))
            case "header":
                headers = (*headers, pick(pool.headers), pick(pool.headers))
            case "line":
                headers, route = (*headers, pick(pool.lines)), ""
            case "method":
                method = pick(pool.methods)
            case "path":
                target, route = pick(pool.paths), ""
            case _:
                target += (b"&" if b"?" in target else b"?") + _fit(pick(pool.bodies)[:3000])
        return Request(route if method == request.method else "", method, target, headers, body)


def _json(value: Any) -> bytes:
    return json.dumps(value, default=str).encode()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _query(values: Mapping[str, Any]) -> bytes:
    pairs = [(name, _text(value).encode("utf-8", "surrogatepass")) for name, value in values.items()]
    named = [(name.encode("utf-8", "surrogatepass"), value) for name, value in pairs]
    return b"?" + urlencode(named).encode() if named else b""


def _bytes(value: Any) -> bytes:
    return bytes(one for one in str(value).encode("utf-8", "surrogatepass") if one >= 32 and one != 127)


def _fit(text: bytes) -> bytes:
    """Return bytes that may stand in a query: no spaces and no ends of lines."""
    return bytes(one for one in text if one > 32)
