"""Mail server and receiver of webhooks for a real stack: both in a thread, so that tests need no event loop."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from tests.fakes.mail_server import MailServer, mail_server
from tests.fakes.webhook_receiver import WebhookReceiver, webhook_receiver

WITHIN_S = 60


@dataclass(frozen=True)
class MailHost:
    """Servers that a stack delivers to. What a test says of answers holds for the addresses that it names."""

    server: MailServer
    webhook: WebhookReceiver
    folder: Path

    @property
    def environment(self) -> Mapping[str, str]:
        """Settings of a stack that delivers here; the page shows the mails."""
        return {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.server.port),
            "SMTP_SECURITY": "none",
            "SMTP_FROM": "Daybook <reports@example.com>",
            "SMTP_PER_MINUTE": "10000",
            "WEBHOOK_ALLOW_PRIVATE": "true",
            "MAILBOX_FOLDER": str(self.folder),
        }

    def mails(self, recipient: str, count: int = 1) -> list[EmailMessage]:
        """Return the mails to a recipient once there are so many."""
        until(lambda: len(self.server.messages(recipient, default)) >= count, f"{count} mails to {recipient}")
        return self.server.messages(recipient, default)


def until(claim: Callable[[], bool], what: str, within_s: float = WITHIN_S) -> None:
    """Wait until a claim about another process holds."""
    ends = time.monotonic() + within_s
    while not claim():
        assert time.monotonic() < ends, f"not within {within_s} s: {what}"
        time.sleep(0.05)


@contextmanager
def mail_host(folder: Path) -> Iterator[MailHost]:
    """Run both servers in a thread while the context lasts; mails are kept in the folder too."""
    loop, stop, started = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
    made: list[MailHost] = []

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(mail_server(folder=folder))
            made.append(MailHost(server, await stack.enter_async_context(webhook_receiver()), folder))
            started.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert started.wait(WITHIN_S)
    try:
        yield made[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(WITHIN_S)
        loop.close()
