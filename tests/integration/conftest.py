"""Patience of the tests that use a real MongoDB."""

from collections.abc import Iterator

import pytest

from services.generation.store import mongo

UNCLOSED = "ignore:unclosed .socket:ResourceWarning"  # PyMongo leaves them when it is cancelled while it connects
SERVERS = {"mongodb_uri", "own_mongod"}
PATIENCE_S = 60.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let no test fail for sockets of PyMongo."""
    for item in items:
        if SERVERS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.filterwarnings(UNCLOSED))


@pytest.fixture(scope="package", autouse=True)
def _patience() -> Iterator[None]:
    """Let MongoDB take its time on a busy machine: the service's own limits are those of its callers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mongo, "OPERATION_SECONDS", PATIENCE_S)
        patch.setitem(mongo.SETTINGS, "serverSelectionTimeoutMS", round(1000 * PATIENCE_S))
        patch.setitem(mongo.SETTINGS, "connectTimeoutMS", round(1000 * PATIENCE_S))
        yield


@pytest.fixture
def haste(_patience: None) -> Iterator[None]:
    """Let the service have its own limits back."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mongo, "OPERATION_SECONDS", OPERATION_SECONDS)
        for name, value in SETTINGS.items():
            patch.setitem(mongo.SETTINGS, name, value)
        yield


OPERATION_SECONDS, SETTINGS = mongo.OPERATION_SECONDS, dict(mongo.SETTINGS)
