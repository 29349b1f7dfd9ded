"""Columns of BSON documents that have the same fields in the same order, read without an object for each value."""

from collections.abc import Iterator, Sequence
from struct import Struct
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

DOUBLE, TEXT, DOCUMENT, ARRAY, BINARY, BOOL, DATE, NULL, INT32, TIMESTAMP, INT64 = (
    0x01, 0x02, 0x03, 0x04, 0x05, 0x08, 0x09, 0x0A, 0x10, 0x11, 0x12,
)  # fmt: skip
WIDTHS: Final = {BOOL: 1, DATE: 8, NULL: 0, INT32: 4, INT64: 8, DOUBLE: 8, TIMESTAMP: 8}  # bytes of a value
COUNTED: Final = {TEXT: 4, BINARY: 5, DOCUMENT: 0, ARRAY: 0}  # bytes beyond what the length before the value counts
LENGTH = 4  # bytes of a length
LONGEST_GATHER = 16  # bytes that can be read past the end of any value

_length_at = Struct("<i").unpack_from


class OtherShape(Exception):
    """Raised for documents with other fields, another order or other types than the reader expects."""


def elements(raw: bytes, start: int = 0) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, start and end of each value of the document that begins at `start`. Raises OtherShape."""
    end = start + _length_at(raw, start)[0] - 1
    place = start + LENGTH
    while place < end:
        kind, name_end = raw[place], raw.index(b"\0", place + 1)
        value = name_end + 1
        if kind in WIDTHS:
            past = value + WIDTHS[kind]
        elif kind in COUNTED:
            past = value + _length_at(raw, value)[0] + COUNTED[kind]
        else:
            raise OtherShape
        yield raw[place + 1 : name_end], value, past
        place = past


class Documents:
    """Documents whose fields are read in the order in which all of them have them."""

    def __init__(self, raw: bytes, starts: Sequence[int]) -> None:
        self._raw = raw + bytes(LONGEST_GATHER)
        self._starts = starts
        self._place = np.array(starts, np.int64) + LENGTH  # of the next field in each document

    @classmethod
    def in_array(cls, raw: bytes, start: int, end: int) -> "Documents":
        """Return the documents of a BSON array, whose elements are named 0, 1, 2 and so on."""
        starts: list[int] = []
        place, digits, widest = start + LENGTH, 1, 10
        while place < end - 1:
            place += digits + 2
            starts.append(place)
            place += _length_at(raw, place)[0]
            if len(starts) == widest:
                digits, widest = digits + 1, 10 * widest
        return cls(raw, starts)

    @classmethod
    def in_row(cls, raw: bytes) -> "Documents":
        """Return documents that follow each other."""
        starts: list[int] = []
        place = 0
        while place < len(raw):
            starts.append(place)
            place += _length_at(raw, place)[0]
        return cls(raw, starts)

    def __len__(self) -> int:
        return len(self._starts)

    @property
    def size(self) -> int:
        """Bytes of all documents together, and of what they came in."""
        return len(self._raw)

    def raw(self) -> list[bytes]:
        """Return each document as BSON."""
        return [self._raw[start : start + _length_at(self._raw, start)[0]] for start in self._starts]

    def numbers(self, name: str, none: int = 0) -> NDArray[np.int64]:
        """Return the next field: whole numbers, milliseconds of dates, 0 and 1 of booleans; null is `none`.

        Raises OtherShape.
        """
        kinds = self._kinds(name)
        values = np.full(len(self), none, np.int64)
        known = kinds == NULL
        for kind in (BOOL, DATE, INT32, INT64):
            rows = np.flatnonzero(kinds == kind)
            if len(rows):
                values[rows] = self._gather(self._place[rows], f"<i{WIDTHS[kind]}")
                self._place[rows] += WIDTHS[kind]
                known[rows] = True
        _require(known)
        return values

    def texts(self, name: str, seen: dict[bytes, int]) -> NDArray[np.int64]:
        """Return the next field: texts in UTF-8 as places in `seen`, new ones at its end; null is an empty text.

        Raises OtherShape.
        """
        kinds = self._kinds(name)
        rows = np.flatnonzero(kinds == TEXT)
        _require((kinds == TEXT) | (kinds == NULL))
        place = self._place[rows] + LENGTH
        ends = place + self._gather(place - LENGTH, "<i4")
        self._place[rows] = ends
        codes = np.zeros(len(self), np.int64)
        if len(rows) < len(self):
            codes[:] = seen.setdefault(b"", len(seen))
        codes[rows] = self._places(place, ends - 1, seen)  # without the zero byte
        return codes

    def arrays(self, name: str, seen: dict[bytes, int]) -> NDArray[np.int64]:
        """Return the next field: arrays in BSON as places in `seen`, new ones at its end. Raises OtherShape."""
        kinds, place = self._kinds(name), self._place
        _require(kinds == ARRAY)
        self._place = place + self._gather(place, "<i4")
        return self._places(place, self._place, seen)

    def skip(self, name: str) -> None:
        """Pass over the next field. Raises OtherShape."""
        kinds, place = self._kinds(name), self._place
        sizes = np.full(len(self), -1, np.int64)
        for kind, width in WIDTHS.items():
            sizes[kinds == kind] = width
        for kind, more in COUNTED.items():
            rows = np.flatnonzero(kinds == kind)
            sizes[rows] = self._gather(place[rows], "<i4") + more
        _require(sizes >= 0)
        self._place = place + sizes

    def _kinds(self, name: str) -> NDArray[np.uint8]:
        """Return the type of the next field in each document and go on to its value."""
        expected = np.frombuffer(name.encode() + b"\0", np.uint8)
        heads = self._gather(self._place, f"V{1 + len(expected)}").view(np.uint8).reshape(-1, 1 + len(expected))
        _require(heads[:, 1:] == expected)
        self._place = self._place + heads.shape[1]
        return heads[:, 0]

    def _gather(self, place: NDArray[np.int64], kind: str) -> NDArray[Any]:
        """Return the values of a type of fixed size that begin at places."""
        last = len(self._raw) - np.dtype(kind).itemsize
        _require(place <= last)
        return np.ndarray((last + 1,), kind, self._raw, 0, (1,))[place]

    def _places(self, starts: NDArray[np.int64], ends: NDArray[np.int64], seen: dict[bytes, int]) -> NDArray[np.int64]:
        raw, place = self._raw, seen.setdefault
        edges = zip(starts.tolist(), ends.tolist(), strict=True)
        return np.array([place(raw[start:end], len(seen)) for start, end in edges], np.int64)


def _require(fulfilled: NDArray[np.bool_]) -> None:
    if not fulfilled.all():
        raise OtherShape
