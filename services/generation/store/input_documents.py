"""Documents of inputs: the fields of the message with the owner's id; a global id is `_id`."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from pymongo import ASCENDING, IndexModel

from services.generation.inputs.input_kind import InputKind, Key, M
from services.generation.inputs.input_store import InputFilter
from services.generation.store.mongo import Document


def stored_name(kind: InputKind[Any], field: str) -> str:
    """Return the name under which documents hold a field."""
    return "_id" if kind.is_global and field == kind.id_field else field


def stored_document(kind: InputKind[Any], record: Document) -> Document:
    """Return the values of a record under the names of documents."""
    if not kind.is_global:
        return record
    return {stored_name(kind, name): value for name, value in record.items()}


def record_of(kind: InputKind[Any], found: Document) -> Document:
    """Return the values of a document under the names of the message."""
    return found | {str(kind.id_field): found["_id"]} if kind.is_global else found


def message_of(kind: InputKind[M], found: Document) -> M:
    """Return a document as the message."""
    return kind.codec.message(record_of(kind, found))


def with_keys(kind: InputKind[Any], keys: Collection[Key]) -> Document:
    """Return the query of the records with these keys."""
    if len(kind.key) == 1:
        return {stored_name(kind, kind.key[0]): {"$in": sorted(key[0] for key in keys)}}
    last: dict[Key, list[Any]] = {}
    for key in sorted(keys):
        last.setdefault(key[:-1], []).append(key[-1])
    alike = [dict(zip(kind.key, first, strict=False)) | {kind.key[-1]: {"$in": some}} for first, some in last.items()]
    return {"$or": alike}


def matching_records(kind: InputKind[Any], owned: Document, matching: InputFilter) -> Document:
    """Return the query of an owner's records that fulfil the conditions of a list.

    Names are patterns in a list with an order of its own, whose collation makes equal what differs in case.
    """
    conditions = [owned, dict(matching.values)]
    if matching.ids is not None:
        conditions.append(with_keys(kind, {(one,) for one in matching.ids}))
    if matching.names:
        names = [re.compile(rf"\A{re.escape(one)}\Z") for one in matching.names] if matching.order else matching.names
        conditions.append({"$or": [{name: {"$in": list(names)}} for name in kind.text_fields]})
    if matching.text:
        pattern = re.compile(re.escape(matching.text), re.IGNORECASE)
        conditions.append({"$or": [{name: pattern} for name in kind.text_fields]})
    if matching.texts:
        patterns = [re.compile(re.escape(one), re.IGNORECASE) for one in matching.texts]
        conditions.append({"$or": [{name: {"$in": patterns}} for name in kind.text_fields]})
    if matching.tracker_ids:
        conditions.append({"tracker_id": {"$in": sorted(matching.tracker_ids)}})
    if matching.tags:
        conditions.append({"tags": {"$all": list(matching.tags)}})
    bounds = {name: one for name, one in (("$gte", matching.start), ("$lt", matching.end)) if one is not None}
    if bounds and kind.bucketed_by:
        conditions.append({kind.bucketed_by: bounds})
    return {"$and": conditions}


def behind(fields: Sequence[str], after: Key) -> Document:
    """Return the query of the documents that come after some values in the order of these fields."""
    if not after:
        return {}
    steps = [
        dict(zip(fields[:place], after[:place], strict=True)) | {fields[place]: {"$gt": after[place]}}
        for place in range(len(fields))
    ]
    return steps[0] if len(steps) == 1 else {fields[0]: {"$gte": after[0]}, "$or": steps}


def indexes_of(kind: InputKind[Any]) -> Iterator[IndexModel]:
    """Yield the indexes of a kind: its key, its lists, its unique keys, and what reports read it by."""
    owner = kind.owner.value
    key = [stored_name(kind, name) for name in kind.key]
    if not (kind.is_global and kind.order):
        yield IndexModel(dict.fromkeys((owner, *key), ASCENDING), unique=not kind.is_global)
    if kind.order:
        yield IndexModel(dict.fromkeys((owner, *(stored_name(kind, name) for name in kind.order)), ASCENDING))
    for unique in kind.unique:
        filled = {unique.fields[-1]: {"$gt": ""}}
        values = dict.fromkeys((owner, *unique.fields), ASCENDING)
        yield IndexModel(values, unique=True, partialFilterExpression=filled)
    for fields in (*((owner, field, *key) for field in kind.read_by), *kind.indexes):
        yield IndexModel(dict.fromkeys(fields, ASCENDING))
