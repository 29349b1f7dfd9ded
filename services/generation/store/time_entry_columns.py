"""Time entries as they are read for reports: many documents at once, as columns."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import bson
import numpy as np
from numpy.typing import NDArray

from services.generation.store.bson_columns import Documents, OtherShape
from services.generation.store.time_entry_documents import WORDS, projection
from services.generation.timetracking.entries import NO_RATE, Coded, Entries

MS_PER_SECOND = 1000


class Run:
    """Batches of documents on their way to being columns."""

    def __init__(self, *, words: bool) -> None:
        self._words = words
        self._columns = {name: [np.empty(0, np.int64)] for name in projection(words=words)}
        self._texts: dict[str, dict[bytes, int]] = {name: {} for name in ("currency", *WORDS)}
        self.count = 0
        self.size = 0  # in bytes, as BSON

    def add(self, raw: bytes) -> None:
        """Take in a batch of documents."""
        try:
            columns = self._read(Documents(raw))
        except OtherShape:  # somebody changed a document by hand
            columns = self._read(Documents(_in_shape(raw, words=self._words)))
        for name, column in columns.items():
            self._columns[name].append(column)
        self.count += len(columns["_id"])
        self.size += len(raw)

    def _read(self, found: Documents) -> dict[str, NDArray[np.int64]]:
        columns = {}
        for name in projection(words=self._words):
            if name in self._texts:
                values = found.arrays(name) if name == "tag_ids" else found.texts(name)
                columns[name] = self._codes(name, values)
            else:
                columns[name] = found.numbers(name, NO_RATE if name == "rate_cents" else 0)
        return columns

    def _codes(self, name: str, values: Sequence[bytes]) -> NDArray[np.int64]:
        seen = self._texts[name]
        return np.array([seen.setdefault(value, len(seen)) for value in values], np.int64)

    def entries(self) -> Entries:
        """Return the columns of all documents that were added."""
        columns = {name: np.concatenate(parts) for name, parts in self._columns.items()}
        return Entries(
            id=columns["_id"],
            user_id=columns["user_id"],
            project_id=columns["project_id"],
            task_id=columns["task_id"],
            start_s=columns["start"] // MS_PER_SECOND,
            seconds=columns["seconds"],
            billable=columns["billable"].astype(np.bool_),
            rate_cents=columns["rate_cents"],
            currency=self._coded(columns, "currency"),
            update_s=columns["update_time"] // MS_PER_SECOND,
            description=self._coded(columns, "description"),
            tag_ids=self._tags(columns),
        )

    def _coded(self, columns: Mapping[str, NDArray[np.int64]], name: str) -> Coded[str]:
        if name not in columns:
            return Coded(np.zeros(self.count, np.int32), [""])
        return Coded(columns[name].astype(np.int32), [value.decode() for value in self._texts[name]])

    def _tags(self, columns: Mapping[str, NDArray[np.int64]]) -> Coded[tuple[int, ...]]:
        if "tag_ids" not in columns:
            return Coded(np.zeros(self.count, np.int32), [()])
        places: dict[tuple[int, ...], int] = {}
        tags = [tuple(sorted({int(tag) for tag in bson.decode(value).values()})) for value in self._texts["tag_ids"]]
        place = np.array([places.setdefault(one, len(places)) for one in tags], np.int32)
        return Coded(place[columns["tag_ids"]], list(places))


def taken(entries: Entries, rows: NDArray[np.int64]) -> Entries:
    """Return the entries at some places."""
    columns = {field.name: getattr(entries, field.name) for field in fields(Entries)}
    return Entries(**{name: _at(column, rows) for name, column in columns.items()})


def _at(column: Any, rows: NDArray[np.int64]) -> Any:
    return Coded(column.codes[rows], column.values) if isinstance(column, Coded) else column[rows]


def _in_shape(raw: bytes, *, words: bool) -> bytes:
    """Return documents with the fields, the order and the types that a reader of columns expects."""
    empty = {"billable": False, "description": "", "tag_ids": []}
    names = projection(words=words)
    documents = ({**empty, **found} for found in bson.decode_all(raw))
    return b"".join(bson.encode({name: _whole(found.get(name)) for name in names}) for found in documents)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) else value  # mongosh writes numbers as doubles
