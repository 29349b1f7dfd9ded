"""User of the embedded MongoDB server: made at the first start, on data that exists too, whatever is killed."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from services.cli import mongod
from services.cli.settings import StackSettings
from services.cli.stack.data_dir import DataDir
from services.cli.stack.data_dir_lock import lock_parts
from services.cli.stack.mongodb_user import is_made, uri_of
from services.cli.stack.process import SupervisedProcess
from services.cli.stack.process_reaper import ProcessReaper
from services.cli.stack.supervisor import make_mongodb_user
from tests.builders.mongod import free_port

MAKE_USER = """
import asyncio, os, signal, sys, threading
from pathlib import Path
from services.cli.stack.data_dir import DataDir
from tests.integration.test_mongodb_user import user_made

directory, *moment = sys.argv[1:]

def die_at_the_moment(frame, event, argument):
    if [event, frame.f_code.co_qualname] == moment:
        os.kill(os.getpid(), signal.SIGKILL)

threading.setprofile(die_at_the_moment)
sys.setprofile(die_at_the_moment)
asyncio.run(user_made(DataDir(Path(directory))))
"""

MOMENTS = (  # in the order of a start, by the event of Python's profiler and the function
    ("call", "is_made"),  # there is a password
    ("return", "ProcessReaper._save"),  # the server's process has begun and is on record
    ("return", "ProcessReaper.add"),  # the reaper knows of it
    ("call", "_make"),  # the server answers
    ("return", "_make"),  # there is a user, and the data have no mark
    ("call", "Stack.stop"),  # the data have the mark, and the server runs
)


@pytest.fixture
def data_dir(tmp_path: Path) -> DataDir:
    """Give a data directory that was made."""
    made = DataDir(tmp_path / "data")
    made.make()
    return made


async def user_made(data_dir: DataDir) -> None:
    """Do what `daybook up` does before its parts start."""
    lock = await lock_parts(data_dir)
    try:
        async with ProcessReaper(data_dir.parts_file) as reaper:
            settings = StackSettings(mongod_cache_gb=0.25)
            await make_mongodb_user(data_dir, settings, partial(SupervisedProcess, reaper=reaper, lock=lock))
    finally:
        os.close(lock)


@asynccontextmanager
async def serving(data_dir: DataDir, *, auth: bool = True) -> AsyncIterator[Callable[[str], MongoClient[Any]]]:
    """Run a server on the data; give a way to connect with a password, "" for none."""
    port = free_port()
    command = mongod.command(mongod.find_mongod(), data_dir.mongodb, mongod.on_loopback(port, auth=auth), 0.25)
    server = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL)

    def client(password: str) -> MongoClient[Any]:
        address = f"127.0.0.1:{port}"
        uri = uri_of(address, password) if password else f"mongodb://{address}"
        return MongoClient(uri, serverSelectionTimeoutMS=60_000)

    try:
        with client("") as anybody:
            anybody.admin.command("hello")
        yield client
    finally:
        server.terminate()
        await server.wait()


async def test_data_without_a_user_get_one_and_stay(data_dir: DataDir) -> None:
    """Strangers may do nothing then, and the port is none while the user is made."""
    async with serving(data_dir, auth=False) as connect:
        with connect("") as anybody:
            anybody.daybook.reports.insert_one({"_id": 1})
    await user_made(data_dir)

    async with serving(data_dir) as connect:
        with connect("") as stranger, pytest.raises(OperationFailure):
            stranger.daybook.reports.find_one()
        with connect("wrong") as stranger, pytest.raises(OperationFailure):
            stranger.daybook.reports.find_one()
        with connect(data_dir.mongodb_password()) as owner:
            assert {"_id": 1} == owner.daybook.reports.find_one()


async def test_a_lost_password_is_made_anew(data_dir: DataDir) -> None:
    """The data have a user with another one: it gets the new password."""
    await user_made(data_dir)
    old = data_dir.mongodb_password()
    (data_dir.path / "mongodb-password").unlink()
    await user_made(data_dir)

    assert old != data_dir.mongodb_password()
    async with serving(data_dir) as connect:
        with connect(data_dir.mongodb_password()) as owner:
            assert owner.daybook.command("ping")
        with connect(old) as stranger, pytest.raises(OperationFailure):
            stranger.daybook.command("ping")


async def test_a_user_that_is_made_costs_no_start(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    await user_made(data_dir)
    monkeypatch.setattr(mongod, "find_mongod", lambda: Path("/nowhere"))

    assert is_made(data_dir, data_dir.mongodb_password())
    await user_made(data_dir)


@pytest.mark.slow
async def test_killed_at_any_moment_the_next_start_does_the_rest(data_dir: DataDir) -> None:
    """Before, while and after the user is made."""
    for moment in MOMENTS:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", MAKE_USER, str(data_dir.path), *moment)
        assert -signal.SIGKILL == await process.wait(), moment
    await user_made(data_dir)

    async with serving(data_dir) as connect:
        with connect(data_dir.mongodb_password()) as owner:
            assert owner.daybook.command("ping")
