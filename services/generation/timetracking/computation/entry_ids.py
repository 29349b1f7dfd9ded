"""Which entries are in which part of a report: their ids by the keys that they were grouped by."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.columns import Ints
from services.generation.timetracking.computation.entries import Entries
from services.generation.timetracking.computation.ranges import Ranges
from services.generation.timetracking.computation.tally import Columns, numbered

_KEYS = 4  # group, sub-group, currency, price
_CURRENCY = 2
_TYPES = (np.int64, np.int32, np.int32, np.int64, np.int64, np.uint32)  # of the keys, the start and the id


class EntryIds:
    """Keeps keys, start and id of each entry, 36 bytes, until they are asked for."""

    def __init__(self) -> None:
        self._runs: list[list[NDArray[np.int64 | np.int32 | np.uint32]]] = [[] for _ in _TYPES]

    def add(self, keys: Columns, entries: Entries) -> None:
        """Add a run of entries under their keys."""
        for runs, column, kind in zip(self._runs, (*keys, entries.start_s, entries.id), _TYPES, strict=True):
            runs.append(column.astype(kind))

    def sorted(self, depth: int, ranked: Callable[[Ints], Ints]) -> tuple[NDArray[np.uint32], Ranges]:
        """Return the ids in ascending order of their first `depth` keys, then by start, and which have equal keys.

        `ranked` says the order of currencies. It can be asked for once.
        """
        codes, count = numbered(self._key(place, ranked) for place in range(depth))
        start_s, ids = self._taken(_KEYS), self._taken(_KEYS + 1)
        self._runs.clear()
        ends = np.cumsum(np.bincount(codes, minlength=count))
        return ids[np.lexsort((ids, start_s, codes))].astype(np.uint32), Ranges(np.append(0, ends[:-1]), ends)

    def _key(self, place: int, ranked: Callable[[Ints], Ints]) -> Ints:
        column = self._taken(place)
        return ranked(column) if place == _CURRENCY else column

    def _taken(self, place: int) -> Ints:
        """Return a column and keep it no longer."""
        runs, self._runs[place] = self._runs[place], []
        return np.concatenate(runs, dtype=np.int64) if runs else np.empty(0, np.int64)
