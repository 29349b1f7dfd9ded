"""Fixtures that all tests share."""

from tests.integration.mongo import database, mongo_client, mongodb_uri
from tests.integration.track_store import store

__all__ = ["database", "mongo_client", "mongodb_uri", "store"]
