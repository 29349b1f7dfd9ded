"""Stack of two of each service, each a process of its own, with a link on every way between them."""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import MappingProxyType

from services.cli import mongod
from services.cli.stack.ports import Ports
from services.cli.stack.process_reaper import ProcessReaper
from tests.chaos.clocks import Clock, compiled
from tests.chaos.disk import Disk
from tests.chaos.layout import CACHE_GB, Layout
from tests.chaos.network_faults import Link
from tests.chaos.parts import Part, end_all

REPLICAS = (1, 2)
NAMED = 1  # this one takes up at its start what it left behind, the other one's reports wait for their leases
SHORT_LEASES = {"LEASE_SECONDS": "3", "HEARTBEAT_SECONDS": "1"}


@asynccontextmanager
async def laid_out(folder: Path, disk: Disk, more: Mapping[str, str] = MappingProxyType({})) -> AsyncIterator[Layout]:
    """Give a running stack, its logs in the folder and its data on the disk. All of it ends with the block.

    `more` is told to every part.
    """
    names = ["mongodb", "gateway", *(f"{name}-{one}" for name in ("generation", "rendering") for one in REPLICAS)]
    ports = Ports(dict.fromkeys(names, 0))
    token, library = secrets.token_hex(16), compiled(folder)
    clocks = {name: Clock.of(name, folder, library) for name in names}
    async with AsyncExitStack() as held:
        held.callback(ports.close)
        reaper = await held.enter_async_context(ProcessReaper(folder / "parts.json"))
        links = {name: await held.enter_async_context(Link(ports.number(end))) for name, end in _ends().items()}
        told = _environments(ports, links, token)
        parts = {
            name: Part(
                name,
                _command(name, disk, ports),
                {**told[name], **more, **clocks[name].environment},
                folder / f"{name}.log",
                reaper,
            )
            for name in names
        }
        runs = [asyncio.create_task(part.run()) for part in parts.values()]
        held.push_async_callback(end_all, runs)
        uri = f"mongodb://{ports.address('mongodb')}/?directConnection=true"
        layout = Layout(parts, links, clocks, disk, ports, lambda: token, lambda: uri, REPLICAS)
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
            "WORKER_NAME": f"generation-{one}" if one == NAMED else "",
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
        return mongodb_command(disk.path / "db", ports.number(name))
    modules = {"gateway": "gateway", "generation": "services.generation", "rendering": "services.rendering"}
    return (sys.executable, "-m", modules[name.partition("-")[0]])


def mongodb_command(data: Path, port: int) -> Sequence[str]:
    """Return the command line of a server of MongoDB with its data in a new folder."""
    data.mkdir()
    return mongod.command(mongod.find_mongod(), data, mongod.on_loopback(port, auth=False), CACHE_GB)
