"""BSON documents of one shape as columns, without a Python object for each value."""

import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

DOUBLE, TEXT, ARRAY, BOOL, DATE, NULL, INT32, INT64 = 0x01, 0x02, 0x04, 0x08, 0x09, 0x0A, 0x10, 0x12
WIDTHS: Final = {BOOL: 1, DATE: 8, NULL: 0, INT32: 4, INT64: 8}  # bytes of the values that are numbers
LENGTH = 4  # bytes that say how long a document, a text or an array is


class OtherShape(Exception):
    """A document has other fields, another order or other types than the reader asks for."""


class Documents:
    """Documents one after the other. Fields are taken in the order in which all documents have them."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._bytes = np.frombuffer(raw, np.uint8)
        self._place = _starts(raw) + LENGTH  # of the next field in each document

    def __len__(self) -> int:
        return len(self._place)

    def numbers(self, name: str, none: int = 0) -> NDArray[np.int64]:
        """Return the next field: whole numbers, milliseconds of dates, 0 and 1 of truth values; null is `none`.

        Raises OtherShape.
        """
        kinds, place = self._field(name)
        values = np.full(len(self), none, np.int64)
        known = kinds == NULL
        for kind, width in WIDTHS.items():
            rows = np.flatnonzero(kinds == kind)
            if width and len(rows):
                values[rows] = self._whole(place[rows], width)
                place[rows] += width
                known[rows] = True
        self._place = place
        _require(known)
        return values

    def texts(self, name: str) -> list[bytes]:
        """Return the next field: texts as UTF-8; null is an empty one. Raises OtherShape."""
        kinds, place = self._field(name)
        is_text = kinds == TEXT
        _require(is_text | (kinds == NULL))
        rows = np.flatnonzero(is_text)
        ends = place.copy()
        ends[rows] += LENGTH + self._whole(place[rows], LENGTH)  # the length counts the zero byte at the end
        self._place = ends
        return self._cut(place + LENGTH, ends - 1)

    def arrays(self, name: str) -> list[bytes]:
        """Return the next field: arrays as BSON. Raises OtherShape."""
        kinds, place = self._field(name)
        _require(kinds == ARRAY)
        self._place = place + self._whole(place, LENGTH)
        return self._cut(place, self._place)

    def _cut(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> list[bytes]:
        raw = self._raw
        return [raw[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]

    def _field(self, name: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Return the type of the next field in each document and where its value begins."""
        wanted = np.frombuffer(name.encode() + b"\0", np.uint8)
        last = self._place + len(wanted)
        _require(last < len(self._bytes))
        names = self._bytes[self._place[:, None] + np.arange(1, len(wanted) + 1)]
        _require((names == wanted).all(axis=1))
        return self._bytes[self._place], last + 1

    def _whole(self, place: NDArray[np.int64], width: int) -> NDArray[np.int64]:
        found = np.ascontiguousarray(self._bytes[place[:, None] + np.arange(width)])
        whole: NDArray[np.int64] = found.view(f"<i{width}")[:, 0].astype(np.int64)
        return whole


def _require(fulfilled: NDArray[np.bool_]) -> None:
    if not fulfilled.all():
        raise OtherShape


def _starts(raw: bytes) -> NDArray[np.int64]:
    """Return where each document begins."""
    length_at = struct.Struct("<i").unpack_from
    starts: list[int] = []
    place, end = 0, len(raw)
    while place < end:
        starts.append(place)
        place += length_at(raw, place)[0]
    return np.array(starts, np.int64)
