"""`daybook up`: the embedded stack in the foreground, until SIGINT, SIGTERM or the end of the terminal."""

import asyncio
import json
import logging
import signal
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from services.cli.settings import StackSettings, read
from services.cli.stack.data_dir import Addresses, DataDir
from services.cli.stack.process_specs import WantedPorts
from services.cli.stack.supervisor import run_stack

log = logging.getLogger("daybook.up")

app = typer.Typer(add_completion=False)

DataDirOption = Annotated[
    Path, typer.Option("--data-dir", envvar="DAYBOOK_DATA_DIR", help="Where data, logs and the operator token live.")
]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 for any free one.")]


@app.command()
def up(
    data_dir: DataDirOption = Path(".daybook"),
    gateway_port: Port = 8080,
    generation_port: Port = 50051,
    rendering_port: Port = 50052,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print all addresses as one JSON object.")] = False,
) -> None:
    """Start MongoDB and the three services, print one line when all is healthy, and run until stopped."""
    settings = read(StackSettings)
    folder = DataDir(data_dir)
    folder.make()
    _log_to(folder)
    wanted = WantedPorts(gateway_port, generation_port, rendering_port)
    asyncio.run(_run(folder, wanted, settings, as_json=as_json))


async def _run(folder: DataDir, wanted: WantedPorts, settings: StackSettings, *, as_json: bool) -> None:
    async def stay(addresses: Addresses) -> None:
        log.info("ready %s", addresses.gateway)
        print(json.dumps(asdict(addresses)) if as_json else f"ready {addresses.gateway}", flush=True)
        await asyncio.Event().wait()

    await until_signalled(run_stack(folder, wanted, settings, stay))


async def until_signalled(work: Coroutine[None, None, None]) -> bool:
    """Await the work, which SIGINT, SIGTERM or SIGHUP cancels and lets clean up. Return whether a signal came."""
    task = asyncio.ensure_future(work)
    came = asyncio.Event()

    def stop() -> None:
        if not came.is_set():  # a second signal must not break off the orderly end
            came.set()
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup means it
            loop.add_signal_handler(number, stop)
    with suppress(asyncio.CancelledError):
        await task
    return came.is_set()


def _log_to(folder: DataDir) -> None:
    folder.rotate_log("up")
    handler = logging.FileHandler(folder.log("up"))
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
