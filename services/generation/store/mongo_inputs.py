"""Inputs in MongoDB: one collection for each kind."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pymongo import InsertOne, UpdateOne
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.errors import Unavailable, Violation
from services.generation.domain.paging import Page
from services.generation.inputs import registry
from services.generation.inputs.input_kind import InputKind, Key, M
from services.generation.inputs.input_store import ALL, InputFilter, Replaced, Stored
from services.generation.inputs.upsert_plan import Outcome, UpsertPlan, Write, unique_values
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.input_documents import (
    behind,
    matching_records,
    message_of,
    record_of,
    stored_document,
    stored_name,
    with_keys,
)
from services.generation.store.mongo import ANY_CASE, BULK_SECONDS, Document, settle, store_errors
from services.generation.store.mongo_entry_buckets import empty_buckets
from services.generation.store.mongo_ids import FreeIds, duplicates_of
from services.generation.store.mongo_input_deletion import InputDeletion
from services.generation.store.ownership import OWNERS
from services.runtime.cooperation import in_slices

CONTENDED = "Others store the same records at this moment"
ATTEMPTS = 20  # of a batch whose records others store at the same moment


class MongoInputs:
    """Fills the port InputStore."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database
        self._removals = RemovalGuard(database)
        self._deletion = InputDeletion(database)

    async def put(
        self, kind: InputKind[Any], owner_id: int, records: Sequence[Document], *, create_only: bool = False
    ) -> list[Outcome]:
        """Store the records and return what became of each.

        A record that another writer stored after the batch was planned is a duplicate key: the rest is planned again.
        """
        outcomes: dict[int, Outcome] = {}
        waiting: Sequence[int] = range(len(records))
        with store_errors():
            for _ in range(ATTEMPTS):
                stored = await self._stored(kind, owner_id, [records[place] for place in waiting])
                plan = UpsertPlan(kind, owner_id, stored, create_only=create_only)
                ids = iter(await self._new_ids(kind, owner_id, plan, [records[place] for place in waiting]))
                outcomes |= await _applied(plan, records, waiting, ids)
                waiting = await self._write(kind, owner_id, list(plan.writes.values()))
                if not waiting:
                    break
            else:
                raise Unavailable(CONTENDED)
        await self._removals.refuse(OWNERS[kind.owner], owner_id)
        return [outcomes[place] for place in range(len(records))]

    async def _stored(
        self, kind: InputKind[Any], owner_id: int, records: Sequence[Document]
    ) -> list[tuple[int, Document]]:
        """Return what is stored under the keys and unique values of the records, with the ids of the owners."""
        own = {kind.owner.value: owner_id}
        known = {kind.key_of(record) for record in records if kind.id_field is None or record[kind.id_field]}
        queries = [with_keys(kind, known) | ({} if kind.is_global else own)] if known else []
        for unique, values in unique_values(kind, records):
            columns = zip(*values, strict=True)
            alike = {name: {"$in": sorted(set(some))} for name, some in zip(unique.fields, columns, strict=True)}
            queries.append(own | alike)
        found: dict[Any, Document] = {}
        for query in queries:
            found |= {
                one["_id"]: one async for one in self._database[kind.collection].find(query, batch_size=len(records))
            }
        return await in_slices(
            lambda some: [(one[kind.owner.value], record_of(kind, one)) for one in some], [*found.values()]
        )

    async def _new_ids(
        self, kind: InputKind[Any], owner_id: int, plan: UpsertPlan, records: Sequence[Document]
    ) -> list[int]:
        """Return the new ids that the records need at most, none of which a record of the batch has chosen."""
        count, new = plan.missing_ids(records), list[int]()
        chosen = {record[kind.id_field] for record in records} if kind.id_field else set()
        while len(new) < count:
            new += [id_ for id_ in await self._ids(kind, owner_id).take(count - len(new)) if id_ not in chosen]
        return new

    def _ids(self, kind: InputKind[Any], owner_id: int) -> FreeIds:
        scope = {} if kind.is_global else {kind.owner.value: owner_id}
        return FreeIds(self._database, kind.collection, stored_name(kind, str(kind.id_field)), scope, kind.counter)

    async def _write(self, kind: InputKind[Any], owner_id: int, writes: Sequence[Write]) -> list[int]:
        """Write the records of a plan; return the positions of those that met what another writer stored."""
        if not writes:
            await settle(self._database[kind.collection])
            return []
        requests = await in_slices(lambda some: [_request(kind, owner_id, write) for write in some], writes)
        if kind.bucketed_by:
            documents = (one for write in writes for one in (write.document, write.stored) if one is not None)
            await empty_buckets(self._database, owner_id, (one[kind.bucketed_by] for one in documents))
        try:
            await self._database[kind.collection].bulk_write(requests)  # in order: a name may pass from one to the next
        except BulkWriteError as error:
            first = duplicates_of(error)[0]
            return sorted(place for write in writes[first:] for place in write.places)
        return []

    async def page(self, kind: InputKind[M], owner_id: int | None, page: Page, matching: InputFilter = ALL) -> list[M]:
        """Return records of an owner, or of all owners of a global kind, in the order of lists."""
        key = [stored_name(kind, name) for name in kind.list_order]
        order = {stored_name(kind, name): -1 if descends else 1 for name, descends in matching.order}
        wanted = matching_records(kind, _owned(kind, owner_id), matching)
        hidden = dict.fromkeys(kind.unlisted, 0)
        with store_errors():
            cursor = self._database[kind.collection].find({"$and": [wanted, behind(key, page.after)]}, hidden or None)
            if order:
                cursor = cursor.collation(ANY_CASE)
            found = cursor.sort(order | {name: 1 for name in key if name not in order}).skip(matching.skip)
            documents = await found.limit(page.size).to_list()
        return await in_slices(lambda some: [message_of(kind, one) for one in some], documents)

    async def count(self, kind: InputKind[Any], owner_id: int | None, matching: InputFilter = ALL) -> int:
        """Return how many records match, whatever is passed over."""
        with store_errors():
            wanted = matching_records(kind, _owned(kind, owner_id), matching)
            return await self._database[kind.collection].count_documents(wanted)

    async def some(self, kind: InputKind[M], owner_id: int | None, ids: Collection[int]) -> Mapping[int, M]:
        """Return the records of an owner, or of all owners of a global kind, that have these ids."""
        field = stored_name(kind, str(kind.id_field))
        wanted = _owned(kind, owner_id) | {field: {"$in": list(ids)}}
        with store_errors():
            found = (
                await self._database[kind.collection].find(wanted, dict.fromkeys(kind.unlisted, 0) or None).to_list()
            )
        return dict(await in_slices(lambda some: [(one[field], message_of(kind, one)) for one in some], found))

    async def all(self, kind: InputKind[M], owner_id: int) -> Mapping[int, M]:
        """Return all records of an owner by id, with the fields that lists leave out."""
        field = stored_name(kind, str(kind.id_field))
        with store_errors(BULK_SECONDS):
            found = await self._database[kind.collection].find(_owned(kind, owner_id)).sort(field).to_list()
        return dict(await in_slices(lambda some: [(one[field], message_of(kind, one)) for one in some], found))

    async def owners_of(self, kind: InputKind[Any], values: Mapping[str, Any]) -> list[int]:
        """Return the ids of the owners of records whose fields have these values."""
        owner = kind.owner.value
        with store_errors():
            return [one[owner] async for one in self._database[kind.collection].find(dict(values), {owner: 1})]

    async def entities(
        self, kind: InputKind[Any], ids: Collection[int], owner_id: int | None = None
    ) -> Mapping[int, Any]:
        """Return the `_id` of the records with these ids, without those being removed."""
        field = stored_name(kind, str(kind.id_field))
        wanted: Document = {field: {"$in": list(ids)}, "removing": None}
        if owner_id is not None:
            wanted[kind.owner.value] = owner_id
        with store_errors():
            return {one[field]: one["_id"] async for one in self._database[kind.collection].find(wanted, {field: 1})}

    async def find(self, kind: InputKind[Any], owner_id: int | None, keys: Collection[Key]) -> list[Stored]:
        """Return the records of an owner, or of all owners of a global kind, that have these keys."""
        wanted = with_keys(kind, keys) | _owned(kind, owner_id) | {"removing": None}
        with store_errors():
            found = self._database[kind.collection].find(wanted)
            return [Stored(one[kind.owner.value], record_of(kind, one)) async for one in found]

    async def replace(self, kind: InputKind[Any], before: Stored, after: Document) -> Replaced:
        """Replace a record, in one step, unless it is no longer as it was found; its stamps are left aside."""
        was, now = stored_document(kind, before.document), stored_document(kind, after)
        changed = {name: value for name, value in now.items() if name not in was or was[name] != value}
        collection = self._database[kind.collection]
        with store_errors():
            if not changed:
                await settle(collection)
                return Replaced()
            if kind.bucketed_by:
                moments = [was[kind.bucketed_by], now[kind.bucketed_by]]
                await empty_buckets(self._database, before.owner_id, moments)
            stamp = {kind.change_stamp: datetime.now(UTC)} if kind.change_stamp else {}
            same = {name: {"$eq": value} for name, value in was.items()}
            try:
                result = await collection.update_one(same, {"$set": changed | stamp})
            except DuplicateKeyError as error:
                return Replaced(refusal=_taken(kind, error))
        await self._removals.refuse(OWNERS[kind.owner], before.owner_id)
        return Replaced(is_current=result.matched_count > 0)

    async def count_references(self, kind: InputKind[Any], owner_id: int, ids: Collection[int]) -> Mapping[str, int]:
        """Return how many records name those with these ids, and would stay, by the names of their kinds."""
        counts: dict[str, int] = {}
        for other, reference in registry.referring_to(kind):
            if not other.is_required(reference):
                naming: Document = {other.owner.value: owner_id, reference.field: {"$in": list(ids)}}
                with store_errors(BULK_SECONDS):
                    count = await self._database[other.collection].count_documents(naming)
                counts |= {other.name: counts.get(other.name, 0) + count} if count else {}
        return counts

    async def delete(
        self, kind: InputKind[Any], owner_id: int | None, keys: Collection[Key], *, allow_missing: bool = False
    ) -> int:
        """Delete the records with these keys and everything that belongs to them; return how many there were."""
        return await self._deletion.delete(kind, owner_id, keys, allow_missing=allow_missing)


def _taken(kind: InputKind[Any], error: DuplicateKeyError) -> Violation:
    """Return the refusal of a record whose unique values another record has."""
    names = (error.details or {}).get("keyPattern", {})
    unique = next(one for one in kind.unique if set(one.fields) <= set(names))
    return Violation(unique.fields[-1], f"must not be that of another {kind.noun}")


def _owned(kind: InputKind[Any], owner_id: int | None) -> Document:
    return {} if owner_id is None else {kind.owner.value: owner_id}


async def _applied(
    plan: UpsertPlan, records: Sequence[Document], places: Sequence[int], ids: Iterator[int]
) -> dict[int, Outcome]:
    """Plan some of the records, and return their outcomes by place."""
    outcomes = await in_slices(lambda some: [plan.apply(place, records[place], ids) for place in some], places)
    return dict(zip(places, outcomes, strict=True))


def _request(kind: InputKind[Any], owner_id: int, write: Write) -> InsertOne[Document] | UpdateOne:
    """Return the write of a record.

    A new one is inserted: its fields are in the order of the message, which readers of columns rely on, and another
    writer that stored the key meanwhile is met as a duplicate. The owner is in the filter for the same reason.
    """
    values = stored_document(kind, write.document)
    now = datetime.now(UTC)
    changing = {kind.change_stamp: now} if kind.change_stamp else {}
    if write.is_new:
        return InsertOne({kind.owner.value: owner_id, kind.stamp: now} | changing | values)
    where = {stored_name(kind, name): write.document[name] for name in kind.key} | {kind.owner.value: owner_id}
    changed = {name: value for name, value in values.items() if name not in where}
    inserted = {} if kind.stamp in changing else {kind.stamp: now}
    return UpdateOne(where, {"$set": changed | changing, "$setOnInsert": inserted}, upsert=True)
