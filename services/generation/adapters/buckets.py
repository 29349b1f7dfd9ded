"""Track buckets: points of one tracker and UTC day packed as columns of little-endian bytes in a document."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.points import VALUES, Points
from services.generation.domain.refusals import DAY_MS

Document = dict[str, Any]

SCHEMA = 1
CAPACITY = 2_000  # points
FULL = CAPACITY // 2  # from here on a bucket is never merged
FLOAT = np.dtype("<f8")
STORED = dict.fromkeys(VALUES, FLOAT) | {"satellites": np.dtype("<i2"), "ignition": np.dtype("i1")}
UNKNOWN = -1  # of the whole numbers; all of them count from 0
LIVE = {"$expr": {"$gte": [{"$ifNull": ["$superseded", "$$NOW"]}, "$$NOW"]}}


def overlapping(tracker_id: int, start_ms: int, end_ms: int) -> Document:
    """Return the query for the buckets that may have points from `start_ms` to before `end_ms`.

    It takes buckets that were superseded after the query began as well: their points may have moved to where the cursor
    has already been. A point that is read twice is merged away.
    """
    after = day_of(end_ms - 1) + DAY_MS  # a bucket ends on the day it begins
    return {"tracker_id": tracker_id, "to_ms": {"$gte": start_ms, "$lt": after}, "from_ms": {"$lt": end_ms}} | LIVE


def day_of(moment_ms: int) -> int:
    """Return the midnight, in ms, that begins the UTC day of a moment."""
    return moment_ms - moment_ms % DAY_MS


def date_of(moment_ms: int) -> datetime:
    """Return the midnight that begins the UTC day of a moment."""
    return datetime.fromtimestamp(day_of(moment_ms) / 1000, UTC)


def documents_of(tracker_id: int, points: Points, tier: int = 0) -> list[Document]:
    """Return the buckets of points that are in time order, one a moment.

    A bucket of fewer than FULL points carries its tier: how often its points were merged.
    """
    return [_document(tracker_id, part, tier) for part in _parts(points)]


def points_of(documents: Sequence[Document]) -> Points:
    """Return the points of buckets, one bucket after another. Only `count` and `columns` are read."""
    bounds = np.cumsum([0, *(document["count"] for document in documents)])
    time_ms = np.empty(bounds[-1], np.int64)
    values = np.full((len(VALUES), bounds[-1]), np.nan)
    for document, first, last in zip(documents, bounds[:-1], bounds[1:], strict=True):
        columns = document["columns"]
        time_ms[first:last] = np.frombuffer(columns["time"], "<i8")
        for row, (name, stored) in enumerate(STORED.items()):
            if name in columns:
                values[row, first:last] = _unpacked(columns[name], stored)
    return Points(time_ms, values)


def _parts(points: Points) -> Iterator[Points]:
    days = points.time_ms // DAY_MS
    starts = np.flatnonzero(np.diff(days, prepend=-1))  # no point is older than 1970
    for first, last in zip(starts, [*starts[1:], len(points)], strict=True):
        for part in np.array_split(np.arange(first, last), -((first - last) // CAPACITY)):
            yield points.take(part)


def _document(tracker_id: int, points: Points, tier: int) -> Document:
    columns = {"time": points.time_ms.astype("<i8").tobytes()} | dict(_packed(points))
    from_ms, to_ms = int(points.time_ms[0]), int(points.time_ms[-1])
    waiting = {"tier": tier} if len(points) < FULL else {}
    return {
        "_id": _identity([tracker_id, *waiting.values()], columns),
        "tracker_id": tracker_id,
        "day": date_of(from_ms),
        "from_ms": from_ms,
        "to_ms": to_ms,
        "count": len(points),
        "schema": SCHEMA,
        "columns": columns,
        **waiting,
    }


def _identity(numbers: Iterable[int], columns: dict[str, bytes]) -> bytes:
    """Return an id that equal buckets share, so that one written twice is stored once.

    The tier is part of it: what is merged never has the id of one of its sources, which are about to go.
    """
    digest = hashlib.blake2b(repr([*numbers, *((name, len(data)) for name, data in columns.items())]).encode())
    for data in columns.values():
        digest.update(data)
    return digest.digest()[:16]


def _packed(points: Points) -> Iterator[tuple[str, bytes]]:
    for name, stored in STORED.items():
        column = points.column(name)
        unknown = np.isnan(column)
        if not unknown.all():
            yield name, (column if stored == FLOAT else np.where(unknown, UNKNOWN, column)).astype(stored).tobytes()


def _unpacked(data: bytes, stored: np.dtype[Any]) -> NDArray[np.float64]:
    column = np.frombuffer(data, stored).astype(np.float64, copy=False)
    return column if stored == FLOAT else np.where(column == UNKNOWN, np.nan, column)
