"""Cache of the addresses of online geocoders in MongoDB, so that a place is paid for once."""

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from pymongo import ReplaceOne, WriteConcern
from pymongo.database import Database
from pymongo.errors import PyMongoError

from services.errors import StoreUnavailable
from services.generation.store.mongo import Document, store_errors

log = logging.getLogger("daybook.geocoders")

KEEP_EMPTY = timedelta(days=1)  # maps are completed


class MongoAddresses:
    """Fills the port Addresses. A failure of the store is logged, and the cache looks empty meanwhile."""

    def __init__(self, database: Database[Document], keep: timedelta) -> None:
        self._addresses = database.addresses.with_options(write_concern=WriteConcern(w=1))  # may be lost
        self._keep = keep

    def find(self, keys: Iterable[str]) -> dict[str, str]:
        """Return the known addresses by key, empty for a place that has none."""
        ids = list(keys)
        if not ids:
            return {}
        wanted = {"_id": {"$in": ids}, "expire_time": {"$gt": datetime.now(UTC)}}
        try:
            with store_errors():
                return {found["_id"]: found["text"] for found in self._addresses.find(wanted, {"text": 1})}
        except (StoreUnavailable, PyMongoError) as error:
            log.warning("addresses not read", extra={"failure": type(error).__name__})
            return {}

    def put(self, addresses: Mapping[str, str]) -> None:
        """Store addresses by key."""
        now = datetime.now(UTC)
        writes = [
            ReplaceOne(
                {"_id": key},
                {"text": text, "expire_time": now + (self._keep if text else min(self._keep, KEEP_EMPTY))},
                upsert=True,
            )
            for key, text in addresses.items()
        ]
        if not writes:
            return
        try:
            with store_errors():
                self._addresses.bulk_write(writes, ordered=False)
        except (StoreUnavailable, PyMongoError) as error:
            log.warning("addresses not stored", extra={"failure": type(error).__name__})
