"""Failures of calls as responses of the document: by HTTP status, from the tables of published errors."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from gateway import toggl_errors
from gateway.errors import UNAUTHORIZED, UNPROCESSABLE, Code, PublicError
from gateway.http_responses import RETRIED
from gateway.shapes.json_schema import TEXT, Schema, always, in_json, one_of, record, response, several
from gateway.toggl_errors import BAD_REQUEST, Published

REQUEST_ID: Schema = {"$ref": "#/components/headers/X-Request-Id"}
RETRY_AFTER: Schema = {"$ref": "#/components/headers/Retry-After"}
FAULTS = several(record({"parameter": TEXT, "error": TEXT}))
BLANK = re.compile(r"{\w+}")  # stands for a value in a text
SPECIAL, SLASHED = re.compile(r"[.*+?^$()|\[\]\\]"), r"\\\g<0>"  # signs that mean more than themselves in a pattern
OWN = (  # errors of the gateway itself, beside the tables
    toggl_errors.UNREADABLE_CREDENTIALS,
    toggl_errors.INVALID_JSON,
    toggl_errors.UNKNOWN_PATH,
    toggl_errors.TOO_LARGE,
    toggl_errors.UNFORESEEN,
)
TABLES: Mapping[str, tuple[Mapping[str, Published], ...]] = {
    "v3": (toggl_errors.REASONS,),
    "v9": (toggl_errors.REASONS | toggl_errors.KEPT, toggl_errors.LOOKED_UP, toggl_errors.SCHEDULED),
}


def tracker_failures(disputed: int) -> dict[str, Schema]:
    """Return the responses of the tracker side by name; `disputed` is the status of disputed codes."""
    by_status: dict[int, list[Code]] = defaultdict(list)
    for code in Code:
        by_status[PublicError(code).http_status(disputed)].append(code)
    by_status[UNAUTHORIZED].append(Code.WRONG_HASH)  # wrong credentials in the Authorization header
    by_status[UNPROCESSABLE].append(Code.INVALID_PARAMETERS)
    return {f"Error{status}": _envelope(status, codes) for status, codes in sorted(by_status.items())}


def toggl_failures() -> dict[str, Schema]:
    """Return the responses of the timesheet side by name."""
    found: dict[str, Schema] = {}
    for api, tables in TABLES.items():
        texts: dict[int, set[str]] = defaultdict(set)
        for status, text in (*OWN, *(published for table in tables for published in table.values())):
            texts[status].add(text)
        found |= {f"{api.capitalize()}Error{status}": _text(status, texts[status]) for status in sorted(texts)}
    return found


def failing(prefix: str, responses: Iterable[str]) -> dict[str, Schema]:
    """Return references by status to the responses whose names begin so."""
    return {name.removeprefix(prefix): response(name) for name in responses if name.startswith(prefix)}


def _headers(status: int) -> Schema:
    return {"X-Request-Id": REQUEST_ID} | ({"Retry-After": RETRY_AFTER} if status in RETRIED else {})


def _envelope(http_status: int, codes: Iterable[Code]) -> Schema:
    codes = list(codes)
    status = record({"code": one_of(map(int, codes)), "description": TEXT})
    perhaps: dict[str, Schema] = {"errors": FAULTS}
    perhaps |= {"max_time_span": TEXT} if Code.SPAN_TOO_LONG in codes else {}
    return {
        "description": "; ".join(f"{code}: {code.description}" for code in codes),
        "headers": _headers(http_status),
        "content": in_json(record({"success": always(False), "status": status}, perhaps)),
    }


def _text(status: int, texts: Iterable[str]) -> Schema:
    """Return a response of a text; of a bad request it may say anything, for it names parameters."""
    known = sorted(texts)
    plain = [text for text in known if not BLANK.search(text)]
    patterns = [{"pattern": f"^{BLANK.sub('.*', SPECIAL.sub(SLASHED, text))}$"} for text in known if text not in plain]
    body = TEXT if status == BAD_REQUEST else {**TEXT, "anyOf": [one_of(plain), *patterns]}
    return {
        "description": "; ".join(known),
        "headers": _headers(status),
        "content": in_json(body),
    }
