"""Kinds of reports as the page shows them; they are the same for all accounts, so that each locale is asked once."""

import asyncio
import time
from dataclasses import dataclass, field

from daybook.generation.v1.generation_service_pb2 import KindInfo, ListKindsRequest

from gateway.clients import Caller, Services

KEPT_S = 60.0  # a service that was replaced may have other kinds


@dataclass(slots=True)
class KindList:
    """Kinds by locale, with the moment at which they were read."""

    _known: dict[str, tuple[float, list[KindInfo]]] = field(default_factory=dict)
    _reading: dict[str, asyncio.Task[list[KindInfo]]] = field(default_factory=dict)

    async def of(self, services: Services, locale: str) -> list[KindInfo]:
        """Return all kinds with texts in a locale. Those who ask at the same time share the answer, or the failure."""
        read_s, kinds = self._known.get(locale, (0.0, []))
        if kinds and time.monotonic() - read_s <= KEPT_S:
            return kinds
        reading = self._reading.get(locale)
        if reading is None:
            reading = self._reading[locale] = asyncio.create_task(self._read(services, locale))
            reading.add_done_callback(lambda _: self._reading.pop(locale))
        return await asyncio.shield(reading)

    async def _read(self, services: Services, locale: str) -> list[KindInfo]:
        pages = services.pages(services.generation.ListKinds, ListKindsRequest(locale=locale), Caller())
        kinds = [kind async for page in pages for kind in page.kinds]
        self._known[locale] = time.monotonic(), kinds
        return kinds
