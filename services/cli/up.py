"""`daybook up`: the embedded stack in the foreground, until SIGINT, SIGTERM or the end of the terminal."""

from __future__ import annotations

import json
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.stack.data_dir import Addresses, DataDir

if TYPE_CHECKING:
    from services.cli.settings import StackSettings
    from services.cli.stack.process_specs import WantedPorts

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
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill a demo account once, and print where and how to sign in.")
    ] = False,
    with_mailbox: Annotated[
        bool,
        typer.Option(
            "--with-mailbox",
            help="Keep mails of scheduled reports in DATA_DIR/mailbox; so does --demo. Refused with SMTP_HOST.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print all addresses as one JSON object.")] = False,
) -> None:
    """Start MongoDB and the three services, print one line when all is healthy, and run until stopped."""
    import asyncio

    from services.cli.output import tell
    from services.cli.settings import StackSettings, read
    from services.cli.stack.mailbox import is_installed, make_mailbox
    from services.cli.stack.process_specs import WantedPorts

    settings = read(StackSettings)
    folder = DataDir(data_dir)
    folder.make()
    with_mailbox = with_mailbox or (demo and (bool(settings.smtp_host) or is_installed()))
    if with_mailbox:
        make_mailbox(folder.mailbox, settings.smtp_host)
    elif settings.smtp_host and not settings.public_url:
        tell("links in mails lead to this machine alone: PUBLIC_URL is not set")
    _log_to(folder.log("up"))
    wanted = WantedPorts(gateway_port, generation_port, rendering_port)
    run = partial(_run, folder, wanted, settings, demo=demo, as_json=as_json)
    asyncio.run(_with_mailbox(folder.mailbox if with_mailbox else None, run))


async def _with_mailbox(folder: Path | None, run: Callable[[Mapping[str, str]], Awaitable[None]]) -> None:
    from services.cli.stack.mailbox import mailbox

    async with mailbox(folder) as environment:
        await run(environment)


async def _run(
    folder: DataDir,
    wanted: WantedPorts,
    settings: StackSettings,
    environment: Mapping[str, str],
    *,
    demo: bool,
    as_json: bool,
) -> None:
    import asyncio

    from services.cli.stack.supervisor import run_stack

    async def stay(addresses: Addresses) -> None:
        log.info("ready %s", addresses.gateway)
        sign_in = await _demo_login(folder, addresses, settings) if demo else {}
        if as_json:
            print(json.dumps(asdict(addresses) | sign_in), flush=True)
        else:
            for part, url in addresses.metrics.items() if settings.metrics_listen else ():
                print(f"metrics of {part}: {url}")
            if environment:
                print(f"mails are kept in {folder.mailbox}")
            print(f"ready {addresses.gateway}", flush=True)
            if demo:
                print(f"open {addresses.gateway}/page/ and sign in: {_told(sign_in)}", flush=True)
        await asyncio.Event().wait()

    await until_signalled(run_stack(folder, wanted, settings, stay, environment))


async def _demo_login(folder: DataDir, addresses: Addresses, settings: StackSettings) -> dict[str, str]:
    """Return login and password of the demo account, which is filled at the first start."""
    from services.cli.client import Access
    from services.cli.demo_account import LOGIN, demo_password

    token = folder.operator_token() or ""
    access = Access(addresses.generation, addresses.rendering, token, settings.grpc_tls)
    return {"login": LOGIN, "password": await demo_password(access, folder)}


def _told(sign_in: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sign_in.items())


async def until_signalled(work: Coroutine[None, None, None]) -> bool:
    """Await the work, which SIGINT, SIGTERM or SIGHUP cancels and lets clean up. Return whether a signal came."""
    import asyncio

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


def _log_to(file: Path) -> None:
    handler = logging.FileHandler(file)  # appends, so that it may be rotated while it is open
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
