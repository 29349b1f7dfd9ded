"""Webhooks: notices signed by the rules of Standard Webhooks, posted to public addresses only."""

import asyncio
import base64
import hashlib
import hmac
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from aiohttp import ClientError, ClientResponse, ClientSession, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from daybook.schedule.v1.schedule_pb2 import OUTCOME_FAILED, OUTCOME_RETRY, OUTCOME_SENT
from yarl import URL

from services.rendering.delivery.outcome import DeliveryOutcome, plain_text, told
from services.rendering.delivery.public_addresses import addresses_of, is_public

MAX_URL = 2_000
MAX_ANSWER_BYTES = 1_024  # that are read
MAX_RETRY_AFTER_S = 180 * 60.0
TIMEOUT_S = 10.0  # of a notice, the look-up of the name included
SECRET_PREFIX = "whsec_"  # noqa: S105 - a name
OK, REDIRECT, BROKEN = 2, 3, 5  # hundreds of status codes
PASSING = (408, 425, 429)

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Notice:
    """Notice to post: its id, the same in every try, its JSON, and the secrets that sign it, `whsec_` and base64."""

    webhook_id: str
    body: bytes
    secrets: Sequence[str]


class WebhookClient:
    """Poster of notices, each over a connection of its own to an address that was checked.

    With `allow_private` addresses of private networks and plain HTTP are let through. `clock` tells the Unix time.
    """

    def __init__(self, *, allow_private: bool = False, clock: Clock = time.time) -> None:
        self._allow_private = allow_private
        self._clock = clock

    async def send(self, url: str, notice: Notice) -> DeliveryOutcome:
        """Post a notice and return the outcome.

        A 2xx is sent; 408, 425, 429, 5xx and faults of the connection may be tried again, after the time that
        `Retry-After` asks for, at most three hours; everything else is final. Redirects are not followed.
        """
        try:
            target = self._checked(url)
            async with asyncio.timeout(TIMEOUT_S):
                addresses = await addresses_of(target.raw_host or "", target.port or 0)
                self._check(addresses)
                return await self._post(target, addresses, notice)
        except RefusedUrl as refusal:
            return DeliveryOutcome(OUTCOME_FAILED, text=str(refusal))
        except UnicodeError:  # of a name that no name server could be asked for
            return DeliveryOutcome(OUTCOME_FAILED, text="the URL is malformed")
        except TimeoutError:
            return DeliveryOutcome(OUTCOME_RETRY, text=f"no answer within {TIMEOUT_S:g} s")
        except (ClientError, OSError) as fault:
            return DeliveryOutcome(OUTCOME_RETRY, text=told(fault))

    def _checked(self, url: str) -> URL:
        try:
            target = URL(url)
            fits = bool(target.raw_host and target.port) and target.raw_user is None and len(url) <= MAX_URL
        except ValueError:
            raise RefusedUrl("the URL is malformed") from None
        if not fits or target.scheme not in ("https", *(("http",) if self._allow_private else ())):
            raise RefusedUrl(f"the URL must begin with https://, without a user, at most {MAX_URL} characters")
        return target

    def _check(self, addresses: Sequence[str]) -> None:
        if not self._allow_private and not all(map(is_public, addresses)):
            raise RefusedUrl("the host is not on the public internet")

    async def _post(self, target: URL, addresses: Sequence[str], notice: Notice) -> DeliveryOutcome:
        connector = TCPConnector(resolver=_Pinned(addresses), use_dns_cache=False, force_close=True)
        async with (
            ClientSession(connector=connector, cookie_jar=DummyCookieJar(), auto_decompress=False) as session,
            session.post(
                target, data=notice.body, headers=signed_headers(notice, self._clock()), allow_redirects=False
            ) as response,
        ):
            answer = await response.content.read(MAX_ANSWER_BYTES)
            response.close()  # however much more there is
            return self._outcome(response, answer)

    def _outcome(self, response: ClientResponse, answer: bytes) -> DeliveryOutcome:
        code, text = response.status, plain_text(answer.decode(errors="replace")) or plain_text(response.reason or "")
        if code // 100 == OK:
            return DeliveryOutcome(OUTCOME_SENT, code, text)
        if code // 100 == REDIRECT:
            return DeliveryOutcome(OUTCOME_FAILED, code, "redirects are not followed")
        if code in PASSING or code // 100 == BROKEN:
            return DeliveryOutcome(
                OUTCOME_RETRY, code, text, retry_after_s(response.headers.get("Retry-After"), self._clock())
            )
        return DeliveryOutcome(OUTCOME_FAILED, code, text)


class RefusedUrl(Exception):
    """A URL to which nothing is posted; the text says why."""


class _Pinned(AbstractResolver):
    """Resolver that knows the addresses of one name, as they were checked."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses that were checked, whatever the name stands for by now."""
        del family
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in self._addresses
        ]

    async def close(self) -> None:
        """Hold nothing."""


def signed_headers(notice: Notice, now_s: float) -> dict[str, str]:
    """Return the headers of a notice posted at a Unix time, with a signature by each secret.

    Standard Webhooks: HMAC-SHA256 over `{id}.{timestamp}.{body}`, in base64 behind `v1,`, a space between signatures.
    """
    timestamp = str(int(now_s))
    signed = b".".join((notice.webhook_id.encode(), timestamp.encode(), notice.body))
    keys = (base64.b64decode(secret.removeprefix(SECRET_PREFIX)) for secret in notice.secrets)
    signatures = (base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in keys)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Daybook",
        "webhook-id": notice.webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def retry_after_s(header: str | None, now_s: float) -> float | None:
    """Return the seconds that a `Retry-After` asks for, a number or a date, at most three hours; None without."""
    if not header:
        return None
    if header.strip().isdecimal():
        return min(float(header), MAX_RETRY_AFTER_S)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    wait_s = (moment - datetime.fromtimestamp(now_s, UTC)).total_seconds()
    return min(max(wait_s, 0.0), MAX_RETRY_AFTER_S)
