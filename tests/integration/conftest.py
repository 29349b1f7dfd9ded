"""A gateway for each test that asks for one, patience for a real MongoDB, and passwords that cost little."""

import gc
import warnings
from collections.abc import AsyncIterator, Iterator
from functools import partial
from types import ModuleType

import pytest
import pytest_asyncio
from argon2 import PasswordHasher

from services.generation.accounts import credentials
from services.generation.store import mongo
from tests.fakes.gateway_services import Gateway, running_gateway

UNCLOSED = "ignore:unclosed .socket:ResourceWarning"  # PyMongo leaves them when it is cancelled while it connects
SERVERS = {"mongodb_uri", "own_mongod"}
PATIENCE_S = 60.0

with_mongodb = set[ModuleType]()  # modules with tests that use it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let no test fail for sockets of PyMongo, its own or those of a test before it."""
    functions = [item for item in items if isinstance(item, pytest.Function)]
    with_mongodb.update(one.module for one in functions if SERVERS & set(one.fixturenames))
    for one in functions:
        if one.module in with_mongodb:
            one.add_marker(pytest.mark.filterwarnings(UNCLOSED))


@pytest.fixture(scope="module", autouse=True)
def _collected(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave no such socket to the tests of another module."""
    yield
    if request.module in with_mongodb:
        with warnings.catch_warnings(action="ignore", category=ResourceWarning):
            gc.collect()


@pytest.fixture(scope="package", autouse=True)
def _patience() -> Iterator[None]:
    """Let MongoDB take its time on a busy machine: the service's own limits are those of its callers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mongo, "OPERATION_SECONDS", PATIENCE_S)
        patch.setitem(mongo.SETTINGS, "serverSelectionTimeoutMS", round(1000 * PATIENCE_S))
        patch.setitem(mongo.SETTINGS, "connectTimeoutMS", round(1000 * PATIENCE_S))
        yield


@pytest.fixture(scope="package", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Let a password be hashed at once: a fifth of a second each is most of what many tests would take."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(credentials, "PasswordHasher", cheap)
        yield


@pytest_asyncio.fixture
async def gateway() -> AsyncIterator[Gateway]:
    """Give a gateway and what stands in for its services."""
    async with running_gateway() as running:
        yield running


@pytest.fixture
def haste(_patience: None) -> Iterator[None]:
    """Let the service have its own limits back."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mongo, "OPERATION_SECONDS", OPERATION_SECONDS)
        for name, value in SETTINGS.items():
            patch.setitem(mongo.SETTINGS, name, value)
        yield


OPERATION_SECONDS, SETTINGS = mongo.OPERATION_SECONDS, dict(mongo.SETTINGS)
