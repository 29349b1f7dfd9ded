"""Base class of tables that are stored as columns."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Readings = NDArray[np.float64 | np.float32]
Flags = NDArray[np.bool_]
Rows = slice | NDArray[np.intp] | Ints | Flags

_DTYPES: dict[object, type[np.generic]] = {Ints: np.int64, Floats: np.float64, Readings: np.float64, Flags: np.bool_}

_NAMES: dict[type[Any], tuple[str, ...]] = {}


def _names(table: type[Any]) -> tuple[str, ...]:
    """Return the names of a table's columns: reading its fields each time takes longer than work on few rows."""
    names = _NAMES.get(table)
    if names is None:
        names = _NAMES[table] = tuple(field.name for field in fields(table))
    return names


@dataclass(frozen=True, slots=True)
class Columns:
    """A table whose fields are one-dimensional arrays of equal length."""

    def __len__(self) -> int:
        return len(getattr(self, _names(type(self))[0]))

    def __getitem__(self, rows: Rows) -> Self:
        """Return the rows that a slice, an index array or a mask selects; a slice copies nothing."""
        return type(self)(*[getattr(self, name)[rows] for name in _names(type(self))])

    @classmethod
    def empty(cls) -> Self:
        """Return the table without rows."""
        return cls(*(np.empty(0, _DTYPES[field.type]) for field in fields(cls)))

    @classmethod
    def join(cls, tables: Iterable[Self]) -> Self:
        """Return the rows of all tables in the order given."""
        filled = [table for table in tables if len(table)]
        if len(filled) <= 1:
            return filled[0] if filled else cls.empty()
        return cls(*[np.concatenate([getattr(table, name) for table in filled]) for name in _names(cls)])
