"""Plan of a detailed report: which entries make a row, and the order of the rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.columnar import Ints
from services.generation.timetracking.directory import Directory, place_of, title_places
from services.generation.timetracking.entries import Rows
from services.generation.timetracking.parameters import DetailedParams, Order
from services.generation.timetracking.prices import Currencies, price_column
from services.generation.timetracking.tally import Codebook, Columns, mapped, numbered, summed

_MERGED = ("user", "project", "task", "description", "tags", "currency", "price")
_WIDE = frozenset({"start", "seconds", "update", "price", "day"})  # the rest fits 32 bits
_READ = {
    "id": "id",
    "start": "start_s",
    "user": "user_id",
    "project": "project_id",
    "task": "task_id",
    "update": "update_s",
    "description": "description",
    "tags": "tag_ids",
}
_KEYS: dict[Order, str] = {
    "date": "start",
    "user": "user",
    "duration": "seconds",
    "description": "description",
    "last_update": "update",
}


@dataclass(frozen=True, slots=True)
class RowPlan:
    """The rows of a report before they are read: row k is of the ids from `row_ends[k - 1]` up to `row_ends[k]`."""

    ids: Ints
    row_ends: Ints

    def __len__(self) -> int:
        return len(self.row_ends)


class DetailFold:
    """Keeps the columns of prepared entries that order and merge rows: 12 to 56 bytes an entry, and each text once.

    Rows are in the order of the parameters, then by start and id of their first entry; the entries of a row likewise.
    A grouped row is of entries that are alike in all but time (reference section 7), also in currency.
    """

    def __init__(self, params: DetailedParams, directory: Directory, *, by_day: bool = False) -> None:
        """Begin without rows; `by_day` orders rows in order of date by their local days first, as paper shows them."""
        self._params = params
        self._by_day = by_day
        self._directory = directory
        self._descriptions = Codebook[str]()
        self._tags = Codebook[tuple[int, ...]]()
        self._currencies = Currencies()
        self._kept: dict[str, list[NDArray[np.int64 | np.uint32]]] = {}

    @property
    def columns(self) -> frozenset[str]:
        """Names of the columns that it reads."""
        known = frozenset(_READ[name] for name in self._names if name in _READ)
        return known | {"user_id"} if self._by_day else known

    @property
    def _names(self) -> set[str]:
        return {"id", "start", self._key, *(_MERGED if self._params.grouped else ())}

    @property
    def _key(self) -> str:
        return "day" if self._by_day and self._params.order_by == "date" else _KEYS[self._params.order_by]

    def merged_keys(self, rows: Rows) -> Columns:
        """Return what the entries of a merged row have in common."""
        return [self._column(name, rows) for name in _MERGED]

    def add(self, rows: Rows) -> None:
        """Add a run of entries."""
        for name in self._names:
            column = self._column(name, rows)
            self._kept.setdefault(name, []).append(column.copy() if name in _WIDE else column.astype(np.uint32))

    def result(self) -> RowPlan:
        """Return the rows of all entries that were added. It can be called once."""
        key = self._key
        values = self._whole(key)
        codes, count = numbered(map(self._taken, _MERGED)) if self._params.grouped else (None, len(values))
        ids, start_s = self._taken("id"), self._taken("start")
        self._kept.clear()
        if codes is None:
            return RowPlan(ids[self._order(self._ranked(key, values), start_s, ids)], np.arange(1, count + 1))
        by_row = np.lexsort((ids, start_s, codes))
        lengths = np.bincount(codes, minlength=count)
        begins = np.cumsum(lengths) - lengths
        main = self._merged(key, values, codes, by_row, begins)
        del codes, values
        order = self._order(main, start_s[by_row[begins]], ids[by_row[begins]])
        lengths, begins = lengths[order], begins[order]
        row_ends = np.cumsum(lengths)
        del main, order, start_s
        by_row = by_row[np.arange(len(ids)) + np.repeat(begins - (row_ends - lengths), lengths)]
        return RowPlan(ids[by_row], row_ends)

    def _order(self, main: Ints, start_s: Ints, ids: Ints) -> Ints:
        """Return the places of rows in their order: by a column, up or down, then by start and id.

        In order of date their ids go up or down, too.
        """
        if not self._params.descending:
            return np.lexsort((ids, start_s, main))
        if self._params.order_by == "date":
            return np.lexsort((-ids, -start_s, -main))
        return np.lexsort((ids, start_s, -main))

    def _column(self, name: str, rows: Rows) -> Ints:
        entries = rows.entries
        coded: dict[str, Callable[[], Ints]] = {
            "description": lambda: self._descriptions.codes(entries.description),
            "tags": lambda: self._tags.codes(entries.tag_ids),
            "currency": lambda: self._currencies.column(rows),
            "price": lambda: price_column(rows),
            "seconds": lambda: rows.seconds,
            "day": lambda: rows.day,
        }
        column: Ints = coded[name]() if name in coded else getattr(entries, _READ[name])
        return column

    def _whole(self, name: str) -> Ints:
        runs = self._kept.get(name, [])
        return np.concatenate(runs).astype(np.int64) if runs else np.empty(0, np.int64)

    def _taken(self, name: str) -> Ints:
        """Return a column and keep it no longer."""
        whole = self._whole(name)
        self._kept.pop(name, None)
        return whole

    def _merged(self, key: str, values: Ints, codes: Ints, by_row: Ints, begins: Ints) -> Ints:
        """Return the numbers that rows of several entries are ordered by."""
        if key == "seconds":
            return summed(codes, values, len(begins))
        if key == "update":
            return np.maximum.reduceat(values[by_row], begins) if len(begins) else begins
        return self._ranked(key, values[by_row[begins]])

    def _ranked(self, key: str, values: Ints) -> Ints:
        """Return values as numbers in their order."""
        if key == "user":
            return mapped(values, self._user_ranks)
        if key == "description":
            texts = self._descriptions.taken()
            return title_places(texts, np.zeros(len(texts), np.bool_), self._directory.collate, descending=False)[
                values
            ]
        return values

    def _user_ranks(self, ids: Ints) -> Ints:
        places = [place_of("users", one, self._directory) for one in ids.tolist()]
        return _ranks(sorted(range(len(places)), key=places.__getitem__))


def _ranks(order: Sequence[int]) -> Ints:
    """Return the place of each number in an order."""
    ranks = np.empty(len(order), np.int64)
    ranks[np.array(order, np.int64)] = np.arange(len(order))
    return ranks
