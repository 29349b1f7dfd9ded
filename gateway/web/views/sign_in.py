"""Sign-in and sign-out."""

from aiohttp import web
from daybook.account.v1.account_service_pb2 import LogInRequest, LogOutRequest
from grpc.aio import AioRpcError

from gateway.clients import Caller
from gateway.errors import Code, PublicError
from gateway.http_responses import say_when
from gateway.requests.bodies import body_of, pairs_of
from gateway.web import session
from gateway.web.documents import open_document
from gateway.web.page_endpoint import Access, Endpoints, PageEndpoint, PageRequest
from gateway.web.page_errors import SIGN_IN, ForeignWrite, public_failure
from gateway.web.translations import NAMES
from gateway.web.translations import mark as _

REFUSED = {
    Code.WRONG_LOGIN: _("The login or the password is wrong."),
    Code.TOO_MANY_REQUESTS: _("Too many attempts. Try again later."),
    Code.INVALID_PARAMETERS: _("Enter your login and your password."),
}


async def _form(page: PageRequest) -> web.Response:
    if page.caller.authorization is not None and "next" not in page.query:
        return web.Response(status=303, headers={"Location": session.HOME})
    return _shown(page, back=session.way_back(page.query.get("next", "")))


async def _sign_in(page: PageRequest) -> web.Response:
    """Begin a session and lead back to where the visitor wanted to go; a refusal shows the form again."""
    body = await body_of(page.http, page.services.settings)
    fields = dict(pairs_of(body.decode(errors="replace"), "utf-8"))
    if not session.has_form_token(page.http, fields.get("token", "")):
        raise ForeignWrite
    login, back = fields.get("login", ""), session.way_back(fields.get("next", ""))
    message = LogInRequest(login=login, password=fields.get("password", ""))
    try:
        answer = await page.services.call(page.services.accounts.LogIn, message, Caller())
    except (AioRpcError, PublicError) as error:
        failure = public_failure(error)
        if failure.code not in REFUSED:
            raise
        response = _shown(page, back=back, login=login, refusal=REFUSED[failure.code])
        response.set_status(failure.http_status())
        say_when(response, failure.retry_after_s)
        return response
    response = web.Response(status=303, headers={"Location": back})
    session.keep(page.http, response, Caller(f"NVX {answer.hash}"))
    return response


async def _sign_out(page: PageRequest) -> web.Response:
    """End the session and make the browser forget what it keeps of the page."""
    response = web.Response(status=303, headers={"Location": SIGN_IN, "Clear-Site-Data": '"cache"'})
    session.forget(page.http, response)
    if page.caller.authorization is not None:
        try:
            await page.services.call(page.services.accounts.LogOut, LogOutRequest(), page.caller)
        except AioRpcError as error:
            if public_failure(error).code is not Code.SESSION_ENDED:
                raise
    return response


def _shown(page: PageRequest, *, back: str, login: str = "", refusal: str = "") -> web.Response:
    token, languages = session.form_token(page.http), list(NAMES.items())
    response = open_document(
        page, "sign_in.html", token=token, back=back, login=login, refusal=refusal, languages=languages
    )
    session.keep_form_token(page.http, response, token)
    return response


SIGN_IN_ENDPOINTS: Endpoints = {
    "page/sign-in": {
        "GET": PageEndpoint("The sign-in form", _form, Access.OPEN),
        "POST": PageEndpoint("Begin a session", _sign_in, Access.OPEN),
    },
    "page/sign-out": {"POST": PageEndpoint("End the session", _sign_out, Access.OPEN)},
}
