"""Data directory of a stack: data, logs, operator token, locks and the addresses of its parts."""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from services.cli.errors import CommandFailed
from services.cli.output import write_private
from services.cli.settings import read
from services.runtime.tls import TlsSettings

Published = TypeVar("Published")

LOG_LIMIT_BYTES = 10 * 1024 * 1024
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
        self.up_lock = self.path / "up.lock"
        self.parts_lock = self.path / "parts.lock"
        self.parts_file = self.path / "parts.json"
        self._stack_file = self.path / "stack.json"
        self._token_file = self.path / "operator-token"

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

    def rotate_log(self, name: str) -> None:
        """Begin a new log when the last has grown past 10 MB; the log before it is kept as `.1`."""
        log = self.log(name)
        if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(log.with_suffix(".log.1"))

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
        """Return the TLS settings of the stack, None as `addresses` does. Raises CommandFailed for unfit files."""
        return self._read_stack(lambda stack: read(TlsSettings, **stack["tls"]))

    def _read_stack(self, understand: Callable[[Any], Published]) -> Published | None:
        try:
            return understand(json.loads(self._stack_file.read_text()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandFailed(f"cannot read {self._stack_file}: {error}") from error
