"""Stack of `daybook up`, on its embedded MongoDB or on a server of its own behind a link."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from services.cli.stack.data_dir import DataDir
from services.cli.stack.mongodb_user import uri_of
from services.cli.stack.ports import Ports
from services.cli.stack.process_reaper import ProcessReaper
from tests.chaos.clocks import Clock, compiled
from tests.chaos.disk import Disk
from tests.chaos.layout import CACHE_GB, Layout
from tests.chaos.network_faults import Link
from tests.chaos.parts import Child, Part, end_all
from tests.chaos.replicas import mongodb_command

COMMAND = str(Path(sys.executable).with_name("daybook"))
PORTS = ("gateway", "generation", "rendering")
CHILDREN = {"gateway": "gateway", "generation": "services.generation", "rendering": "services.rendering"}
ENDS = {"client-gateway": "gateway", "operator-generation": "generation"}
STORE_LINK = "generation-mongodb"
ENDS_WITHIN_S = 20.0


@asynccontextmanager
async def laid_out(folder: Path, disk: Disk, *, is_embedded: bool) -> AsyncIterator[Layout]:
    """Give a running stack, its data on the disk and its log in the folder. All of it ends with the block."""
    data_dir = DataDir(disk.path / "daybook")
    data_dir.make()
    ports = Ports(dict.fromkeys((*PORTS, *(() if is_embedded else ("mongodb",))), 0))
    clock = Clock.of("up", folder, compiled(folder))
    async with AsyncExitStack() as held:
        held.callback(ports.close)
        reaper = await held.enter_async_context(ProcessReaper(folder / "parts.json"))
        ends = ENDS if is_embedded else {**ENDS, STORE_LINK: "mongodb"}
        links = {name: await held.enter_async_context(Link(ports.number(end))) for name, end in ends.items()}
        environment = {"MONGOD_CACHE_GB": str(CACHE_GB), **clock.environment}
        own = []
        if not is_embedded:
            environment["MONGODB_URI"] = f"mongodb://{links[STORE_LINK].address}"
            command = mongodb_command(disk.path / "db", ports.number("mongodb"))
            own.append(Part("mongodb", command, {}, folder / "mongodb.log", reaper))
        up = Part("up", _command(data_dir, ports), environment, folder / "up.log", reaper, ENDS_WITHIN_S)
        runs = [asyncio.create_task(part.run()) for part in (*own, up)]
        held.push_async_callback(end_all, runs)
        children = {name: Child(up, known_by) for name, known_by in CHILDREN.items()}
        parts = {"up": up, "mongodb": own[0] if own else Child(up, "mongod"), **children}

        def database() -> str:
            """Return the URI of the store. Raises LookupError while none is known."""
            if not is_embedded:
                return f"mongodb://{ports.address('mongodb')}/?directConnection=true"
            if (addresses := data_dir.addresses()) is None:
                raise LookupError
            return uri_of(addresses.mongodb.removeprefix("mongodb://"), data_dir.mongodb_password())

        layout = Layout(parts, links, {"up": clock}, disk, ports, lambda: data_dir.operator_token() or "", database)
        await layout.until_healthy()
        yield layout


def _command(data_dir: DataDir, ports: Ports) -> tuple[str, ...]:
    options = [word for name in PORTS for word in (f"--{name}-port", str(ports.number(name)))]
    return (COMMAND, "up", "--data-dir", str(data_dir.path), *options)
