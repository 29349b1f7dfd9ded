"""Pages of lists: sizes and tokens as they travel, both checked."""

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from services.errors import InvalidParameters
from services.generation.domain.paging import Page

DEFAULT_SIZE = 100
MAX_SIZE = 1000
MAX_TOKEN = 200
MAX_INT = 2**63 - 1


class Paged(Protocol):
    """A request for a page."""

    page_size: int
    page_token: str


def page_of(request: Paged, *kinds: type) -> Page:
    """Return the page asked for; `kinds` are the types of the list's sort key.

    A size above the limit is lowered to it. Raises InvalidParameters on a negative size and on a token that was
    never given out.
    """
    if request.page_size < 0:
        raise InvalidParameters.one("page_size", f"must be 1 to {MAX_SIZE}, or 0 for {DEFAULT_SIZE}")
    return Page(min(request.page_size or DEFAULT_SIZE, MAX_SIZE), _key(request.page_token, kinds))


def next_token(page: Page, entries: Sequence[Any], *key: Any) -> str:
    """Return the token of the page after these entries, whose last one has this sort key; empty on the last page."""
    if len(entries) < page.size:
        return ""
    values = [value.timestamp() if isinstance(value, datetime) else value for value in key]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def _key(token: str, kinds: Sequence[type]) -> tuple[Any, ...]:
    if not token:
        return ()
    try:
        values = json.loads(base64.urlsafe_b64decode(token)) if len(token) <= MAX_TOKEN else ()
        return tuple(_value(value, kind) for value, kind in zip(values, kinds, strict=True))
    except (ValueError, TypeError, OverflowError, OSError) as error:
        raise InvalidParameters.one("page_token", "must come from the page before") from error


def _value(value: Any, kind: type) -> Any:
    if kind is datetime:
        return datetime.fromtimestamp(value, UTC)
    if kind is str and isinstance(value, str):
        return value
    if not isinstance(value, int) or abs(value) > MAX_INT:
        raise ValueError(value)
    return value
