"""Receiver of webhooks for tests: an HTTP server on a free port with answers that a test chooses."""

import asyncio
import base64
import hashlib
import hmac
import ssl
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

HANG, ENDLESS = -1, -2  # in the place of a status: no answer, or one without end


@dataclass
class WebhookReceiver:
    """Posted notices, and the next answers: a status, and headers with it."""

    url: str = ""
    answers: deque[tuple[int, Mapping[str, str]]] = field(default_factory=deque)
    posted: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def answers_with(self, status: int, **headers: str) -> None:
        """Answer so once; afterwards with 204."""
        self.answers.append((status, {name.replace("_", "-"): value for name, value in headers.items()}))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.posted.append((dict(request.headers), await request.read()))
        self.paths.append(request.path)
        status, headers = self.answers.popleft() if self.answers else (204, {})
        if status == HANG:
            await asyncio.Event().wait()
        if status == ENDLESS:
            response = web.StreamResponse()
            await response.prepare(request)
            while True:
                await response.write(b"x" * 65_536)
        return web.Response(status=status, headers=headers, text="" if status == 204 else f"answer {status}\n")


@asynccontextmanager
async def webhook_receiver(
    context: ssl.SSLContext | None = None, receiver: WebhookReceiver | None = None
) -> AsyncIterator[WebhookReceiver]:
    """Run a receiver, perhaps one that answers otherwise, while the context lasts."""
    receiver = receiver or WebhookReceiver()
    server = web.Server(receiver.handle)
    listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0, ssl=context)
    port = listening.sockets[0].getsockname()[1]
    receiver.url = f"{'https' if context else 'http'}://localhost:{port}/hook"
    try:
        yield receiver
    finally:
        listening.close()
        await server.shutdown(0.01)  # 0 would be no limit


def is_signed(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Return whether a secret signed a notice, as the text of Standard Webhooks tells receivers to check it."""
    known = {name.lower(): value for name, value in headers.items()}
    content = f"{known['webhook-id']}.{known['webhook-timestamp']}.{body.decode()}"
    key = base64.b64decode(secret[len("whsec_") :])
    expected = base64.b64encode(hmac.new(key, content.encode(), hashlib.sha256).digest()).decode()
    return any(one.split(",") == ["v1", expected] for one in known["webhook-signature"].split(" "))
