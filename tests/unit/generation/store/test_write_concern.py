"""Servers that have a write on disk before it is acknowledged."""

from typing import Any

import pytest
from pymongo import MongoClient

from services.generation.store.mongo import Document, journalled_worker


@pytest.mark.parametrize(
    ("query", "concern"),
    [
        ("", {"w": 1, "j": True}),
        ("?w=majority", {"w": "majority", "j": True}),
        ("?w=2&wtimeoutMS=500&journal=false", {"w": 2, "wtimeout": 500, "j": True}),
    ],
)
def test_the_address_says_how_many_servers_have_a_write(query: str, concern: dict[str, Any]) -> None:
    """Always in their journals; one without a word about it."""
    with MongoClient[Document](f"mongodb://127.0.0.1:1/{query}", connect=False) as client:
        assert concern == journalled_worker(client, "daybook").write_concern.document
