"""Inputs in MongoDB, the reading side, for worker processes."""

from typing import Any

from pymongo.database import Database

from services.generation.inputs.input_kind import InputKind, M
from services.generation.store.input_documents import message_of, stored_name
from services.generation.store.mongo import BULK_SECONDS, Document, store_errors


class MongoInputReader:
    """Fills the port InputReader."""

    def __init__(self, database: Database[Document]) -> None:
        self._database = database

    def read(self, kind: InputKind[M], owner_id: int, **by: Any) -> list[M]:
        """Return the records whose fields have the given values, by key."""
        wanted = {kind.owner.value: owner_id} | {
            stored_name(kind, name): _condition(kind, name, one) for name, one in by.items()
        }
        order = {stored_name(kind, name): 1 for name in kind.key}
        with store_errors(BULK_SECONDS):
            return [message_of(kind, found) for found in self._database[kind.collection].find(wanted).sort(order)]

    def stored_id(self, kind: InputKind[M], owner_id: int, record_id: int) -> Any:
        """Return the `_id` of a record, under which its series are stored; None when the owner has no such record."""
        wanted = {kind.owner.value: owner_id, stored_name(kind, str(kind.id_field)): record_id}
        with store_errors():
            found = self._database[kind.collection].find_one(wanted, {"_id": 1})
        return None if found is None else found["_id"]


def _condition(kind: InputKind[Any], name: str, value: Any) -> Any:
    if isinstance(value, tuple):
        first, end = (kind.stored_value(name, one) for one in value)
        return {"$gte": first, "$lt": end}
    if isinstance(value, list | set | frozenset):
        return {"$in": [kind.stored_value(name, one) for one in value]}
    return kind.stored_value(name, value)
