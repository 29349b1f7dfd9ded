"""Layout of the stack of a chaos test: two of each service, with a link that can be harmed on every way."""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from services.cli import mongod
from services.cli.stack.ports import Ports
from services.cli.stack.process_reaper import ProcessReaper
from services.cli.stack.status import GENERATION, RENDERING, answers_http, answers_mongodb, is_serving
from services.runtime.tls import TlsSettings
from tests.chaos.disk import Disk
from tests.chaos.network_faults import Link
from tests.chaos.parts import Part
from tests.chaos.timeouts import until

REPLICAS = (1, 2)
CACHE_GB = 0.25
HEALTHY_WITHIN_S = 90.0
PLAINTEXT = TlsSettings()
SHORT_LEASES = {"LEASE_SECONDS": "3", "HEARTBEAT_SECONDS": "1"}


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts, the links between them, and what an operator needs to reach it.

    Links are called by their ends: "gateway-generation-1" is the gateway's way to the first generation service.
    """

    parts: Mapping[str, Part]
    links: Mapping[str, Link]
    disk: Disk
    ports: Ports
    operator_token: str

    @property
    def gateway(self) -> str:
        """The gateway's URL as clients know it, behind their link."""
        return f"http://{self.links['client-gateway'].address}"

    @property
    def generation(self) -> str:
        """Where operators find generation: an address for each replica."""
        return _replicas(self.links, "gateway-generation")

    @property
    def mongodb(self) -> str:
        """The URI of the store itself, past all links."""
        return f"mongodb://{self.ports.address('mongodb')}/?directConnection=true"

    async def is_healthy(self) -> bool:
        """Say whether every part is ready for work, as clients see it too."""
        services = [is_serving(self.ports.address(f"generation-{one}"), GENERATION, PLAINTEXT) for one in REPLICAS]
        services += [is_serving(self.ports.address(f"rendering-{one}"), RENDERING, PLAINTEXT) for one in REPLICAS]
        gateway = answers_http(self.links["client-gateway"].address, "/health")
        return all(await asyncio.gather(answers_mongodb(self.ports.address("mongodb")), *services, gateway))

    async def until_healthy(self) -> None:
        """Wait until all is ready. Raises TimeoutError."""
        if not await until(self.is_healthy, HEALTHY_WITHIN_S):
            raise TimeoutError


@asynccontextmanager
async def laid_out(folder: Path, disk: Disk) -> AsyncIterator[Layout]:
    """Give a running stack, its logs in the folder and its data on the disk. All of it ends with the block."""
    names = ["mongodb", "gateway", *(f"{name}-{one}" for name in ("generation", "rendering") for one in REPLICAS)]
    ports = Ports(dict.fromkeys(names, 0))
    token = secrets.token_hex(16)
    async with AsyncExitStack() as held:
        held.callback(ports.close)
        reaper = await held.enter_async_context(ProcessReaper(folder / "parts.json"))
        links = {name: await held.enter_async_context(Link(ports.number(end))) for name, end in _ends().items()}
        environments = _environments(ports, links, token)
        parts = {
            name: Part(name, _command(name, disk, ports), environments[name], folder / f"{name}.log", reaper)
            for name in names
        }
        runs = [asyncio.create_task(part.run()) for part in parts.values()]
        held.push_async_callback(_end, runs)
        layout = Layout(parts, links, disk, ports, token)
        await layout.until_healthy()
        yield layout


def _ends() -> dict[str, str]:
    """Return the part that each link leads to, by the link's name."""
    ends = {"client-gateway": "gateway"}
    for one in REPLICAS:
        ends |= {
            f"gateway-generation-{one}": f"generation-{one}",
            f"gateway-rendering-{one}": f"rendering-{one}",
            f"rendering-generation-{one}": f"generation-{one}",
            f"generation-{one}-mongodb": "mongodb",
        }
    return ends


def _replicas(links: Mapping[str, Link], way: str) -> str:
    """Return the addresses of all replicas on a way, as the settings take them."""
    return ",".join(links[f"{way}-{one}"].address for one in REPLICAS)


def _environments(ports: Ports, links: Mapping[str, Link], token: str) -> dict[str, dict[str, str]]:
    """Return what each part is told."""
    told: dict[str, dict[str, str]] = {"mongodb": {}}
    for one in REPLICAS:
        told[f"generation-{one}"] = {
            "GENERATION_LISTEN": ports.address(f"generation-{one}"),
            "MONGODB_URI": f"mongodb://{links[f'generation-{one}-mongodb'].address}",
            "OPERATOR_TOKEN": token,
            **SHORT_LEASES,
        }
        told[f"rendering-{one}"] = {
            "RENDERING_LISTEN": ports.address(f"rendering-{one}"),
            "GENERATION_ADDRESS": _replicas(links, "rendering-generation"),
        }
    told["gateway"] = {
        "GATEWAY_LISTEN": ports.address("gateway"),
        "GENERATION_ADDRESS": _replicas(links, "gateway-generation"),
        "RENDERING_ADDRESS": _replicas(links, "gateway-rendering"),
    }
    return told


def _command(name: str, disk: Disk, ports: Ports) -> Sequence[str]:
    """Return the command line of a part."""
    if name == "mongodb":
        data = disk.path / "db"
        data.mkdir()
        return mongod.command(mongod.find_mongod(), data, ports.number(name), CACHE_GB)
    modules = {"gateway": "gateway", "generation": "services.generation", "rendering": "services.rendering"}
    return (sys.executable, "-m", modules[name.partition("-")[0]])


async def _end(runs: list[asyncio.Task[None]]) -> None:
    for run in runs:
        run.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*runs, return_exceptions=True)
