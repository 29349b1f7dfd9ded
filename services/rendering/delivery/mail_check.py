"""Check whether the mail server can be used, at most once in 30 s, whoever asks."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Iterator

from aiosmtplib import SMTPConnectError, SMTPException, SMTPResponseException, SMTPServerDisconnected, SMTPTimeoutError
from daybook.rendering.v1.rendering_service_pb2 import (
    MAIL_SERVER_STATE_NONE,
    MAIL_SERVER_STATE_READY,
    MAIL_SERVER_STATE_REFUSED,
    MAIL_SERVER_STATE_UNREACHABLE,
    MAIL_SERVER_STATE_UNTRUSTED,
    MailServerState,
)

from services.rendering.delivery.smtp import FAULTS, SmtpClient

KEPT_S = 30.0
ANSWER_WITHIN_S = 10.0
AWAY = (SMTPConnectError, SMTPServerDisconnected, SMTPTimeoutError, OSError, TimeoutError)


class MailServerCheck:
    """Fills the port MailServer; the client is None where there is none. Calls at one time wait for one connection."""

    def __init__(self, client: SmtpClient | None, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock_s = clock_s
        self._lock = asyncio.Lock()
        self._known: tuple[float, MailServerState.ValueType] | None = None

    async def state(self) -> MailServerState.ValueType:
        """Return the state of the mail server."""
        if self._client is None:
            return MAIL_SERVER_STATE_NONE
        async with self._lock:
            if self._known is None or self._clock_s() >= self._known[0]:
                state = await _state_of(self._client)
                self._known = (self._clock_s() + KEPT_S, state)
            return self._known[1]


async def _state_of(client: SmtpClient) -> MailServerState.ValueType:
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            await client.check()
    except FAULTS as fault:
        return _state_after(fault)
    return MAIL_SERVER_STATE_READY


def _state_after(fault: BaseException) -> MailServerState.ValueType:
    if any(isinstance(one, ssl.SSLError) for one in _causes(fault)):
        return MAIL_SERVER_STATE_UNTRUSTED
    if isinstance(fault, SMTPResponseException):
        return MAIL_SERVER_STATE_REFUSED
    if isinstance(fault, AWAY):
        return MAIL_SERVER_STATE_UNREACHABLE
    without_tls = isinstance(fault, SMTPException) and "STARTTLS extension" in str(fault)  # not offered
    return MAIL_SERVER_STATE_UNTRUSTED if without_tls else MAIL_SERVER_STATE_REFUSED


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__
