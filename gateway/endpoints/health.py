"""Health: whether this process lives, whatever the services behind it do."""

from aiohttp import web

from gateway.http_responses import json_response


async def health(_: web.Request) -> web.Response:
    """/health: yes."""
    return json_response({"status": "ok"})
