"""Layout of the stack of a chaos test: its parts, the links between them that can be harmed, and their clocks."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from services.cli.stack.parts import GENERATION, RENDERING
from services.cli.stack.ports import Ports
from services.cli.stack.status import answers_http, answers_mongodb, is_serving
from services.runtime.tls import TlsSettings
from tests.chaos.clocks import Clock
from tests.chaos.disk import Disk
from tests.chaos.network_faults import Link
from tests.chaos.parts import Family
from tests.chaos.timeouts import Progress, until

CACHE_GB = 0.25
HEALTHY_WITHIN_S = 200.0
PLAINTEXT = TlsSettings()


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts, the links between them, and what an operator needs to reach it.

    Links are called by their ends: "gateway-generation-1" is the gateway's way to the first generation service. Parts
    without replicas are called by their bare names. `database` tells the URI of the store itself, past all links.
    """

    parts: Mapping[str, Family]
    links: Mapping[str, Link]
    clocks: Mapping[str, Clock]
    disk: Disk
    ports: Ports
    operator_token: Callable[[], str]
    database: Callable[[], str]
    replicas: tuple[int, ...] = ()

    @property
    def gateway(self) -> str:
        """The gateway's URL as clients know it, behind their link."""
        return f"http://{self.links['client-gateway'].address}"

    @property
    def generation(self) -> str:
        """Where operators find generation: an address for each replica."""
        way = "gateway-generation" if self.replicas else "operator-generation"
        return ",".join(self.links[name].address for name in self.named(way))

    def named(self, kind: str) -> list[str]:
        """Return the names of a part, or a link, one for each replica of it."""
        known = {*self.parts, *self.links}
        if kind in known:
            return [kind]
        names = (f"{kind}-{one}" for one in self.replicas)
        middle = (kind.replace("generation-", f"generation-{one}-", 1) for one in self.replicas)
        return [name for name in (*names, *middle) if name in known]

    async def health(self) -> list[bool]:
        """Return of every part whether it is ready for work, as clients see it too."""
        asked: list[Awaitable[bool]] = [
            is_serving(self.ports.address(part), service, PLAINTEXT)
            for kind, service in (("generation", GENERATION), ("rendering", RENDERING))
            for part in self.named(kind)
        ]
        asked.append(answers_http(self.links["client-gateway"].address, "/ready"))
        asked.append(self._is_stored())
        return await asyncio.gather(*asked)

    async def _is_stored(self) -> bool:
        try:
            uri = self.database()
        except LookupError:  # a stack that is not up yet has told no address
            return False
        return await answers_mongodb(uri.removeprefix("mongodb://").rpartition("@")[2].partition("/")[0])

    async def until_healthy(self) -> None:
        """Wait until all is ready. Raises TimeoutError when nothing becomes so for long."""
        progress, known = Progress(HEALTHY_WITHIN_S), set[int]()

        async def is_healthy() -> bool:
            found = await self.health()
            ready = {place for place, one in enumerate(found) if one}
            if ready - known:
                progress.note()
                known.update(ready)
            return all(found)

        if not await until(is_healthy, progress):
            raise TimeoutError
