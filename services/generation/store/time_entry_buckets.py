"""Buckets of time entries: those of a workspace and week packed as columns of little-endian bytes in a document."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.columnar import Ints
from services.generation.store.mongo import Document
from services.generation.timetracking.entries import TEXT_COLUMNS, Coded, Entries

T = TypeVar("T")
COLLECTION = "time_entry_buckets"
SCHEMA = 2
WEEK_S = 7 * 86_400
MOST_SHARED = 100_000  # values that the buckets of a reader share
WIDTHS: Mapping[int, np.dtype[Any]] = {int(name[-1]): np.dtype(name) for name in ("<i1", "<i2", "<i4", "<i8")}
NAMES = tuple(field.name for field in fields(Entries))


def week_of(moment_s: int) -> int:
    """Return the second that begins the week of a moment; weeks begin on the day of 1970-01-01, a Thursday."""
    return moment_s - moment_s % WEEK_S


def week_time(week_s: int) -> datetime:
    """Return the moment that begins a week, under which its bucket is stored."""
    return datetime.fromtimestamp(week_s, UTC)


def packed(entries: Entries, week_s: int) -> Document:
    """Return the fields of the bucket that holds the entries of a week."""
    columns: Document = {}
    for name in NAMES:
        column = getattr(entries, name)
        if name == "start_s":
            columns[name] = _pack(column - week_s)
        elif name not in TEXT_COLUMNS:
            columns[name] = _pack(column.astype(np.int64))
        else:
            columns[name] = {"codes": _pack(column.codes)} | _pack_values(name, column.values)
    return {"schema": SCHEMA, "count": len(entries), "columns": columns}


class BucketColumns:
    """Reader of some columns of buckets; the others are 0 or empty.

    Coded columns of one reader share their list of values, which grows until it is too long to be shared.
    """

    def __init__(self, columns: Collection[str]) -> None:
        self._names = [name for name in NAMES if name in columns]
        self._places: dict[str, dict[Any, int]] = {name: {} for name in TEXT_COLUMNS}
        self._values: dict[str, list[Any]] = {name: [] for name in TEXT_COLUMNS}

    @property
    def projection(self) -> Document:
        """Projection to what `entries` reads."""
        return {"count": 1} | {f"columns.{name}": 1 for name in self._names}

    def entries(self, bucket: Document) -> Entries:
        """Return the entries of a bucket."""
        count, week_s = bucket["count"], round(bucket["week"].timestamp())
        columns: dict[str, Any] = {}
        for name in self._names:
            found = bucket["columns"][name]
            if name in TEXT_COLUMNS:
                columns[name] = self._coded(name, _unpack(found["codes"], count), _unpack_values(name, found))
            else:
                columns[name] = _unpack(found, count).astype(np.bool_ if name == "billable" else np.int64)
        if "start_s" in columns:
            columns["start_s"] += week_s
        return replace(Entries.blank(count), **columns)

    def _coded(self, name: str, codes: NDArray[Any], values: Sequence[T]) -> Coded[T]:
        if len(self._values[name]) > MOST_SHARED:
            self._places[name], self._values[name] = {}, []
        places, shared = self._places[name], self._values[name]
        place = places.setdefault
        table = np.array([place(value, len(places)) for value in values], np.int32)
        shared.extend(islice(places, len(shared), None))
        return Coded(table[codes], shared)


def _pack_values(name: str, values: Sequence[Any]) -> Document:
    """Return the values of a coded column one after another, with the length of each."""
    lengths = _pack(np.array([len(value) for value in values], np.int64))
    if name == "tag_ids":
        joined = _pack(np.fromiter(chain.from_iterable(values), np.int64))
        return {"lengths": lengths, "values": joined, "value_count": len(values)}
    return {"lengths": lengths, "values": "".join(values), "value_count": len(values)}


def _unpack_values(name: str, found: Document) -> list[Any]:
    lengths = _unpack(found["lengths"], found["value_count"]).astype(np.int64)
    joined: Any = found["values"]
    if name == "tag_ids":
        joined = tuple(_unpack(joined, int(lengths.sum())).tolist())
    ends = np.cumsum(lengths)
    return [joined[start:end] for start, end in zip((ends - lengths).tolist(), ends.tolist(), strict=True)]


def _pack(column: NDArray[Any]) -> bytes:
    """Return the bytes of the narrowest type that holds all values."""
    ends: Iterable[int] = (int(column.min()), int(column.max())) if len(column) else ()
    dtype = next(one for one in WIDTHS.values() if all(np.iinfo(one).min <= end <= np.iinfo(one).max for end in ends))
    return column.astype(dtype).tobytes()


def _unpack(data: bytes, count: int) -> Ints:
    return np.frombuffer(data, WIDTHS[len(data) // count]) if count else np.empty(0, np.int64)
