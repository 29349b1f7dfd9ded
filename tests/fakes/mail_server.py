"""Mail server for tests: aiosmtpd on a free port, with answers that a test chooses."""

import asyncio
import ssl
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as SMTP_POLICY
from email.policy import EmailPolicy
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

CUT, HANG = "cut", "hang"  # in the place of an answer: end the connection, or say nothing


@dataclass
class MailServer:
    """Mails that the server took, and the answers of its next steps: greet, mail, rcpt, data (before the message), end.

    An answer for `rcpt` may be one address's alone: `answers["rcpt b@example.com"]`.
    """

    port: int = 0
    answers: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    mails: list[tuple[str, bytes]] = field(default_factory=list)  # recipient and message, also of those cut at the end
    tried: list[str] = field(default_factory=list)  # recipients named
    sizes: list[str] = field(default_factory=list)  # SIZE as clients told it
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    password: bytes = b"secret"
    told_size: int = 0  # in place of its own limit
    folder: Path | None = None  # in which mails are kept too

    def answers_with(self, step: str, *answers: str) -> None:
        """Answer a step so, one time each; afterwards as usual."""
        self.answers[step].extend(answers)

    def messages(self, recipient: str, policy: EmailPolicy = SMTP_POLICY) -> list[EmailMessage]:
        """Return the messages to a recipient."""
        parser = BytesParser(EmailMessage, policy=policy)
        return [parser.parsebytes(mail) for to, mail in list(self.mails) if to == recipient]

    def next_answer(self, *steps: str) -> str | None:
        """Return the answer chosen for the first of the steps that has one."""
        return next((self.answers[step].popleft() for step in steps if self.answers[step]), None)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        del server, envelope
        session.host_name = hostname
        if self.told_size:
            return [f"250-SIZE {self.told_size}" if "SIZE" in one else one for one in responses]
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del session
        self.sizes += [option.removeprefix("SIZE=") for option in options if option.startswith("SIZE=")]
        envelope.mail_from = address
        return await self._chosen(server, "mail") or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del session, options
        self.tried.append(address)
        answer = await self._chosen(server, f"rcpt {address}", "rcpt")
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        del session
        answer = self.next_answer(f"end {envelope.rcpt_tos[0]}", "end")
        if answer is None or answer == CUT:  # the message is there, whatever the client learns
            self._keep(envelope)
        return await self._said(server, answer) or "250 taken"

    def _keep(self, envelope: Envelope) -> None:
        content = bytes(envelope.content or b"")
        self.mails += [(to, content) for to in envelope.rcpt_tos]
        if self.folder is not None:
            (self.folder / f"{len(self.mails):06}.eml").write_bytes(content)

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """Take any login with the right password."""
        del server, session, envelope, mechanism
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == self.password, handled=False)

    async def _chosen(self, server: SMTP, *steps: str) -> str | None:
        return await self._said(server, self.next_answer(*steps))

    async def _said(self, server: SMTP, answer: str | None) -> str | None:
        if answer == CUT:
            server.transport.abort()
            await asyncio.Event().wait()  # until the connection's task is cancelled
        if answer == HANG:
            await asyncio.Event().wait()
        return answer


class _Connection(SMTP):
    """Connection that may refuse the command DATA itself, or the greeting."""

    async def smtp_EHLO(self, hostname: str) -> None:
        answer = await self.event_handler._chosen(self, "greet")
        if answer:
            await self.push(answer)
        else:
            await super().smtp_EHLO(hostname)

    async def smtp_DATA(self, arg: str) -> None:
        answer = await self.event_handler._chosen(self, "data")
        if answer:
            await self.push(answer)
        else:
            await super().smtp_DATA(arg)


@asynccontextmanager
async def mail_server(
    *,
    size: int = 33_554_432,
    context: ssl.SSLContext | None = None,
    tls_at_once: bool = False,
    auth: bool = False,
    folder: Path | None = None,
    server: MailServer | None = None,
) -> AsyncIterator[MailServer]:
    """Run a mail server while the context lasts; with a TLS context it offers STARTTLS, or speaks TLS at once.

    Mails are kept as files too where a folder is named; `server` may be one that answers otherwise.
    """
    server, loop = server or MailServer(folder=folder), asyncio.get_running_loop()

    def connection() -> SMTP:
        return _Connection(
            server,
            data_size_limit=size,
            hostname="mail.test",
            tls_context=None if tls_at_once else context,
            authenticator=server.authenticate if auth else None,
            auth_required=auth,
            loop=loop,
        )

    listening = await loop.create_server(connection, "127.0.0.1", 0, ssl=context if tls_at_once else None)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            if "SMTP._handle_client" in repr(task):
                task.cancel()
