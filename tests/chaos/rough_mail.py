"""Mail server and receiver of webhooks that drop, delay and put off, and remember what they took."""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.fakes.mail_server import CUT, MailServer
from tests.fakes.webhook_receiver import WebhookReceiver

LONGEST_S = 0.4  # over a message
AFTER_S = 1.0  # for which the bytes of a process that was killed may still come
RECORDED_S = 2.0  # after an answer, until it is surely recorded
ROUGH: Mapping[str, tuple[tuple[float, str], ...]] = {  # how often each step is answered so
    "greet": ((0.03, CUT), (0.03, "421 busy")),
    "rcpt": ((0.12, "451 greylisted"), (0.04, CUT)),
    "data": ((0.03, "451 later"), (0.03, CUT)),
    "end": ((0.06, CUT), (0.04, "451 later")),
}
MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE)


@dataclass
class RoughMailServer(MailServer):
    """Mail server of a campaign. Messages are known by their Message-ID."""

    chance: random.Random = field(default_factory=random.Random)
    taken: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)  # taken, and the client was not told so
    spans_s: list[tuple[str, float, float]] = field(default_factory=list)  # from the last byte of each to its answer
    is_rough: bool = True

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
        began_s = time.monotonic()
        try:
            await asyncio.sleep(self.chance.random() * LONGEST_S)
            before = len(self.mails)
            try:
                return await super().handle_DATA(server, session, envelope)
            except asyncio.CancelledError:
                self.cut[name] += len(self.mails) - before
                raise
            finally:
                self.taken[name] += len(self.mails) - before
        finally:
            self.spans_s.append((name, began_s, time.monotonic()))

    def hit_by(self, kills_s: Sequence[float]) -> Counter[str]:
        """Return how often each message was between its bytes and the recorded answer when a process was killed."""
        return Counter(
            name
            for name, began_s, ended_s in self.spans_s
            if any(began_s - AFTER_S < one < ended_s + RECORDED_S for one in kills_s)
        )


@dataclass
class RoughReceiver(WebhookReceiver):
    """Receiver of webhooks of a campaign. Notices are known by their `webhook-id`."""

    chance: random.Random = field(default_factory=random.Random)
    taken: Counter[str] = field(default_factory=Counter)
    is_rough: bool = True

    async def handle(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(self.chance.random() * LONGEST_S)
        if self.is_rough and self.chance.random() < 0.1:
            return web.Response(status=503)
        self.taken[request.headers["webhook-id"]] += 1
        return web.Response(status=204)
