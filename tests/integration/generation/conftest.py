"""The database of generation as tests use it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from services.generation.executors import worker_stores
from services.generation.store.indexes import create_indexes
from services.generation.store.mongo import connect_worker, journalled_worker, opened
from tests.builders.mongod import Mongod, for_this_worker
from tests.builders.report_jobs import Factory
from tests.integration.generation.services import Client, generation_on, until_serving


@pytest.fixture
def database(mongo_client: MongoClient[Any]) -> str:
    """Give the name of a database that is empty but for its indexes: making those takes longer than most tests."""
    shared = mongo_client[for_this_worker("generation_tests")]
    shared.command("profile", 0)
    for name in shared.list_collection_names():
        if name.startswith("system."):
            shared.drop_collection(name)
        else:
            shared[name].delete_many({})
    return shared.name


@pytest.fixture
async def db(mongodb_uri: str, database: str) -> AsyncIterator[Any]:
    """Give an empty database with all indexes, as the service opens it."""
    async with opened(mongodb_uri, database) as opened_database:
        await create_indexes(opened_database)
        yield opened_database


@asynccontextmanager
async def working_on(db: Any, uri: str, monkeypatch: pytest.MonkeyPatch, **more: Any) -> AsyncIterator[Factory]:
    """Let the worker's own code, run in threads, use a client that is closed at the end."""
    with connect_worker(uri) as client:
        monkeypatch.setattr(worker_stores, "connected", lambda _, name: journalled_worker(client, name))
        yield Factory(db, uri, **more)


@pytest.fixture
async def factory(db: Any, mongodb_uri: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Factory]:
    """Give what makes reports in that database."""
    async with working_on(db, mongodb_uri, monkeypatch) as made:
        yield made


@pytest.fixture
def own_mongod(tmp_path: Path) -> Iterator[Mongod]:
    """Give a mongod that may be harmed."""
    mongod = Mongod(tmp_path).start()
    yield mongod
    mongod.kill()


@pytest.fixture
async def fragile(own_mongod: Mongod, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Factory]:
    """Give what makes reports on that mongod."""
    async with opened(own_mongod.uri, "fragile") as opened_database:
        await create_indexes(opened_database)
        async with working_on(opened_database, own_mongod.uri, monkeypatch) as made:
            yield made


@pytest.fixture
async def client(mongodb_uri: str, database: str) -> AsyncIterator[Client]:
    """Give a client of the whole service on that database."""
    async with generation_on(mongodb_uri, database) as running:
        await until_serving(running)
        yield running
