"""Query and body of a request, JSON or form, as one dictionary of parameters (reference section 1.1)."""

import asyncio
import codecs
from urllib.parse import parse_qsl

from aiohttp import web

from gateway.errors import Code, PublicError
from gateway.requests import json_text
from gateway.settings import Settings

FORM = "application/x-www-form-urlencoded"
UNTYPED = {"", "text/plain", "application/octet-stream"}  # sent by clients that set no type: taken for JSON
CHARSETS = {"utf-8", "ascii", "iso8859-1", "cp1251", "cp1252"}  # those of old clients; others are refused
MAX_FIELDS = 1000


async def values_of(request: web.Request, settings: Settings) -> dict[str, object]:
    """Return the parameters of a request; the body wins over the query, and null is the same as absent.

    Raises PublicError 9 for a body over the limit and 5 for one that cannot be read.
    """
    values: dict[str, object] = dict(pairs_of(request.rel_url.raw_query_string, "utf-8"))
    body = await body_of(request, settings)
    if body.strip():
        values.update(_body_values(request, body))
    return {name: value for name, value in values.items() if value is not None}


async def body_of(request: web.Request, settings: Settings) -> bytes:
    """Return the body. Raises PublicError 9 when it is over the limit and 5 when it cannot be read."""
    if not request.can_read_body:
        return b""
    if (request.content_length or 0) > settings.max_body_bytes:
        raise PublicError(Code.REQUEST_TOO_LARGE)
    try:
        async with asyncio.timeout(settings.body_seconds):
            return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise PublicError(Code.REQUEST_TOO_LARGE) from None
    except TimeoutError:
        raise PublicError(Code.WRONG_FORMAT, "the body did not arrive in time") from None
    except (web.RequestPayloadError, ValueError):
        raise PublicError(Code.WRONG_FORMAT, "the body cannot be read") from None


def _body_values(request: web.Request, body: bytes) -> dict[str, object]:
    media_type, charset = _content_type(request)
    if media_type == FORM:
        return dict(pairs_of(_decoded(body, charset), charset))
    if media_type not in UNTYPED and not media_type.endswith(("/json", "+json")):
        raise PublicError(Code.WRONG_FORMAT, f"Content-Type must be application/json or {FORM}")
    try:
        value = json_text.parse(body if charset == "utf-8" else _decoded(body, charset))
    except ValueError as error:
        raise PublicError(Code.WRONG_FORMAT, str(error)) from None
    if not isinstance(value, dict):
        raise PublicError(Code.WRONG_FORMAT, "the JSON root must be an object")
    return {name: given for name, given in value.items() if given is not None}


def _content_type(request: web.Request) -> tuple[str, str]:
    """Return the media type, empty when the request names none, and the charset by its usual name."""
    if "Content-Type" not in request.headers:
        return "", "utf-8"
    try:
        charset = codecs.lookup(request.charset or "utf-8").name
    except (LookupError, ValueError):
        charset = ""
    if charset not in CHARSETS:
        raise PublicError(Code.WRONG_FORMAT, "unknown charset in Content-Type")
    return request.content_type.lower(), charset


def _decoded(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset)
    except UnicodeDecodeError:
        raise PublicError(Code.WRONG_FORMAT, f"the body is not {charset}") from None


def pairs_of(text: str, charset: str) -> list[tuple[str, str]]:
    """Return the names and values of a query or form. Raises PublicError 5 for values that are no text or too many."""
    try:
        text.encode()  # bytes that were no UTF-8 came as lone surrogates
        return parse_qsl(text, keep_blank_values=True, encoding=charset, errors="strict", max_num_fields=MAX_FIELDS)
    except UnicodeError:
        raise PublicError(Code.WRONG_FORMAT, "a form or query value is not valid text") from None
    except ValueError:
        raise PublicError(Code.WRONG_FORMAT, f"more than {MAX_FIELDS} form or query values") from None
