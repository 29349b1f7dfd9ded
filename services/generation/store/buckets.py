"""Buckets: samples of one entity and UTC day packed as columns of little-endian bytes in a document."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymongo import ASCENDING, DESCENDING, IndexModel

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.counter_outlines import CounterOutlines
from services.generation.domain.samples import Samples
from services.generation.domain.tracks import MS_PER_DAY
from services.generation.inputs.series import Series

Document = dict[str, Any]

SCHEMA = 1
CAPACITY = 2_000  # samples
FULL = CAPACITY // 2  # from here on a bucket is never merged
TIME = np.dtype("<i4")  # ms since from_ms; a day fits
PACKINGS = {width: np.dtype(name) for width, name in ((1, "i1"), (2, "<i2"), (4, "<f4"), (8, "<f8"))}  # bytes a value
PACKED = {"_id": 1, "from_ms": 1, "count": 1, "columns": 1, "texts": 1}  # what `samples_of` reads
IS_LIVE = {"$gte": [{"$ifNull": ["$superseded", "$$NOW"]}, "$$NOW"]}
LIVE = {"$expr": IS_LIVE}
OUTLINE = ("known", "first_ms", "last_ms", "first", "last", "falls")  # of a counter: whether it has a reading, and them


def overlapping(series: Series, entity: Any, start_ms: int, end_ms: int) -> Document:
    """Return the query for the buckets that may have samples from `start_ms` to before `end_ms`.

    It takes buckets that were superseded after the query began as well: their samples may have moved to where the
    cursor has already been. A sample that is read twice is merged away.
    """
    after = day_of(end_ms - 1) + MS_PER_DAY  # a bucket ends on the day it begins
    moments = {"to_ms": {"$gte": start_ms, "$lt": after}, "from_ms": {"$lt": end_ms}}
    return {series.entity_field: entity} | moments | LIVE


def bucket_indexes(series: Series) -> Iterator[IndexModel]:
    """Yield the indexes of the buckets of a series."""
    entity = {series.entity_field: ASCENDING}
    yield IndexModel(entity | {"to_ms": ASCENDING, "from_ms": ASCENDING})
    yield IndexModel(entity | {"day": ASCENDING, "tier": ASCENDING})
    for column in series.sought:
        exists = {f"columns.{column}": {"$exists": True}}
        yield IndexModel(entity | {"to_ms": DESCENDING}, partialFilterExpression=exists, name=f"with_{column}")
    for counter in series.counters:
        keys = [f"outlines.{counter}.{name}" for name in OUTLINE]
        yield IndexModel(
            entity | dict.fromkeys([keys[0], "to_ms", "from_ms", "superseded", *keys[1:]], ASCENDING),
            name=outlines_index(counter),
        )
    yield IndexModel("expire_time", expireAfterSeconds=0)


def outlines_index(counter: str) -> str:
    """Return the name of the index that holds the outlines of a counter."""
    return f"outlines_of_{counter}"


def day_of(moment_ms: int) -> int:
    """Return the midnight, in ms, that begins the UTC day of a moment."""
    return moment_ms - moment_ms % MS_PER_DAY


def date_of(moment_ms: int) -> datetime:
    """Return the midnight that begins the UTC day of a moment."""
    return datetime.fromtimestamp(day_of(moment_ms) / 1000, UTC)


def documents_of(series: Series, entity: Any, samples: Samples, tier: int = 0) -> list[Document]:
    """Return the buckets of samples that are in time order, one a moment.

    A bucket of fewer than FULL samples carries its tier: how often its samples were merged.
    """
    return [
        {series.entity_field: entity} | _document(entity, part, tier) | _outlines(series, part)
        for part in _parts(samples)
    ]


def samples_of(series: Series, documents: Sequence[Document]) -> Samples:
    """Return the samples of buckets, one bucket after another."""
    time_ms, columns = columns_of(documents)
    texts = {text for document in documents for text in document.get("texts", ())}
    return series.samples(time_ms, texts, **columns)


def columns_of(documents: Sequence[Document]) -> tuple[Ints, dict[str, Floats]]:
    """Return times and columns of the samples of buckets, one after another, without columns that none has."""
    counts = [document["count"] for document in documents]
    packed = [document["columns"] for document in documents]
    starts = np.array([document["from_ms"] for document in documents], np.int64)
    since = np.frombuffer(b"".join(columns["time"] for columns in packed), TIME)
    names = {name for columns in packed for name in columns} - {"time"}
    columns = {name: _unpack([columns.get(name, b"") for columns in packed], counts) for name in names}
    return np.repeat(starts, counts) + since, columns


def _parts(samples: Samples) -> Iterator[Samples]:
    days = samples.time_ms // MS_PER_DAY
    starts = np.flatnonzero(np.diff(days, prepend=-1))  # no sample is older than 1970
    for first, last in pairwise([*starts, len(samples)]):
        for part in np.array_split(np.arange(first, last), -((first - last) // CAPACITY)):
            yield samples.take(part)


def _document(entity: Any, samples: Samples, tier: int) -> Document:
    from_ms, to_ms = int(samples.time_ms[0]), int(samples.time_ms[-1])
    columns = {"time": (samples.time_ms - from_ms).astype(TIME).tobytes()}
    known = np.flatnonzero((~np.isnan(samples.values)).any(axis=1))
    columns |= {samples.names[row]: _pack(samples.values[row]) for row in known}
    waiting = {"tier": tier} if len(samples) < FULL else {}
    texts = [text for code, text in samples.texts.items() if (samples.values == code).any()]
    return {
        "_id": _identity([entity, from_ms, *waiting.values()], columns),
        "day": date_of(from_ms),
        "from_ms": from_ms,
        "to_ms": to_ms,
        "count": len(samples),
        "schema": SCHEMA,
        "columns": columns,
        **({"texts": texts} if texts else {}),
        **waiting,
    }


def _outlines(series: Series, samples: Samples) -> Document:
    """Return the outlines of the counters of a series, which an index holds; a bucket without any is an older one."""
    outlines = {name: CounterOutlines.of(samples.time_ms, samples.columns()[name]) for name in series.counters}
    return {"outlines": {name: _outline(one) for name, one in outlines.items()}} if outlines else {}


def _outline(one: CounterOutlines) -> Document:
    values = {name: getattr(one, name).tolist() for name in OUTLINE[1:]}
    return {"known": bool(len(one))} | {name: value for name, found in values.items() for value in found}


def _identity(numbers: Iterable[Any], columns: dict[str, bytes]) -> bytes:
    """Return an id that equal buckets share, so that one written twice is stored once.

    The tier is part of it: what is merged never has the id of one of its sources, which are about to go.
    """
    digest = hashlib.blake2b(repr([*numbers, *((name, len(data)) for name, data in columns.items())]).encode())
    for data in columns.values():
        digest.update(data)
    return digest.digest()[:16]


def _pack(column: Floats) -> bytes:
    """Return the bytes of the narrowest type that holds all values exactly. Unknown is an integer type's smallest."""
    for dtype in PACKINGS.values():
        with np.errstate(invalid="ignore", over="ignore"):  # what does not fit differs
            packed = np.where(np.isnan(column), _unknown(dtype), column).astype(dtype)
        if np.array_equal(_floats(packed), column, equal_nan=True):
            break
    return packed.tobytes()


def _unpack(parts: Sequence[bytes], counts: Sequence[int]) -> Floats:
    """Return a column from the bytes of its parts, empty where it is missing; neighbours packed alike go together."""
    pieces = []
    for width, run in groupby(zip(parts, counts, strict=True), key=lambda part: len(part[0]) // part[1]):
        data, sizes = zip(*run, strict=True)
        if not width:
            pieces.append(np.full(sum(sizes), np.nan))
        elif PACKINGS[width].kind == "i":
            pieces.append(_floats(np.frombuffer(b"".join(data), PACKINGS[width])))
        else:  # values as they are, so that they are copied once
            pieces += [np.frombuffer(one, PACKINGS[width]) for one in data]
    return np.concatenate(pieces, dtype=np.float64)


def _floats(packed: NDArray[Any]) -> Floats:
    return np.where(packed == _unknown(packed.dtype), np.nan, packed) if packed.dtype.kind == "i" else packed


def _unknown(dtype: np.dtype[Any]) -> float:
    return float(np.iinfo(dtype).min) if dtype.kind == "i" else np.nan
