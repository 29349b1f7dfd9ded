"""The database of generation as tests use it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.generation.adapters.indexes import create_indexes
from services.generation.adapters.mongo import opened


@pytest.fixture
async def db(mongodb_uri: str, database: str) -> AsyncIterator[Any]:
    """Give an empty database with all indexes, as the service opens it."""
    async with opened(mongodb_uri, database) as opened_database:
        await create_indexes(opened_database)
        yield opened_database
