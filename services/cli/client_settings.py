"""Settings of every command that calls a service, read without the modules that take longer than a command."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

from services.cli.errors import CommandFailed
from services.runtime.load_balancing import REPLICAS, check_addresses
from services.runtime.secret_files import SECRET, UnreadableSecret, secret_in_file

if TYPE_CHECKING:
    from services.runtime.tls import TlsSettings

OF_TLS = "TLS_"  # the first letters of their variables


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """Addresses of the services and credentials of the operator. What is empty is found in the data directory."""

    daybook_data_dir: Path = field(
        default=Path(".daybook"), metadata={"description": "Data directory of the stack; `daybook up` makes it"}
    )
    generation_address: str = field(
        default="", metadata={"description": f"Where generation is, {REPLICAS}; none: as the data directory says"}
    )
    rendering_address: str = field(
        default="", metadata={"description": f"Where rendering is, {REPLICAS}; none: as the data directory says"}
    )
    operator_token: str = field(
        default="", metadata={"description": "What operators show; none: the one in the data directory", **SECRET}
    )
    daybook_hash: str = field(
        default="", metadata={"description": "API key or session to call with, where `--hash` is not given"}
    )


def read_client(environment: Mapping[str, str] = os.environ) -> ClientSettings:
    """Return the settings that variables hold, or the file of a secret; an empty variable is not set.

    Raises CommandFailed that names the variable of an unfit file.
    """
    given = {one.name: environment.get(one.name.upper(), "") for one in fields(ClientSettings)}
    try:
        given["operator_token"] = secret_in_file("OPERATOR_TOKEN", environment) or given["operator_token"]
    except UnreadableSecret as error:
        raise CommandFailed(f"wrong settings: {error.variable}: {error}") from None
    found = {name: Path(value) if name == "daybook_data_dir" else value for name, value in given.items() if value}
    return ClientSettings(**found)  # type: ignore[arg-type]  # by name


def client_tls(environment: Mapping[str, str] = os.environ) -> TlsSettings | None:
    """Return the TLS settings of calls, None where none is set. Raises CommandFailed that names each wrong one."""
    if not any(value for name, value in environment.items() if name.startswith(OF_TLS)):
        return None
    from services.cli.settings import read
    from services.runtime.tls import TlsSettings

    return read(TlsSettings)


def check_client(settings: ClientSettings, tls: TlsSettings | None) -> None:
    """Raise CommandFailed that names an address that nothing can have."""
    for name in ("generation_address", "rendering_address"):
        address = getattr(settings, name)
        try:
            if address:
                check_addresses(address, tls)
        except ValueError as error:
            raise CommandFailed(f"wrong settings: {name.upper()}: {error}") from None
