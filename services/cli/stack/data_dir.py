"""Data directory of a stack: data, logs, operator token, locks and the addresses of its parts."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from services.cli.errors import CommandFailed
from services.cli.output import write_private

if TYPE_CHECKING:  # most stacks do without, and it takes longer than a command
    from services.runtime.tls import TlsSettings

Published = TypeVar("Published")

TOKEN_LIMIT = 512  # characters that the services take


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses of a running stack: gateway, MongoDB and metrics as URLs, the services as host:port."""

    gateway: str
    generation: str
    rendering: str
    mongodb: str
    metrics: Mapping[str, str] = field(default_factory=dict)


class DataDir:
    """The paths below one data directory, which only its owner may enter."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.logs = self.path / "logs"
        self.mongodb = self.path / "mongodb"
        self.mailbox = self.path / "mailbox"
        self.up_lock = self.path / "up.lock"
        self.parts_lock = self.path / "parts.lock"
        self.parts_file = self.path / "parts.json"
        self._stack_file = self.path / "stack.json"
        self._token_file = self.path / "operator-token"
        self._worker_name_file = self.path / "worker-name"

    def make(self) -> None:
        """Create what is missing. Raises CommandFailed when the folder cannot be made or written."""
        try:
            for folder in (self.path, self.logs, self.mongodb):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CommandFailed(f"cannot use {self.path} as data directory: {error.strerror}") from error
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise CommandFailed(f"cannot use {self.path} as data directory: it is not writable")

    def log(self, name: str) -> Path:
        """Return the log file of a part."""
        return self.logs / f"{name}.log"

    def operator_token(self) -> str | None:
        """Return the operator token, None when no stack was ever started here."""
        try:
            return self._token_file.read_text(encoding="utf-8", errors="replace").strip() or None
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CommandFailed(f"cannot read {self._token_file}: {error.strerror}") from error

    def keep_operator_token(self, wanted: str = "") -> str:
        """Return the operator token, made on first use; a wanted token takes its place.

        Raises CommandFailed, and changes nothing, when calls cannot carry it.
        """
        kept = self.operator_token()
        token = wanted or kept or secrets.token_hex(32)
        if not (token.isascii() and token.isprintable() and " " not in token and len(token) <= TOKEN_LIMIT):
            place = "OPERATOR_TOKEN" if wanted else f"the token in {self._token_file}"
            raise CommandFailed(f"{place} must be 1 to {TOKEN_LIMIT} printable ASCII characters without spaces")
        if token != kept:
            write_private(self._token_file, token + "\n")
        return token

    def gateway_secret(self) -> str:
        """Return what the gateway shows to the services, made on first use. Raises CommandFailed."""
        return self._secret("gateway-secret")

    def delivery_token(self) -> str:
        """Return what rendering shows to be given deliveries, made on first use. Raises CommandFailed."""
        return self._secret("delivery-token")

    def mongodb_password(self) -> str:
        """Return the password of the embedded MongoDB server, made on first use. Raises CommandFailed."""
        return self._secret("mongodb-password")

    def _secret(self, name: str) -> str:
        """Return the secret in a file that only its owner may read, made on first use. Raises CommandFailed."""
        file = self.path / name
        try:
            kept = file.read_text(encoding="ascii", errors="replace").strip() if file.exists() else ""
        except OSError as error:
            raise CommandFailed(f"cannot read {file}: {error.strerror}") from error
        if not kept.isalnum():
            kept = secrets.token_hex(32)
            write_private(file, kept + "\n")
        return kept

    def keep_worker_name(self) -> str:
        """Return the name under which this directory's generation claims reports, made on first use."""
        try:
            name = self._worker_name_file.read_text(encoding="ascii", errors="replace").strip()
        except FileNotFoundError:
            name = ""
        if not name.isalnum():
            name = secrets.token_hex(8)
            write_private(self._worker_name_file, name + "\n")
        return name

    def publish(self, addresses: Addresses, tls: TlsSettings) -> None:
        """Write the addresses and the TLS settings of the stack for other commands."""
        files = {name: str(value.absolute()) if isinstance(value, Path) else value for name, value in tls}
        write_private(self._stack_file, json.dumps({**asdict(addresses), "tls": files, "pid": os.getpid()}) + "\n")

    def retract(self) -> None:
        """Remove what `publish` wrote."""
        self._stack_file.unlink(missing_ok=True)

    def addresses(self) -> Addresses | None:
        """Return the addresses of the stack, None when none was started or it ended in order."""
        names = (field.name for field in fields(Addresses))
        return self._read_stack(lambda stack: Addresses(*(stack[name] for name in names)))

    def tls(self) -> TlsSettings | None:
        """Return the TLS settings of the stack, None without. Raises CommandFailed for unfit files."""
        return self._read_stack(lambda stack: _encrypted(stack["tls"]))

    def _read_stack(self, understand: Callable[[Any], Published]) -> Published | None:
        try:
            return understand(json.loads(self._stack_file.read_text()))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CommandFailed(f"cannot read {self._stack_file}: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise CommandFailed(f"cannot read {self._stack_file}: daybook up did not write it so") from error


def _encrypted(files: Mapping[str, Any]) -> TlsSettings | None:
    if not files.get("tls_authority"):
        return None
    from services.cli.settings import read
    from services.runtime.tls import TlsSettings

    return read(TlsSettings, **files)
