"""Documents of the page: a template with the visitor's frame around it, as a response."""

from collections.abc import Mapping

from aiohttp import web

from gateway.http_responses import REQUEST_KEY
from gateway.web import session
from gateway.web.entity_tags import tagged
from gateway.web.page_endpoint import PageRequest
from gateway.web.visitor import Visitor

HTML = "text/html; charset=utf-8"


def document(page: PageRequest, template: str, visitor: Visitor, **context: object) -> web.Response:
    """Return a document for an account that is signed in; its session is kept for 30 days more.

    A browser that has it already is told so in place of it.
    """
    response = tagged(page.http, _response(page, template, visitor.locale, {"visitor": visitor, **context}))
    session.keep(page.http, response, page.caller)
    return response


def open_document(page: PageRequest, template: str, *, locale: str = "", **context: object) -> web.Response:
    """Return a document that needs no account, in the locale that the request asks for unless another is named."""
    return _response(page, template, locale or page.lang, {"visitor": None, **context})


def _response(page: PageRequest, template: str, locale: str, context: Mapping[str, object]) -> web.Response:
    known = {"path": page.http.path, "request_id": page.http.get(REQUEST_KEY, ""), **context}
    text = page.frame.document(template, locale, known)
    return web.Response(body=text.encode(), headers={"Content-Type": HTML, "Content-Language": locale})
