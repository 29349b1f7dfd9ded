"""Sessions of browsers: the cookie that holds one, and the check that a write comes from the page itself.

The only reader of cookies.
"""

import re
import secrets
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from gateway.clients import Caller
from gateway.web.frame import FRAME

HASH = re.compile(r"[0-9a-f]{32}")
SESSION, FORM = "daybook", "daybook-form"
HOST_PREFIX = "__Host-"
MAX_AGE_S = 30 * 24 * 3600  # from the last use, as sessions themselves
FORM_AGE_S = 12 * 3600
JSON_TYPE, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"
HOME = "/page/reports"


def is_secure(request: web.Request) -> bool:
    """Return whether browsers reach the gateway by HTTPS."""
    return request.secure or request.app[FRAME].public_origin.startswith("https:")


def caller_of(request: web.Request) -> Caller | None:
    """Return the caller by the session in the cookie, None without one."""
    found = request.cookies.get(_name(request, SESSION), "")
    return Caller(f"NVX {found}") if HASH.fullmatch(found) else None


def keep(request: web.Request, response: web.StreamResponse, caller: Caller) -> None:
    """Make the browser keep a session for 30 days more."""
    _set(request, response, SESSION, (caller.authorization or "").removeprefix("NVX "), MAX_AGE_S)


def forget(request: web.Request, response: web.StreamResponse) -> None:
    """Make the browser forget its session."""
    _set(request, response, SESSION, "", 0)


def form_token(request: web.Request) -> str:
    """Return the token of the sign-in form that the browser holds already, else a new one."""
    found = request.cookies.get(_name(request, FORM), "")
    return found if HASH.fullmatch(found) else secrets.token_hex(16)


def keep_form_token(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Make the browser keep the token of the sign-in form."""
    _set(request, response, FORM, token, FORM_AGE_S)


def has_form_token(request: web.Request, sent: str) -> bool:
    """Return whether the token that came with the form is the one that the browser holds."""
    held = request.cookies.get(_name(request, FORM), "")
    return bool(HASH.fullmatch(held)) and secrets.compare_digest(held.encode(), sent.encode())


def is_from_page(request: web.Request, *, form: bool = False) -> bool:
    """Return whether a write comes from the page itself: its media type, and what the browser says of its origin.

    `form` allows the media type of forms, which pages of others could send without asking.
    """
    if request.content_type not in ((JSON_TYPE, FORM_TYPE) if form else (JSON_TYPE,)):
        return False
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get(hdrs.ORIGIN, "")
    own = f"{'https' if is_secure(request) else 'http'}://{request.host}"
    return bool(origin) and origin in {own, request.app[FRAME].public_origin}


def way_back(wanted: str) -> str:
    """Return a path of the page to go to after signing in, the list of reports unless one of it is wanted."""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return HOME
    fits = not parts.scheme and not parts.netloc and parts.path.startswith("/page/") and wanted.isprintable()
    return wanted if fits and "\\" not in wanted and "//" not in parts.path else HOME


def _name(request: web.Request, name: str) -> str:
    return f"{HOST_PREFIX}{name}" if is_secure(request) else name


def _set(request: web.Request, response: web.StreamResponse, name: str, value: str, max_age_s: int) -> None:
    response.set_cookie(
        _name(request, name),
        value,
        max_age=max_age_s,
        path="/",
        secure=is_secure(request),
        httponly=True,
        samesite="Lax",
    )
