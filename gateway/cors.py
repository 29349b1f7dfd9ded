"""Cross-origin requests (CORS): which browser pages of other origins may call, and read what."""

import re
from collections.abc import Sequence
from typing import Annotated

from aiohttp import hdrs, web
from pydantic import AfterValidator

ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")
REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, X-Request-Id"
READABLE = ("Content-Disposition", "Retry-After", "X-Request-Id")
PREFLIGHT_S = 600  # how long a browser may remember the answer to a preflight
PREFLIGHT = 204


def origins_of(text: str) -> frozenset[str]:
    """Return the origins that stand in a text with commas between."""
    return frozenset(origin.strip() for origin in text.split(",") if origin.strip())


def _are_origins(text: str) -> str:
    if not all(ORIGIN.fullmatch(origin) for origin in origins_of(text)):
        raise ValueError("must be origins such as https://app.example, in lower case, with commas between")
    return text


Origins = Annotated[str, AfterValidator(_are_origins)]


class Cors:
    """Origins whose pages may call, none by default, and the headers that tell browsers so."""

    def __init__(self, origins: str = "", also_readable: Sequence[str] = ()) -> None:
        self._origins = origins_of(origins)
        self._readable = ", ".join((*READABLE, *also_readable))

    def allow(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        """Set the headers of a response, also of an error and of a preflight, which is an OPTIONS request.

        Credentials that a browser would send by itself are never allowed.
        """
        if not self._origins:
            return
        response.headers.add(hdrs.VARY, hdrs.ORIGIN)
        origin = request.headers.get(hdrs.ORIGIN, "")
        if origin not in self._origins:
            return
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
        response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = self._readable
        asked = hdrs.ACCESS_CONTROL_REQUEST_METHOD in request.headers
        if request.method == hdrs.METH_OPTIONS and asked and response.status == PREFLIGHT:
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_METHODS] = response.headers.get(hdrs.ALLOW, "")
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_HEADERS] = REQUEST_HEADERS
            response.headers[hdrs.ACCESS_CONTROL_MAX_AGE] = str(PREFLIGHT_S)


CORS = web.AppKey("cors", Cors)
