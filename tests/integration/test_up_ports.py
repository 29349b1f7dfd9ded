"""The ports of a stack."""

import socket

import pytest

from services.cli.errors import CommandFailed
from services.cli.stack.ports import Ports


def test_a_port_that_is_taken_is_named() -> None:
    """Also when others were free."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        with pytest.raises(CommandFailed, match=f"port {number} for rendering cannot be used: Address already in use"):
            Ports({"gateway": 0, "rendering": number})
        with pytest.raises(CommandFailed, match=r"in use: choose another by --rendering-port$"):
            Ports({"rendering": number}, {"rendering": "--rendering-port"})


def test_a_port_is_kept_for_its_part() -> None:
    """The part can listen on it, also again after it died, and nobody else is given it."""
    ports = Ports({"gateway": 0, "rendering": 0})
    assert ports.number("gateway") != ports.number("rendering")
    for _ in range(2):
        with socket.socket() as server:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(("127.0.0.1", ports.number("gateway")))
            server.listen()
    ports.close()
