"""Fields of queries of the timesheet side, each declared once for its reader and for the OpenAPI document."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from aiohttp import web

from gateway.requests.bodies import pairs_of
from gateway.requests.parameters import FLAGS, INT32
from gateway.requests.toggl_requests import DIGITS
from gateway.shapes.json_schema import FLAG, TEXT, Schema, one_of, several
from gateway.toggl_errors import BAD_REQUEST, TogglError

ID: Schema = {"type": "integer", "minimum": 1, "maximum": INT32 - 1}
MAX_PAGE_SIZE = 200
MAX_IDS = 1000


class QueryField(NamedTuple):
    """Field of a query: its schema, and the reader of its text or None, which raises LookupError or ValueError.

    The values of a field that may be repeated are read as one text with commas. `error` is the text for a wrong value.
    """

    schema: Schema
    read: Callable[[str | None], Any]
    is_repeated: bool = False
    error: str = ""


def _number(text: str | None, default: int, high: int) -> int:
    if not text:
        return default
    number = int(text) if DIGITS.fullmatch(text) else 0
    if not 0 < number <= high:
        raise ValueError(text)
    return number


def _ids(text: str | None) -> list[int]:
    found = [_number(one.strip(), 0, INT32 - 1) for one in (text or "").split(",")]
    if len(found) > MAX_IDS:
        raise ValueError(text)
    return [one for one in found if one]


def count(default: int, high: int = INT32 - 1) -> QueryField:
    """Return a number from 1, or its default where that is not 0."""
    schema = {**ID, "maximum": high} | ({"default": default} if default else {})
    return QueryField(schema, partial(_number, default=default, high=high))


def choice(words: Mapping[str, Any], default: str, error: str = "") -> QueryField:
    """Return one of a few words, whatever their case, and what it stands for."""
    return QueryField({**one_of(words), "default": default}, lambda text: words[(text or default).lower()], error=error)


SWITCH = QueryField(FLAG, lambda text: FLAGS[text.lower()] if text else None)
PART = QueryField(TEXT, lambda text: text or "")
IDS = QueryField(several(ID), _ids, is_repeated=True)


def values_of(request: web.Request, fields: Mapping[str, QueryField]) -> dict[str, Any]:
    """Return the values of the fields of a query, others ignored.

    Raises TogglError 400 that names the first bad field, and PublicError 5 for a query that is no text.
    """
    return read_values(pairs_of(request.rel_url.raw_query_string, "utf-8"), fields)


def read_values(pairs: Iterable[tuple[str, str]], fields: Mapping[str, QueryField]) -> dict[str, Any]:
    """Return the values of fields among names and values. Raises TogglError 400 that names the first bad field."""
    texts: dict[str, str] = {}
    for name, text in pairs:
        known = name.removesuffix("[]")
        is_joined = known in texts and known in fields and fields[known].is_repeated
        texts[known] = f"{texts[known]},{text}" if is_joined else text
    found: dict[str, Any] = {}
    for name, field in fields.items():
        try:
            found[name] = field.read(texts.get(name))
        except (LookupError, ValueError):
            raise TogglError(BAD_REQUEST, field.error or f"Invalid parameter {name}.") from None
    return found


def wrong(name: str) -> TogglError:
    """Return the error of a field whose value is wrong."""
    return TogglError(BAD_REQUEST, f"Invalid parameter {name}.")


def skipped(page: int, size: int) -> int:
    """Return how many entries come before a page. Raises TogglError 400 for one that is out of reach."""
    if page > (INT32 - 1) // size:
        raise wrong("page")
    return (page - 1) * size
