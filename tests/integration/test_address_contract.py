"""The cache of addresses keeps the contract of its port on a real MongoDB."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from services.generation.store.mongo_addresses import MongoAddresses
from tests.contracts.geocoding import AddressesContract


class TestMongoAddresses(AddressesContract):
    @pytest.fixture
    def addresses(self, mongo_client: MongoClient[Any], database: str) -> MongoAddresses:
        return MongoAddresses(mongo_client.get_database(database), timedelta(days=1))
