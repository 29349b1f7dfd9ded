"""Deletion of inputs from MongoDB, with the records that go along and without the names of those that stay."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import aclosing
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from services.errors import InvalidParameters, NotFound
from services.generation.inputs import registry
from services.generation.inputs.input_kind import InputKind, Key, Owner, Reference
from services.generation.store.cascade_delete import BATCH, CascadeDelete
from services.generation.store.input_documents import record_of, stored_name, with_keys
from services.generation.store.mongo import BULK_SECONDS, Document, store_errors
from services.generation.store.mongo_entry_buckets import empty_buckets


class InputDeletion:
    """Deletes records and what refers to them, from the leaves up: a deletion that broke off can be repeated."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database
        self._cascade = CascadeDelete(database)

    async def delete(
        self, kind: InputKind[Any], owner_id: int | None, keys: Collection[Key], *, allow_missing: bool = False
    ) -> int:
        """Delete records; return how many there were. Raises NotFound and InvalidParameters as the port says."""
        wanted = with_keys(kind, keys) | ({} if owner_id is None else {kind.owner.value: owner_id})
        with store_errors(BULK_SECONDS):
            found = await self._database[kind.collection].find(wanted, _named(kind)).to_list()
        missing = set(keys) - {kind.key_of(record_of(kind, one)) for one in found}
        if missing and not allow_missing:
            raise NotFound(kind.missing(min(missing)))
        await self._check_names(kind, found)
        return await self._delete(kind, found)

    async def _delete(self, kind: InputKind[Any], found: Collection[Document]) -> int:
        """Delete documents; what refers to them is looked for again behind them, as it may just have been stored."""
        if not found:
            return 0
        await self._release(kind, found)
        await self._empty_buckets(kind, found)
        wanted, count = {"_id": {"$in": [one["_id"] for one in found]}}, 0
        async with aclosing(self._cascade.delete(kind.collection, wanted, len(found))) as steps:
            async for name, deleted in steps:
                count += deleted if name == kind.collection else 0
        await self._release(kind, found)
        return count

    async def _check_names(self, kind: InputKind[Any], found: Collection[Document]) -> None:
        """Raise InvalidParameters when records that stay would have the unique values of others."""
        for other, reference in registry.referring_to(kind):
            unique = next((one for one in other.unique if reference.field in one.fields), None)
            if unique is None or other.is_required(reference):
                continue
            names = [name for name in unique.fields if name != reference.field]
            for owner_id, some in _grouped(kind.owner, found).items():
                own: Document = {other.owner.value: owner_id}
                ids = [one[stored_name(kind, str(kind.id_field))] for one in some]
                with store_errors(BULK_SECONDS):
                    staying = self._database[other.collection].find(own | {reference.field: {"$in": [0, *ids]}})
                    values = [tuple(one[name] for name in names) async for one in staying]
                if len(set(values)) < len(values):
                    wanted = (
                        f"must not be of a {kind.noun} whose {other.name} have the {names[-1]} of others without one"
                    )
                    raise InvalidParameters.one("ids", wanted)

    async def _release(self, kind: InputKind[Any], found: Collection[Document]) -> None:
        """Delete the records that need these documents, and take their ids from the others that name them."""
        if kind.id_field is None:
            return
        field = stored_name(kind, kind.id_field)
        for other, reference in registry.referring_to(kind):
            for owner_id, some in _grouped(kind.owner, found).items():
                ids = [one[field] for one in some]
                naming: Document = {other.owner.value: owner_id, reference.field: {"$in": ids}}
                await self._settle(other, reference, naming, ids)

    async def _settle(self, other: InputKind[Any], reference: Reference, naming: Document, ids: list[int]) -> None:
        """Delete the documents that refer to deleted records, or let them name none, in batches."""
        collection = self._database[other.collection]
        while True:
            with store_errors(BULK_SECONDS):
                batch = await collection.find(naming, _named(other)).limit(BATCH).to_list()
            if not batch:
                return
            if other.is_required(reference):
                await self._delete(other, batch)
                continue
            await self._empty_buckets(other, batch)
            is_list = other.message.DESCRIPTOR.fields_by_name[reference.field].is_repeated
            change = {"$pullAll": {reference.field: ids}} if is_list else {"$set": {reference.field: 0}}
            with store_errors(BULK_SECONDS):
                await collection.update_many(naming | {"_id": {"$in": [one["_id"] for one in batch]}}, change)

    async def _empty_buckets(self, kind: InputKind[Any], found: Iterable[Document]) -> None:
        """Empty the buckets of documents that are about to be changed or deleted."""
        if not kind.bucketed_by:
            return
        with store_errors(BULK_SECONDS):
            for owner_id, some in _grouped(kind.owner, found).items():
                await empty_buckets(self._database, owner_id, [one[kind.bucketed_by] for one in some])


def _named(kind: InputKind[Any]) -> Document:
    """Return the projection of the key, the owner and the moment of buckets."""
    names = [*(stored_name(kind, name) for name in kind.key), kind.owner.value]
    return dict.fromkeys([*names, kind.bucketed_by] if kind.bucketed_by else names, 1)


def _grouped(owner: Owner, found: Iterable[Document]) -> Mapping[int, list[Document]]:
    groups: dict[int, list[Document]] = {}
    for one in found:
        groups.setdefault(one[owner.value], []).append(one)
    return groups
