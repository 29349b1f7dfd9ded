"""User of the embedded MongoDB server: made before anything can reach the server over the network.

The server runs once without authentication, on a socket in a folder that only its owner may enter. A mark in its data
names the password by its digest; without it, or with another one, the user is made or changed again. Killed at any
moment, the next start does the rest.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from services.cli import mongod
from services.cli.errors import CommandFailed
from services.cli.output import write_private
from services.cli.stack.data_dir import DataDir
from services.cli.stack.data_dir_lock import MARK
from services.cli.stack.process import ProcessSpec
from services.cli.stack.status import answers_mongodb

USER = "daybook"
MAX_PARENT = 70  # bytes of a path that leave room for the socket's own part, of 108 in all
EXISTS = 51003  # MongoDB's code of a user that is there already
WITHIN_MS = 10_000


def uri_of(address: str, password: str) -> str:
    """Return the URI under which the services use the embedded server."""
    return f"mongodb://{USER}:{password}@{address}/?authSource=admin"


def is_made(data_dir: DataDir, password: str) -> bool:
    """Return whether the server's data holds the user with this password."""
    try:
        return _mark(data_dir).read_text(encoding="ascii", errors="replace").strip() == _digest(password)
    except OSError:
        return False


def private_server(data_dir: DataDir, folder: str, cache_gb: float) -> ProcessSpec:
    """Return the server as it runs while its user is made: on a socket in a private folder alone."""
    socket = _socket(folder)
    return ProcessSpec(
        name="mongodb",
        command=mongod.command(mongod.find_mongod(), data_dir.mongodb, mongod.on_socket(socket), cache_gb),
        environment={MARK: str(data_dir.path)},
        log=data_dir.log("mongodb"),
        is_healthy=partial(answers_mongodb, str(socket)),
        stop_within_s=10.0,
        starts_first=True,
    )


def private_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a new folder for the socket: short, since the paths of sockets are, and this user's alone."""
    usual = tempfile.gettempdir()
    parent = usual if len(os.fsencode(usual)) <= MAX_PARENT else "/tmp"  # noqa: S108 - the new folder is private
    return tempfile.TemporaryDirectory(prefix="daybook-", dir=parent, ignore_cleanup_errors=True)


async def make_user(data_dir: DataDir, folder: str, password: str) -> None:
    """Make the user, or give it this password, and mark the data. Raises CommandFailed."""
    await asyncio.to_thread(_make, _socket(folder), password)
    write_private(_mark(data_dir), _digest(password) + "\n")


def _make(socket: Path, password: str) -> None:
    from pymongo import MongoClient
    from pymongo.errors import OperationFailure, PyMongoError

    uri = f"mongodb://{quote_plus(str(socket))}/?directConnection=true"
    wanted: dict[str, Any] = {"pwd": password, "roles": ["root"], "mechanisms": ["SCRAM-SHA-256"]}
    wanted["writeConcern"] = {"w": 1, "j": True}
    try:
        with MongoClient[Mapping[str, object]](uri, serverSelectionTimeoutMS=WITHIN_MS) as client:
            try:
                client.admin.command("createUser", USER, **wanted)
            except OperationFailure as failure:
                if failure.code != EXISTS:
                    raise
                client.admin.command("updateUser", USER, **wanted)
    except PyMongoError as error:
        raise CommandFailed(f"cannot make the user of the embedded MongoDB: {type(error).__name__}") from error


def _socket(folder: str) -> Path:
    return Path(folder, "mongodb.sock")


def _mark(data_dir: DataDir) -> Path:
    return data_dir.mongodb / "daybook-user"


def _digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()
