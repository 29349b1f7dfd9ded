"""State of the mail server of scheduled reports, as rendering tells it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import grpc
from daybook.rendering.v1.rendering_service_pb2 import CheckMailServerRequest, MailServerState
from daybook.rendering.v1.rendering_service_pb2_grpc import RenderingServiceStub

from services.cli.stack.parts import RENDERING_PART, Endpoint
from services.runtime.channel import open_channel
from services.runtime.enum_words import words_of
from services.runtime.tls import TlsSettings

ANSWER_WITHIN_S = 15.0  # of which the mail server has 10
TOLD: Mapping[str, str] = {
    "none": "no mail server: mails of scheduled reports are skipped (SMTP_HOST)",
    "ready": "mail server ready",
    "unreachable": "mail server cannot be reached (SMTP_HOST, SMTP_PORT)",
    "untrusted": "mail server without trusted encryption (SMTP_SECURITY, SMTP_CA)",
    "refused": "mail server refuses the connection or the credentials (SMTP_USERNAME, SMTP_PASSWORD)",
}


async def mail_server_states(endpoints: Sequence[Endpoint], tls: TlsSettings | None) -> dict[Endpoint, str]:
    """Return states of the mail server, keys of TOLD, by servers of rendering; those that do not tell are left out."""
    asked = [endpoint for endpoint in endpoints if endpoint.name == RENDERING_PART]
    answers = await asyncio.gather(*(_state(endpoint, tls) for endpoint in asked))
    return {endpoint: state for endpoint, state in zip(asked, answers, strict=True) if state in TOLD}


async def _state(endpoint: Endpoint, tls: TlsSettings | None) -> str:
    async with open_channel(endpoint.address, tls) as channel:
        call = RenderingServiceStub(channel).CheckMailServer
        try:
            answer = await call(CheckMailServerRequest(), timeout=ANSWER_WITHIN_S)
        except grpc.aio.AioRpcError:  # of a version that does not know
            return ""
    return words_of(MailServerState.DESCRIPTOR).get(answer.state, "")
