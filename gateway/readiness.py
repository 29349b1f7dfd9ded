"""Readiness: which of the services behind the gateway do not serve now."""

import asyncio
import time
from collections.abc import Mapping

from aiohttp import web
from grpc.aio import Channel

from services.runtime.health_check import is_serving

KNOWN_S = 1.0  # how long an answer is good: strangers may ask often
WITHIN_S = 3.0


class Readiness:
    """Health of services by part: the channel to it, and the name of the service that counts."""

    def __init__(self, parts: Mapping[str, tuple[Channel, str]]) -> None:
        self._parts = parts
        self._lock = asyncio.Lock()
        self._known: tuple[float, list[str]] | None = None

    async def missing(self) -> list[str]:
        """Return the parts that do not serve. Those who ask at the same time share the answer."""
        async with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > KNOWN_S:
                serving = await asyncio.gather(*(is_serving(*part, WITHIN_S) for part in self._parts.values()))
                self._known = (
                    time.monotonic(),
                    [name for name, serves in zip(self._parts, serving, strict=True) if not serves],
                )
            return self._known[1]


READINESS = web.AppKey("readiness", Readiness)
