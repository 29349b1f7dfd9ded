"""Unsubscribing from the mails of a schedule: a page with one button, and the request of mail programs (RFC 8058)."""

from urllib.parse import parse_qsl

from aiohttp import web
from daybook.schedule.v1.schedule_service_pb2 import UnsubscribeRequest

from gateway.clients import Caller
from gateway.web.documents import open_document
from gateway.web.page_endpoint import Access, Endpoints, PageEndpoint, PageRequest

SCOPE, ALL = "scope", "all"


async def _ask(page: PageRequest) -> web.Response:
    """Return the page with the button. It changes nothing and is the same for any token: mail scanners follow links."""
    return open_document(page, "unsubscribe.html", token=page.words["token"], done="")


async def _unsubscribe(page: PageRequest) -> web.Response:
    """Unsubscribe the receiver of a mail. The answer is the same for a token that is not known."""
    fields = dict(parse_qsl((await page.http.read()).decode(errors="replace"), max_num_fields=None))
    from_all = fields.get(SCOPE) == ALL
    message = UnsubscribeRequest(token=page.words["token"], from_all=from_all)
    await page.services.call(page.services.schedules.Unsubscribe, message, Caller())
    return open_document(page, "unsubscribe.html", token=page.words["token"], done=ALL if from_all else "one")


UNSUBSCRIBE_ENDPOINTS: Endpoints = {
    "u/{token}": {
        "GET": PageEndpoint("The page that unsubscribes from mails", _ask, Access.TOKEN),
        "POST": PageEndpoint("Unsubscribe from mails", _unsubscribe, Access.TOKEN),
    }
}
