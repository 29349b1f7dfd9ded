"""Whether an answer is what the document says, or at least one of the published forms where nothing was documented."""

import json
import re
from collections.abc import Mapping
from typing import Any

from jsonschema_rs import Draft202012Validator

from tests.fuzz.http_request import Answer, Request

SERVER_ERROR, UNAVAILABLE = 500, 503
PUBLISHED_500 = {"parameter `since` is missing", "report is too big to be exported"}  # published with this very status
MALFORMED = {"success": False, "status": {"code": 5, "description": "Wrong request format: malformed HTTP"}}
SEE_OTHER = 303  # to the page of a shared report
PLAIN = {200, 204, SEE_OTHER, 400, 401, 403, 404, 405, 412, 413, 429}


class Judge:
    """Knows the document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._operations = {
            f"{method.upper()} {path}": operation
            for path, item in document["paths"].items()
            for method, operation in item.items()
            if method != "parameters"
        }
        self._forms: dict[tuple[str, str, str], Draft202012Validator | None] = {}
        errors = [one["content"]["application/json"]["schema"] for one in document["components"]["responses"].values()]
        self._failure = self._validator({"anyOf": errors})

    def problem(self, request: Request, answer: Answer) -> str:
        """Return what is wrong with an answer, empty when nothing is."""
        if answer.status >= SERVER_ERROR and not _is_published(answer):
            return f"status {answer.status}: {answer.body[:200]!r}"
        if not re.fullmatch(r"[\x21-\x7e]{1,200}", answer.headers["X-Request-Id"] or ""):
            return f"no fit X-Request-Id: {answer.headers['X-Request-Id']!r}"
        if request.method == "HEAD" or answer.status == 204:
            return "" if answer.status in PLAIN else f"status {answer.status}"
        known = None if is_malformed(answer) else self._operations.get(request.route)
        return self._undocumented(answer) if known is None else self._documented(request.route, known, answer)

    def _documented(self, route: str, operation: Mapping[str, Any], answer: Answer) -> str:
        told = operation["responses"].get(str(answer.status))
        if told is None:
            return f"status {answer.status} is not documented: {answer.body[:200]!r}"
        told = self._resolved(told)
        content = told.get("content", {})
        if not content:
            return "" if not answer.body else f"a body where there should be none: {answer.body[:200]!r}"
        if answer.media_type not in content:
            return f"type {answer.media_type!r} is not documented for {answer.status}"
        key = (route, str(answer.status), answer.media_type)
        if key not in self._forms:
            shape = content[answer.media_type].get("schema")
            self._forms[key] = None if shape is None else self._validator(shape)
        return self._misfit(answer, self._forms[key])

    def _undocumented(self, answer: Answer) -> str:
        if answer.status == 200:  # an odd way of asking for something that is there
            return ""
        if answer.status == SEE_OTHER:
            return "" if not answer.body else f"a body where there should be none: {answer.body[:200]!r}"
        if answer.status not in PLAIN:
            return f"status {answer.status} is none of the published: {answer.body[:200]!r}"
        return self._misfit(answer, self._failure)

    def _misfit(self, answer: Answer, form: Draft202012Validator | None) -> str:
        if form is None:
            return "" if answer.body else "an empty file"
        try:
            value = json.loads(answer.body)
        except ValueError:
            return f"no JSON: {answer.body[:200]!r}"
        error = next(form.iter_errors(value), None)
        return "" if error is None else f"{error.message[:300]} at {list(error.instance_path)}"

    def _resolved(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        name = told.get("$ref", "").rpartition("/")[2]
        found: Mapping[str, Any] = self._document["components"]["responses"][name] if name else told
        return found

    def _validator(self, shape: Mapping[str, Any]) -> Draft202012Validator:
        return Draft202012Validator({**shape, "components": {"schemas": self._document["components"]["schemas"]}})


def is_malformed(answer: Answer) -> bool:
    """Return whether the request was no HTTP to the gateway, which is told before a path is known."""
    if answer.status != 400:
        return False
    try:
        found: bool = json.loads(answer.body) == MALFORMED
    except ValueError:
        return False
    return found


def _is_published(answer: Answer) -> bool:
    if answer.status != SERVER_ERROR:
        return False
    try:
        return json.loads(answer.body) in PUBLISHED_500
    except (ValueError, TypeError):
        return False
