"""Detailed reports: which entries make a row, in which order rows come, and the rows ready to be written."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.columns import Ints
from services.generation.domain.timesheets.directory import Directory
from services.generation.domain.timesheets.entries import NO_RATE, Layout, Order, Rows
from services.generation.domain.timesheets.names import place_of
from services.generation.domain.timesheets.preparing import Offsets, local_offsets_s
from services.generation.domain.timesheets.prices import Currencies, price_column
from services.generation.domain.timesheets.results import DetailedRow, RowEntry
from services.generation.domain.timesheets.tally import Codebook, mapped, numbered, summed
from services.generation.domain.timesheets.titles import title_places

_MERGED = ("user", "project", "task", "description", "tags", "currency", "price")
_WIDE = frozenset({"start", "seconds", "update", "price"})  # the rest fits 32 bits
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
    """Keeps of prepared entries what the order of rows and their merging need: 12 to 56 bytes, and words once.

    Rows are ordered by the layout, then by start and id of their first entry; the entries of a row likewise.
    A grouped row is of entries that are alike in all but time (reference section 7), also in currency.
    """

    def __init__(self, layout: Layout, directory: Directory) -> None:
        self._layout = layout
        self._directory = directory
        self._descriptions = Codebook[str]()
        self._tags = Codebook[tuple[int, ...]]()
        self._currencies = Currencies()
        self._kept: dict[str, list[NDArray[np.int64 | np.uint32]]] = {}

    def add(self, rows: Rows) -> None:
        """Add a run of entries."""
        for name in {"id", "start", _KEYS[self._layout.order_by], *(_MERGED if self._layout.grouped else ())}:
            column = self._column(name, rows)
            self._kept.setdefault(name, []).append(column.copy() if name in _WIDE else column.astype(np.uint32))

    def result(self) -> RowPlan:
        """Return the rows of what was added; it can be asked for once."""
        key = _KEYS[self._layout.order_by]
        values = self._whole(key)
        codes, count = numbered(map(self._taken, _MERGED)) if self._layout.grouped else (None, len(values))
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
        """Return the places of rows in their order: by one thing up or down, then by start and id."""
        return np.lexsort((ids, start_s, -main if self._layout.descending else main))

    def _column(self, name: str, rows: Rows) -> Ints:
        entries = rows.entries
        coded = {
            "description": lambda: self._descriptions.codes(entries.description),
            "tags": lambda: self._tags.codes(entries.tag_ids),
            "currency": lambda: self._currencies.column(rows),
            "price": lambda: price_column(rows),
        }
        plain = {
            "id": entries.id,
            "start": entries.start_s,
            "user": entries.user_id,
            "project": entries.project_id,
            "task": entries.task_id,
            "seconds": rows.seconds,
            "update": entries.update_s,
        }
        return plain[name] if name in plain else coded[name]()

    def _whole(self, name: str) -> Ints:
        runs = self._kept.get(name, [])
        return np.concatenate(runs).astype(np.int64) if runs else np.empty(0, np.int64)

    def _taken(self, name: str) -> Ints:
        """Return a column and keep it no longer."""
        whole = self._whole(name)
        self._kept.pop(name, None)
        return whole

    def _merged(self, key: str, values: Ints, codes: Ints, by_row: Ints, begins: Ints) -> Ints:
        """Return what each row of several entries is ordered by, as numbers."""
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
            return title_places(texts, np.zeros(len(texts), np.bool_), descending=False)[values]
        return values

    def _user_ranks(self, ids: Ints) -> Ints:
        places = [place_of("users", one, self._directory) for one in ids.tolist()]
        return _ranks(sorted(range(len(places)), key=places.__getitem__))


def _ranks(order: Sequence[int]) -> Ints:
    """Return the place of each number in an order."""
    ranks = np.empty(len(order), np.int64)
    ranks[np.array(order, np.int64)] = np.arange(len(order))
    return ranks


def rows_of(  # noqa: PLR0917 # what is asked of rows, none of it by default
    rows: Rows, ends: Ints | None, first_number: int, offsets: Offsets, directory: Directory, amounts: bool
) -> list[DetailedRow]:
    """Return prepared entries as rows: row k is of the entries from `ends[k - 1]` up to `ends[k]`; None has one each.

    What the entries of a row have in common is taken from the first. Without amounts there are no rates either.
    """
    if not len(rows):
        return []
    last = np.arange(1, len(rows) + 1) if ends is None else ends
    begin = np.append(0, last[:-1])
    entries, those = rows.entries, _row_entries(rows, offsets, directory)
    is_priced = (rows.rate_cents[begin] != NO_RATE) & amounts
    columns = (
        np.arange(first_number, first_number + len(last)),
        entries.user_id[begin],
        entries.project_id[begin],
        entries.task_id[begin],
        entries.tag_ids.codes[begin],
        entries.description.codes[begin],
        entries.billable[begin],
        is_priced,
        np.add.reduceat(rows.amount_cents, begin),
        rows.rate_cents[begin],
        rows.currency.codes[begin],
        begin,
        last,
    )
    return [
        DetailedRow(
            number=number,
            user_id=user,
            project_id=project or None,
            task_id=task or None,
            tag_ids=entries.tag_ids.values[tags],
            description=entries.description.values[description],
            billable=billable,
            amount_cents=amount if priced else None,
            rate_cents=rate if priced else None,
            currency=rows.currency.values[currency],
            entries=those[first:end],
        )
        for number, user, project, task, tags, description, billable, priced, amount, rate, currency, first, end in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]


def _row_entries(rows: Rows, offsets: Offsets, directory: Directory) -> list[RowEntry]:
    """Return each entry with its start and stop as tracked, which rounding leaves as they are."""
    entries = rows.entries
    stop_s = entries.start_s + entries.seconds
    stop_offset_s, update_offset_s = (
        local_offsets_s(entries.user_id, moments, directory, offsets) for moments in (stop_s, entries.update_s)
    )
    columns = (
        entries.id,
        rows.seconds,
        entries.start_s,
        stop_s,
        entries.update_s,
        rows.offset_s,
        stop_offset_s,
        update_offset_s,
    )
    return [RowEntry(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]
