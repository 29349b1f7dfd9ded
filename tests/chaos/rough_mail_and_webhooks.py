"""Mail server and receiver of webhooks that drop, delay and put off, and remember what they took."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.chaos.taken_messages import TakenMessages
from tests.fakes.mail_server import CUT, MailServer
from tests.fakes.webhook_receiver import WebhookReceiver

ROUGH: Mapping[str, tuple[tuple[float, str], ...]] = {  # how often each step is answered so
    "greet": ((0.03, CUT), (0.03, "421 busy")),
    "rcpt": ((0.12, "451 greylisted"), (0.04, CUT)),
    "data": ((0.03, "451 later"), (0.03, CUT)),
    "end": ((0.06, CUT), (0.04, "451 later")),
}
BUSY, DROPPED = 0.1, 0.06  # shares of notices that are put off, and that are taken without an answer
MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE)


@dataclass
class RoughMailServer(TakenMessages, MailServer):
    """Mail server of a campaign. Messages are known by their Message-ID."""

    def next_answer(self, *steps: str) -> str | None:
        drawn = self.chance.random()
        for share, answer in ROUGH.get(steps[-1], ()) if self.is_rough else ():
            if drawn < share:
                return answer
            drawn -= share
        return None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        found = MESSAGE_ID.search(bytes(envelope.content or b""))
        name = found[1].decode() if found else ""
        async with self.answering(name):
            before = len(self.mails)
            try:
                return await super().handle_DATA(server, session, envelope)
            except asyncio.CancelledError:
                self.cut[name] += len(self.mails) - before
                raise
            finally:
                self.taken[name] += len(self.mails) - before


@dataclass
class RoughReceiver(TakenMessages, WebhookReceiver):
    """Receiver of webhooks of a campaign. Notices are known by their `webhook-id`."""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        name = request.headers["webhook-id"]
        async with self.answering(name):
            drawn = self.chance.random() if self.is_rough else 1
            if drawn < BUSY:
                return web.Response(status=503)
            self.taken[name] += 1
            if drawn < BUSY + DROPPED and request.transport is not None:
                self.cut[name] += 1
                request.transport.abort()
        return web.Response(status=204)
