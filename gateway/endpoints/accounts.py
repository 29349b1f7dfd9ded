"""Sessions: signing in and out."""

from aiohttp import web
from daybook.account.v1.account_service_pb2 import LogOutRequest

from gateway import http_responses as answers
from gateway.clients import SERVICES
from gateway.requests import tracker_requests as asks


async def log_in(request: web.Request) -> web.Response:
    """/user/auth: begin a session and return its hash. Failed tries are counted by the client's address."""
    services = request.app[SERVICES]
    asked = await asks.read(request, services.settings, signed=False)
    session = await services.ask(services.accounts.LogIn, asks.login(asked), None, client_address=request.remote or "")
    return answers.success(hash=session.hash)


async def log_out(request: web.Request) -> web.Response:
    """/user/logout: end the session whose hash the request carries."""
    services = request.app[SERVICES]
    asked = await asks.read(request, services.settings)
    await services.ask(services.accounts.LogOut, LogOutRequest(), asked.authorization)
    return answers.success()
