"""SMTP client: one message to one recipient, step by step, with an outcome for every way that can end."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Self

from aiosmtplib import SMTP, SMTPException, SMTPRecipientRefused, SMTPResponseException, SMTPServerDisconnected
from daybook.schedule.v1.schedule_pb2 import OUTCOME_FAILED, OUTCOME_IN_DOUBT, OUTCOME_RETRY, OUTCOME_SENT

from services.rendering.delivery.delivery_settings import DeliverySettings, mail_address
from services.rendering.delivery.outcome import DeliveryOutcome, plain_text, told

FAULTS = (SMTPException, OSError, TimeoutError)
SEND_DATA = 354
OK, NEVER = 2, 5  # hundreds of reply codes
TOO_LARGE = (523, 552)
MAILBOX_FULL = "5.2.2"  # a 552 that a shorter message does not change
END_OF_DATA_S = 600.0  # RFC 5321 4.5.3.2.6: a server may take so long to accept what it was given
QUIT_S = 2.0


@dataclass(frozen=True, slots=True)
class Mail:
    """Message as bytes with CRLF line ends, and whether a link stands in the place of its files."""

    content: bytes
    sent_as_link: bool


Compose = Callable[[int], Mail]
"""Returns the message for a limit of its bytes; for 0 without files. Runs in a thread."""

Start = Callable[[], Awaitable[None]]
"""Called once, when the server has taken the recipient and before it is given the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Mail server, the credentials for it, and the sender of all mails."""

    host: str
    port: int
    security: str
    sender: str
    username: str = ""
    password: str = ""
    context: ssl.SSLContext
    timeout_s: float = 30.0
    max_bytes: int = 10_000_000

    @classmethod
    def of(cls, settings: DeliverySettings) -> Self:
        """Return the mail server of the settings."""
        return cls(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            sender=mail_address(settings.smtp_from).addr_spec,
            username=settings.smtp_username,
            password=settings.smtp_password.get_secret_value(),
            context=ssl.create_default_context(cafile=settings.smtp_ca),
            timeout_s=settings.smtp_timeout,
            max_bytes=settings.mail_max_bytes,
        )


class SmtpClient:
    """Sender of mails, each over a connection of its own."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._own_name: str | None = None  # of this machine, looked up once: that may take long

    async def send(self, recipient: str, compose: Compose, start: Start) -> DeliveryOutcome:
        """Send a message to one recipient and return the outcome; a message that is too large goes without files.

        Only a fault between the last byte of the message and the server's answer leaves a doubt. A 5xx about the
        recipient or the message is final, everything else may be tried again. Raises what `start` raises, with nothing
        sent.
        """
        if not (recipient.isascii() and recipient.isprintable() and "@" in recipient):
            return DeliveryOutcome(OUTCOME_FAILED, text="the address is malformed")
        begin = _Once(start)
        outcome, mail = await self._attempt(recipient, compose, begin, self._server.max_bytes)
        if mail is not None and not mail.sent_as_link and _is_too_large(outcome):
            outcome, mail = await self._attempt(recipient, compose, begin, 0)
        if mail is None:
            return outcome
        return DeliveryOutcome(outcome.outcome, outcome.code, outcome.text, sent_as_link=mail.sent_as_link)

    async def check(self) -> None:
        """Connect and sign in as for a mail, and send nothing. Raises one of FAULTS."""
        async with self._connected():
            pass

    async def _attempt(
        self, recipient: str, compose: Compose, start: Start, max_bytes: int
    ) -> tuple[DeliveryOutcome, Mail | None]:
        mail = None
        try:
            async with self._connected() as client:
                mail = await asyncio.to_thread(compose, min(max_bytes, _size_limit(client) or max_bytes))
                await self._address(client, recipient, len(mail.content))
                await start()
                return await _transfer(client, mail.content), mail
        except SMTPRecipientRefused as refusal:
            return _by_code(refusal.code, refusal.message), mail
        except SMTPResponseException as refusal:
            return DeliveryOutcome(OUTCOME_RETRY, max(refusal.code, 0), plain_text(refusal.message)), mail
        except FAULTS as fault:
            return DeliveryOutcome(OUTCOME_RETRY, text=told(fault)), mail

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[SMTP]:
        """Give a connection that is encrypted and signed in as the settings say."""
        server = self._server
        client = SMTP(
            hostname=server.host,
            local_hostname=self._own_name,
            port=server.port,
            timeout=server.timeout_s,
            use_tls=server.security == "tls",
            start_tls=False,
            tls_context=server.context if server.security != "none" else None,
        )
        try:
            await client.connect()
            await client.ehlo()
            self._own_name = client.local_hostname
            if server.security == "starttls":
                await client.starttls()
                await client.ehlo()
            if server.username:
                await client.login(server.username, server.password)
            yield client
            with suppress(*FAULTS):
                await client.quit(timeout=QUIT_S)
        finally:
            client.close()

    async def _address(self, client: SMTP, recipient: str, size: int) -> None:
        options = [f"SIZE={size}"] if client.supports_extension("size") else []
        await client.mail(self._server.sender, options=options)
        await client.rcpt(recipient)


async def _transfer(client: SMTP, content: bytes) -> DeliveryOutcome:
    """Give the server a message. The library's own `data` does not tell a cut before the message from one after it."""
    reply = await client.execute_command(b"DATA")
    if reply.code != SEND_DATA:
        return _by_code(reply.code, reply.message)
    protocol = client.protocol
    if protocol is None:
        raise SMTPServerDisconnected("Connection lost")
    protocol.write(content.replace(b"\r\n.", b"\r\n..") + b".\r\n")  # it begins with a header
    try:
        reply = await protocol.read_response(timeout=END_OF_DATA_S)
    except FAULTS as fault:
        return DeliveryOutcome(OUTCOME_IN_DOUBT, text=told(fault))
    return _by_code(reply.code, reply.message)


def _by_code(code: int, message: str) -> DeliveryOutcome:
    result = {OK: OUTCOME_SENT, NEVER: OUTCOME_FAILED}.get(code // 100, OUTCOME_RETRY)
    return DeliveryOutcome(result, max(code, 0), plain_text(message))


def _is_too_large(outcome: DeliveryOutcome) -> bool:
    return outcome.code in TOO_LARGE and not outcome.text.startswith(MAILBOX_FULL)


def _size_limit(client: SMTP) -> int:
    """Return the most bytes that the server takes, 0 where it tells none."""
    told_size = client.esmtp_extensions.get("size", "").strip()
    return int(told_size) if told_size.isdecimal() else 0


class _Once:
    """Call that is made at the first time only."""

    def __init__(self, call: Start) -> None:
        self._call = call
        self._is_made = False

    async def __call__(self) -> None:
        if not self._is_made:
            await self._call()
            self._is_made = True
