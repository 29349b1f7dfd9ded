"""How calls fail, as responses of the document: by HTTP status, from the tables of published errors."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from gateway import toggl_errors as time_errors
from gateway.errors import PUBLISHED, Code, PublicError
from gateway.shapes.json_schema import TEXT, Shape, always, in_json, one_of, record, response, several
from gateway.toggl_errors import BAD_REQUEST, Published

REQUEST_ID: Shape = {"$ref": "#/components/headers/X-Request-Id"}
FAULTS = several(record({"parameter": TEXT, "error": TEXT}))
BLANK = re.compile(r"{\w+}")  # stands for a value in a text
SPECIAL, SLASHED = re.compile(r"[.*+?^$()|\[\]\\]"), r"\\\g<0>"  # what a pattern would take for more than itself
OWN = (  # what the gateway answers of itself, beside the tables
    time_errors.UNREADABLE_CREDENTIALS,
    time_errors.INVALID_JSON,
    time_errors.UNKNOWN_PATH,
    time_errors.TOO_LARGE,
    time_errors.UNFORESEEN,
)
TABLES: Mapping[str, tuple[Mapping[str, Published], ...]] = {
    "v3": (time_errors.REASONS,),
    "v9": (time_errors.REASONS | time_errors.KEPT,),
}


def tracker_failures(disputed: int) -> dict[str, Shape]:
    """Return the responses of the tracker side by name; `disputed` is the status of the codes nobody agrees on."""
    by_status: dict[int, list[Code]] = defaultdict(list)
    for code in Code:
        by_status[PublicError(code).http_status(disputed)].append(code)
    return {f"Error{status}": _envelope(codes) for status, codes in sorted(by_status.items())}


def time_failures() -> dict[str, Shape]:
    """Return the responses of the timesheet side by name."""
    found: dict[str, Shape] = {}
    for api, tables in TABLES.items():
        texts: dict[int, set[str]] = defaultdict(set)
        for status, text in (*OWN, *(one for table in tables for one in table.values())):
            texts[status].add(text)
        found |= {f"{api.capitalize()}Error{status}": _text(status, texts[status]) for status in sorted(texts)}
    return found


def failing(prefix: str, responses: Iterable[str]) -> dict[str, Shape]:
    """Return references by status to the responses whose names begin so."""
    return {name.removeprefix(prefix): response(name) for name in responses if name.startswith(prefix)}


def _envelope(codes: Iterable[Code]) -> Shape:
    codes = list(codes)
    status = record({"code": one_of(map(int, codes)), "description": TEXT})
    perhaps = {"errors": FAULTS} if Code.INVALID_PARAMETERS in codes else {}
    perhaps |= {"max_time_span": TEXT} if Code.SPAN_TOO_LONG in codes else {}
    return {
        "description": "; ".join(f"{code}: {PUBLISHED[code][1]}" for code in codes),
        "headers": {"X-Request-Id": REQUEST_ID},
        "content": in_json(record({"success": always(False), "status": status}, perhaps)),
    }


def _text(status: int, texts: Iterable[str]) -> Shape:
    """Return a response of a text; of a bad request it may say anything, for it names parameters."""
    known = sorted(texts)
    plain = [text for text in known if not BLANK.search(text)]
    patterns = [{"pattern": f"^{BLANK.sub('.*', SPECIAL.sub(SLASHED, text))}$"} for text in known if text not in plain]
    body = TEXT if status == BAD_REQUEST else {**TEXT, "anyOf": [one_of(plain), *patterns]}
    return {
        "description": "; ".join(known),
        "headers": {"X-Request-Id": REQUEST_ID},
        "content": in_json(body),
    }
