"""Failures on the page: documents in the visitor's language, the published envelope for modules."""

import logging
from contextlib import suppress
from urllib.parse import quote

from aiohttp import web
from grpc.aio import AioRpcError

from gateway.errors import UNAUTHORIZED, Code, Fault, PublicError, public_error
from gateway.http_responses import json_response, say_when
from gateway.web import session
from gateway.web.documents import open_document
from gateway.web.fault_words import translated
from gateway.web.page_endpoint import Access, Content, PageEndpoint, PageRequest
from gateway.web.translations import mark as _
from gateway.web.visitor import visitor_of
from services.runtime.errors import failure_of

log = logging.getLogger("daybook.gateway")

SIGN_IN = "/page/sign-in"
SIGNED_OUT = {Code.WRONG_HASH, Code.SESSION_ENDED}
SERVER_ERROR = 500
TITLES = {
    Code.NOT_FOUND: _("Not found"),
    Code.NOT_PERMITTED: _("Not allowed"),
    Code.DEMO: _("Not allowed"),
    Code.TOO_MANY_REQUESTS: _("Too many requests"),
    Code.UNAVAILABLE: _("Not available now"),
    Code.NOT_READY: _("Not ready yet"),
    Code.INVALID_PARAMETERS: _("Not possible"),
    Code.LIMIT_TOO_BIG: _("Too large"),
    Code.REQUEST_TOO_LARGE: _("Too large"),
}
TEXTS = {
    Code.NOT_FOUND: _("There is nothing at this address, or it is not yours to see."),
    Code.NOT_PERMITTED: _("Your account has no right to reports. The owner of the main account can give it."),
    Code.DEMO: _("A demo account cannot delete anything."),
    Code.TOO_MANY_REQUESTS: _("Wait a moment and try again."),
    Code.UNAVAILABLE: _("Daybook cannot reach one of its services. Try again in a moment."),
    Code.NOT_READY: _("The report is not finished yet."),
    Code.INVALID_PARAMETERS: _("Something in the address is not right, such as a period that ends before it begins."),
    Code.LIMIT_TOO_BIG: _(
        "The report is too large for a file of this format. Take another format or a shorter period."
    ),
    Code.REQUEST_TOO_LARGE: _("The request is too large."),
}
TITLE = _("Something went wrong")
TEXT = _("The error is logged. Tell the operator the number below if it happens again.")


class SignInNeeded(PublicError):
    """A path of the page that needs a session, and a request without one."""

    def __init__(self) -> None:
        super().__init__(Code.SESSION_ENDED)


class ForeignWrite(PublicError):
    """A write that does not come from the page itself."""

    def __init__(self) -> None:
        super().__init__(Code.NOT_PERMITTED, "the request does not come from the page")


async def failed(page: PageRequest, endpoint: PageEndpoint | None, error: Exception) -> web.Response:
    """Return the answer of a failure. Without an endpoint the path is unknown."""
    failure = public_failure(error)
    if endpoint is not None and endpoint.content is Content.DATA:
        response = _data(page, error, failure)
    elif failure.code in SIGNED_OUT and endpoint is not None and endpoint.access is Access.SESSION:
        response = web.Response(status=303, headers={"Location": _to_sign_in(page)})
    else:
        response = await _page(page, endpoint, failure)
    if failure.code in SIGNED_OUT and (endpoint is None or endpoint.access is Access.SESSION):
        session.forget(page.http, response)
    say_when(response, failure.retry_after_s)
    return response


def public_failure(error: Exception) -> PublicError:
    """Return what may be told of a failure; an unforeseen one is logged."""
    if isinstance(error, PublicError):
        return error
    if not isinstance(error, AioRpcError):
        log.error("unforeseen error", exc_info=error)
        return PublicError(Code.UNEXPECTED)
    failure = failure_of(error)
    public = public_error(failure)
    if public.http_status() == SERVER_ERROR:
        what = {"status": failure.code.name, "reason": failure.reason, "what": failure.message[:300]}
        log.error("call failed", extra=what)
    return public


def _data(page: PageRequest, error: Exception, failure: PublicError) -> web.Response:
    """Return the published envelope, its faults in the language of the document, and the reason beside the code."""
    status = UNAUTHORIZED if failure.code in SIGNED_OUT else failure.http_status()
    catalogue = page.frame.words.of(page.lang)
    faults = [Fault(name, translated(text, catalogue)) for name, text in failure.faults]
    failure.faults = tuple(faults)
    reason = failure_of(error).reason if isinstance(error, AioRpcError) else ""
    return json_response(failure.body() | ({"reason": reason} if reason else {}), status)


def _to_sign_in(page: PageRequest) -> str:
    return f"{SIGN_IN}?next={quote(page.http.path_qs, safe='')}" if page.http.method == "GET" else SIGN_IN


async def _page(page: PageRequest, endpoint: PageEndpoint | None, failure: PublicError) -> web.Response:
    locale = ""
    if endpoint is not None and endpoint.access is Access.SESSION and failure.code not in SIGNED_OUT:
        with suppress(Exception):  # the visitor's language is a courtesy of error pages
            locale = (await visitor_of(page)).locale
    title, text = TITLES.get(failure.code, TITLE), TEXTS.get(failure.code, TEXT)
    response = open_document(page, "error.html", locale=locale, title=title, text=text)
    response.set_status(failure.http_status())
    return response
