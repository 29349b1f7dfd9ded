"""Ports of a stack on loopback."""

import socket
import sys
from collections.abc import Mapping

from services.cli.errors import CommandFailed

HOST = "127.0.0.1"


class Ports:
    """The ports of a stack, by part. On Linux they stay reserved while their parts are down; close it at the end."""

    def __init__(self, wanted: Mapping[str, int], options: Mapping[str, str] | None = None) -> None:
        """Take the ports wanted, 0 for any, which these options and settings choose.

        Raises CommandFailed that names the option when a port is taken or not allowed.
        """
        self._options = options or {}
        self._held: list[socket.socket] = []
        self._numbers: dict[str, int] = {}
        try:
            for name, number in wanted.items():
                self._numbers[name] = self._take(name, number)
        except CommandFailed:
            self.close()
            raise
        if sys.platform != "linux":  # elsewhere no process can listen on a port that another socket is bound to
            self.close()

    def address(self, name: str) -> str:
        """Return host:port of a part."""
        return f"{HOST}:{self._numbers[name]}"

    def number(self, name: str) -> int:
        """Return the port of a part."""
        return self._numbers[name]

    def close(self) -> None:
        """Give up the reservation."""
        for held in self._held:
            held.close()
        self._held.clear()

    def _take(self, name: str, number: int) -> int:
        held = socket.socket()
        self._held.append(held)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # bound and not listening, it lets the part listen
        try:
            held.bind((HOST, number))
        except (OSError, OverflowError) as error:
            why = error.strerror if isinstance(error, OSError) else "no such port"
            option = self._options.get(name)
            advice = f": choose another by {option}" if option else ""
            raise CommandFailed(f"port {number} for {name} cannot be used: {why}{advice}") from error
        taken: int = held.getsockname()[1]
        return taken
