"""Fake of the paid geocoders: a local HTTP server with prepared answers."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

TRICKLE_S = 0.05


@dataclass
class AddressServer:
    """Answers of the server, and its requests."""

    url: str
    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    trickles: bool = False  # byte by byte
    asked: list[tuple[str, dict[str, str], str]] = field(default_factory=list)  # path, query, user agent
    over: threading.Event = field(default_factory=threading.Event)

    def answers(self, value: Any, status: int = 200, **headers: str) -> None:
        """Answer so from now on; texts as they are, other values as JSON."""
        self.body = value if isinstance(value, str) else json.dumps(value)
        self.status, self.headers = status, {name.replace("_", "-"): text for name, text in headers.items()}


@pytest.fixture
def address_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[AddressServer]:
    """Give a running server."""
    monkeypatch.setenv("no_proxy", "*")
    with _running() as server:
        yield server


@contextmanager
def _running() -> Iterator[AddressServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            server.asked.append((parts.path, query, self.headers["User-Agent"]))
            self.send_response(server.status)
            for name, text in server.headers.items():
                self.send_header(name, text)
            self.end_headers()
            body = server.body.encode()
            for start in range(len(body)) if server.trickles else ():
                self.wfile.write(body[start : start + 1])
                if server.over.wait(TRICKLE_S):
                    return
            self.wfile.write(b"" if server.trickles else body)

        def log_message(self, *words: object) -> None:
            del words

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = AddressServer(f"http://127.0.0.1:{listening.server_address[1]}")
    threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.over.set()
        listening.shutdown()
        listening.server_close()
