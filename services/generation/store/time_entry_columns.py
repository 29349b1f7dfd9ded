"""Columns of time entries, read from many documents at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from itertools import islice
from typing import Any

import bson
import numpy as np
from numpy.typing import NDArray

from services.generation.store.bson_columns import Documents, OtherShape
from services.generation.store.time_entry_documents import EMPTY, FIELDS
from services.generation.timetracking.entries import (
    ALL_COLUMNS,
    NO_AMOUNT,
    NO_RATE,
    RUNNING,
    TEXT_COLUMNS,
    Coded,
    Entries,
)

MS_PER_SECOND = 1000
MOST_SHARED = 100_000  # texts
FIELD_OF = {  # where a column has another name
    "id": "_id",
    "start_s": "start_time",
    "update_s": "update_time",
    "rate_cents": "hourly_rate_cents",
    "currency": "currency_code",
}
TEXTS = frozenset(FIELD_OF.get(name, name) for name in TEXT_COLUMNS)  # by the names of documents
NULLS = {"amount_cents": NO_AMOUNT, "hourly_rate_cents": NO_RATE, "seconds": RUNNING}

Raw = Mapping[str, NDArray[np.int64]]


class EntryColumns:
    """Reader of the columns of documents; columns that are not asked for are 0 or empty.

    Texts of one reader share their list of values, which grows from run to run until it is too long to be shared.
    """

    def __init__(self, columns: Collection[str] = ALL_COLUMNS) -> None:
        self._wanted = [field.name for field in fields(Entries) if field.name in columns]
        names = {FIELD_OF.get(name, name) for name in self._wanted}
        self._fields = FIELDS[: 1 + max(map(FIELDS.index, names))]
        self._names = names
        self._parts: dict[str, list[NDArray[np.int64]]] = {}
        self._texts: dict[str, dict[bytes, int]] = {name: {} for name in TEXTS}
        self._values: dict[str, list[str]] = {name: [] for name in TEXTS}
        self._count = 0

    def add(self, documents: Documents) -> None:
        """Add a batch of documents."""
        try:
            columns = self._read(documents)
        except OtherShape:  # a document was changed by hand
            columns = self._read(Documents.in_row(_in_shape(documents.raw())))
        for name, column in columns.items():
            self._parts.setdefault(name, []).append(column)
        self._count += len(documents)

    def entries(self) -> Entries:
        """Return the columns of the documents that were added since the last call."""
        count, parts = self._count, self._parts
        self._count, self._parts = 0, {}
        if not count:
            return Entries.blank(0)
        columns = {name: np.concatenate(parts[FIELD_OF.get(name, name)]) for name in self._wanted}
        return replace(Entries.blank(count), **{name: self._column(name, one) for name, one in columns.items()})

    def _read(self, found: Documents) -> Raw:
        columns = {}
        for name in self._fields:
            if name not in self._names:
                found.skip(name)
            elif name in TEXTS:
                read = found.arrays if name == "tag_ids" else found.texts
                columns[name] = read(name, self._texts[name])
            else:
                columns[name] = found.numbers(name, NULLS.get(name, 0))
        return columns

    def _column(self, name: str, values: NDArray[np.int64]) -> Any:
        if name == "tag_ids":
            return self._tags(values)
        if name in TEXT_COLUMNS:
            return Coded(values.astype(np.int32), self._shared(FIELD_OF.get(name, name)))
        if name == "billable":
            return values.astype(np.bool_)
        return values // MS_PER_SECOND if name in {"start_s", "update_s"} else values

    def _shared(self, name: str) -> list[str]:
        """Return the values of a column of texts, with those that are new."""
        shared = self._values[name]
        shared.extend(value.decode() for value in islice(self._texts[name], len(shared), None))
        if len(shared) > MOST_SHARED:
            self._texts[name], self._values[name] = {}, []
        return shared

    def _tags(self, values: NDArray[np.int64]) -> Coded[tuple[int, ...]]:
        places: dict[tuple[int, ...], int] = {}
        tags = [tuple(sorted({int(tag) for tag in bson.decode(value).values()})) for value in self._texts["tag_ids"]]
        self._texts["tag_ids"] = {}
        place = np.array([places.setdefault(one, len(places)) for one in tags], np.int32)
        return Coded(place[values], list(places))


def _in_shape(raw: Sequence[bytes]) -> bytes:
    """Return documents with the fields, the order and the types that a reader of columns expects."""
    documents = ({**EMPTY, **bson.decode(one)} for one in raw)
    return b"".join(bson.encode({name: _whole(found.get(name)) for name in FIELDS}) for found in documents)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) else value  # mongosh writes numbers as doubles
