"""A MongoDB server of the run's own, the one that `daybook up` runs."""

import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pymongo import MongoClient

from services.cli import mongod
from services.generation.store.mongo import Document

READY_WITHIN_MS = 60_000


@contextmanager
def own_mongodb() -> Iterator[str]:
    """Give the server's address; its data goes with it."""
    with tempfile.TemporaryDirectory(prefix="daybook-bench-") as folder:
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]
        program = mongod.command(mongod.find_mongod(), Path(folder), mongod.on_loopback(port, auth=False), 1)
        server = subprocess.Popen(program, stdout=subprocess.DEVNULL)  # noqa: S603  # the program our own wheel brings
        try:
            uri = f"mongodb://127.0.0.1:{port}/"
            with MongoClient[Document](uri, serverSelectionTimeoutMS=READY_WITHIN_MS) as client:
                client.admin.command("ping")
            yield uri
        finally:
            server.terminate()
            server.wait()
