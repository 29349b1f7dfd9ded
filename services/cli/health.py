"""`daybook health`: status of the parts of a running stack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from services.cli.client import find_access, run
from services.cli.client_settings import read_client
from services.cli.errors import CommandFailed
from services.cli.options import DataDirOption
from services.cli.output import print_json
from services.cli.stack.data_dir import DataDir
from services.cli.stack.parts import GATEWAY, NAMES, SERVING, Endpoint

if TYPE_CHECKING:
    from services.cli.font_check import MissingFonts
    from services.runtime.tls import TlsSettings

app = typer.Typer(add_completion=False)


@app.command()
def health(
    names: Annotated[list[str] | None, typer.Argument(metavar="[PART]...", help=f"Of {', '.join(NAMES)}.")] = None,
    data_dir: DataDirOption = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print whether each part can serve, scripts without a font, the mail server; exit code 1 unless all parts can.

    Asks the parts that are named, else every part whose address is known.
    """
    parts, tls = _known_parts(data_dir)
    missing = [name for name in names or () if name not in {part.name for part in parts}]
    if missing:
        raise CommandFailed(f"nobody says where {missing[0]} is: there are {', '.join(part.name for part in parts)}")
    from services.cli.font_check import missing_fonts
    from services.cli.mail_server_check import TOLD, mail_server_states
    from services.cli.stack.status import statuses_of

    states = run(statuses_of((part for part in parts if not names or part.name in names), tls))
    serving = [part for part, state in states.items() if state == SERVING]
    fonts, mails = run(missing_fonts(serving, tls)), run(mail_server_states(serving, tls))
    if as_json:
        facts = {
            part: {"address": part.address, "state": state, **_more(fonts.get(part), mails.get(part))}
            for part, state in states.items()
        }
        print_json({key: facts[part] for key, part in _keyed(states).items()})
    else:
        for part, state in states.items():
            print(f"{part.name} at {part.address}: {state}")
        told = [f"{part.name}: {missing.told}" for part, missing in fonts.items()]
        told += [f"{part.name}: {TOLD[state]}" for part, state in mails.items()]
        for line in dict.fromkeys(told):
            print(line)
    if set(states.values()) != {SERVING}:
        raise typer.Exit(1)


def _more(missing: MissingFonts | None, mail_server: str | None) -> dict[str, object]:
    """Return what JSON says of a part beside its address and its state."""
    fonts = {"scripts_without_font": [*missing.scripts]} if missing else {}
    return fonts | ({"mail_server": mail_server} if mail_server else {})


def _keyed(parts: Collection[Endpoint]) -> dict[str, Endpoint]:
    """Return the parts by name; replicas by name and address."""
    replicas = {name for name, count in Counter(part.name for part in parts).items() if count > 1}
    return {f"{part.name} at {part.address}" if part.name in replicas else part.name: part for part in parts}


def _known_parts(data_dir: Path | None) -> tuple[list[Endpoint], TlsSettings | None]:
    """Return the parts whose addresses the environment or the data directory holds, and the TLS settings of calls."""
    access = find_access(data_dir)
    found = DataDir(data_dir or read_client().daybook_data_dir).addresses()
    services = {"generation": access.generation, "rendering": access.rendering}
    parts = [Endpoint(name, one.strip()) for name, addresses in services.items() for one in addresses.split(",")]
    if found:
        url = urlsplit(found.gateway)
        parts.append(Endpoint(GATEWAY, url.netloc, https=url.scheme == "https"))
    return [part for part in parts if part.address], access.tls
