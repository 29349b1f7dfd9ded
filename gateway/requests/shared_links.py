"""Links to saved reports: what a GET accepts, and the parameters in its query."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from aiohttp import web

from gateway.requests import json_text
from gateway.requests.bodies import pairs_of
from gateway.requests.parameters import FLAGS

JSON, HTML = "application/json", "text/html"
TEXTS = frozenset({"description", "period"})  # whatever they look like
LISTS = ("_ids", "columns")  # ends of the names of lists
WHOLE = re.compile(r"-?[0-9]{1,19}")
NULL = "null"
QUALITY = re.compile(r"\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*")


class Preference(NamedTuple):
    """Preference for a media type: its quality, and how exactly it is named, from 0 for any to 2."""

    quality: float = 0.0
    exactness: int = 0


def prefers_json(accept: Iterable[str]) -> bool:
    """Return whether JSON is wanted more than a page; of two that are wanted alike, the one that is named."""
    ranges = [one for header in accept for one in header.split(",")]
    return _preference(JSON, ranges) > _preference(HTML, ranges)


def _preference(media: str, ranges: Iterable[str]) -> Preference:
    """Return the preference of the most exact range that a media type is in."""
    patterns = ["*/*", f"{media.partition('/')[0]}/*", media]
    found = Preference()
    for one in ranges:
        name, *parameters = one.split(";")
        known = name.strip().lower()
        if known not in patterns:
            continue
        exactness = patterns.index(known)
        if exactness >= found.exactness:
            found = Preference(_quality(parameters), exactness)
    return found if found.quality else Preference()


def _quality(parameters: Iterable[str]) -> float:
    known = (QUALITY.fullmatch(one) for one in parameters)
    return next((float(one[1]) for one in known if one), 1.0)


def parameters_of(request: web.Request) -> Mapping[str, object]:
    """Return the parameters of a report in a query, as a body has them. Raises PublicError 5 for unfit text."""
    texts: dict[str, list[str]] = {}
    for name, text in pairs_of(request.rel_url.raw_query_string, "utf-8"):
        texts.setdefault(name.removesuffix("[]"), []).append(text)
    return {name: _value(name, some) for name, some in texts.items()}


def _value(name: str, texts: list[str]) -> object:
    """Return a list, repeated or with commas; of others the last text as what it looks like."""
    if name.endswith(LISTS):
        parts = [part.strip() for text in texts for part in text.split(",")]
        return [_scalar(part) for part in parts if part]
    return texts[-1] if name in TEXTS else _scalar(texts[-1])


def _scalar(text: str) -> Any:
    if text in ("true", "false"):
        return FLAGS[text]
    if text == NULL:
        return None
    if WHOLE.fullmatch(text):
        return int(text)
    if not text.startswith("{"):
        return text
    try:
        return json_text.parse(text)
    except ValueError:
        return text
