"""Unsubscribing from the mails of a schedule: a page with one button, and the request of mail programs (RFC 8058)."""

from urllib.parse import parse_qsl

from aiohttp import web
from daybook.schedule.v1.schedule_service_pb2 import LookUpUnsubscriptionRequest, UnsubscribeRequest

from gateway.clients import Caller
from gateway.requests.bodies import body_of
from gateway.web.documents import open_document
from gateway.web.page_endpoint import Access, Endpoints, PageEndpoint, PageRequest
from gateway.web.translations import supported

SCOPE, ONE, ALL = "scope", "one", "all"


async def _ask(page: PageRequest) -> web.Response:
    """Return the page with the button, in the language of the mail. It changes nothing: mail scanners follow links.

    A token that is not known gets the same page without the names of a report and a sender.
    """
    token = page.words["token"]
    message = LookUpUnsubscriptionRequest(token=token)
    found = await page.services.call(page.services.schedules.LookUpUnsubscription, message, Caller())
    locale = supported(found.locale) if found.locale and "lang" not in page.query else ""
    done = ALL if found.unsubscribed_from_all else ONE if found.unsubscribed else ""
    return open_document(
        page, "unsubscribe.html", locale=locale, token=token, done=done, title=found.title, sender=found.sender
    )


async def _unsubscribe(page: PageRequest) -> web.Response:
    """Unsubscribe the receiver of a mail. The answer is the same for a token that is not known."""
    body = await body_of(page.http, page.services.settings)
    fields = dict(parse_qsl(body.decode(errors="replace")))
    from_all = fields.get(SCOPE) == ALL
    message = UnsubscribeRequest(token=page.words["token"], from_all=from_all)
    await page.services.call(page.services.schedules.Unsubscribe, message, Caller())
    return open_document(page, "unsubscribe.html", token=message.token, done=ALL if from_all else ONE)


UNSUBSCRIBE_ENDPOINTS: Endpoints = {
    "u/{token}": {
        "GET": PageEndpoint("The page that unsubscribes from mails", _ask, Access.TOKEN),
        "POST": PageEndpoint("Unsubscribe from mails", _unsubscribe, Access.TOKEN),
    }
}
