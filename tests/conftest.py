"""Fixtures that all tests share."""

from tests.integration.mongo import database, mongo_client, mongodb_uri

__all__ = ["database", "mongo_client", "mongodb_uri"]
