"""Summaries: time and money by a key, such as the project or the day, and within its groups by a second one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from services.generation.domain.columnar import Ints
from services.generation.timetracking.budget import Budgets
from services.generation.timetracking.directory import Directory, project_color
from services.generation.timetracking.entries import Entries, Rows
from services.generation.timetracking.group_keys import key_of
from services.generation.timetracking.parameters import SummaryParams
from services.generation.timetracking.prices import NOT_BILLABLE, Currencies, price_column
from services.generation.timetracking.summary_groups import PartColumns, Parts, SubGroup, SummaryGroup, Told
from services.generation.timetracking.tally import Columns, Ranges, Tally, numbered, summed
from services.generation.words.weekdays import MONDAY

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


_SUB_KEYS = 2  # keys of a row that make a sub-group
_RATE_KEYS = 4  # keys that make a sub-group at one rate
_NO_ROWS: Columns = [np.empty(0, np.int64)] * 4  # currency, price, seconds, amount
_NO_CURRENCY = -1  # what is not billable is one whatever its currency


class SummaryFold:
    """Groups prepared entries (reference section 8). Time that is not billable is apart from all rates."""

    def __init__(self, params: SummaryParams, directory: Directory, week_start: int = MONDAY) -> None:
        self.key = key_of(params.grouping, directory, week_start)
        self._sub_key = key_of(params.sub_grouping, directory, week_start)
        self._params = params
        self._directory = directory
        self._currencies = Currencies()
        self._tally = Tally()
        self._ids = EntryIds()
        self._budgets: Budgets = {}  # of the groups that are projects

    @property
    def columns(self) -> frozenset[str]:
        """Names of the columns that it reads."""
        ids = ("id", "start_s") if self._params.include_time_entry_ids else ()
        return frozenset((*self.key.columns, *self._sub_key.columns, *ids))

    def keys(self, rows: Rows) -> Columns:
        """Return the group and the sub-group of each entry by number."""
        return self.key.codes(rows), self._sub_key.codes(rows)

    def add(self, rows: Rows) -> None:
        """Add a run of entries."""
        price = price_column(rows)
        currency = np.where(price == NOT_BILLABLE, _NO_CURRENCY, self._currencies.column(rows))
        keys = *self.keys(rows), currency, price
        self._tally.add(keys, (rows.seconds, rows.amount_cents))
        if self._params.include_time_entry_ids and len(rows):
            self._ids.add(keys, rows.entries)

    def result(
        self, *, amounts: bool = True, empty_keys: Iterable[int] = (), budgets: Budgets | None = None
    ) -> list[SummaryGroup]:
        """Return the groups and in each the sub-groups: by title, none last; or by duration.

        Without amounts there is nothing to tell rates apart by, so no sub-group is split. Groups without entries come
        besides where their keys are given. It can be asked for once.
        """
        if self._params.grouping == "projects":
            self._budgets = budgets or {}
        part_budgets = (budgets or {}) if self._params.sub_grouping == "projects" else {}
        by_duration, descending = self._params.order_by == "duration", self._params.descending
        names = self._currencies.names() if amounts else ()
        groups = [self._group(one, (), _NO_ROWS, names) for one in empty_keys]
        keys, sums = self._rows()
        if keys:
            depth = _RATE_KEYS if self._params.distinguish_rates and amounts else _SUB_KEYS
            ranges = Ranges.of(keys[:depth])
            sorting = [self._sub_key.places(keys[1], descending=descending and not by_duration)[ranges.begins]]
            if by_duration:
                seconds = np.add.reduceat(sums[0], ranges.begins)
                sorting.append(-seconds if descending else seconds)
            order = np.lexsort((*sorting, keys[0][ranges.begins]))
            del sorting
            subs, ids = keys[1][ranges.begins[order]], self._entry_ids(depth, order)
            columns = PartColumns(
                subs, self._sub_key.label, ranges.at(order), (*keys[2:], *sums), names, ids, part_budgets
            )
            groups.extend(self._groups(keys[0], ranges, columns))
        return self._ordered(groups, by_duration=by_duration, descending=descending)

    def _rows(self) -> tuple[Columns, Columns]:
        """Return keys and sums of the tally, currencies by their names; no columns when nothing came."""
        keys, sums = self._tally.result()
        self._tally = Tally()
        if len(self._currencies.names()) <= 1:
            return keys, sums
        group, sub, currency, price = keys
        keys = group, sub, self._currencies.ranked(currency), price
        order = np.lexsort(keys[::-1])
        return [column[order] for column in keys], [column[order] for column in sums]

    def _entry_ids(self, depth: int, order: Ints) -> Told | None:
        """Return the ids of the entries of sub-groups in an order, where they are told."""
        if not self._params.include_time_entry_ids:
            return None
        ids, ranges = self._ids.sorted(depth, self._currencies.ranked)
        return ids, ranges.at(order)

    def _groups(self, group: Ints, ranges: Ranges, columns: PartColumns) -> Iterator[SummaryGroup]:
        """Yield the groups of rows, whose parts are in ranges."""
        own = Ranges.of([group])
        edges = np.searchsorted(ranges.begins, own.begins).tolist()
        for begin, end, (first, past) in zip(own.begins, own.ends, pairwise([*edges, len(columns)]), strict=True):
            rows = [column[begin:end] for column in columns.rows]
            yield self._group(int(group[begin]), Parts(columns, first, past), rows, columns.currencies)

    def _group(self, key: int, parts: Sequence[SubGroup], rows: Columns, names: Sequence[str]) -> SummaryGroup:
        project = self._directory.projects.get(key) if self._params.grouping == "projects" else None
        currency, price, seconds, amount = rows
        is_priced = (price >= 0) | (amount > 0)
        label = self.key.label(key)
        return SummaryGroup(
            id=label.id,
            title=label.title or "",
            color=project_color(project) if project else "",
            seconds=int(seconds.sum()),
            billable_seconds=int(seconds[price != NOT_BILLABLE].sum()),
            amounts=_by_name(currency[is_priced], amount[is_priced], names),
            sub_groups=parts,
            tags=label.tags,
            key=key,
            budget=self._budgets.get(key),
        )

    def _ordered(self, groups: list[SummaryGroup], *, by_duration: bool, descending: bool) -> list[SummaryGroup]:
        """Return groups in order; those of equal titles by their keys."""
        groups.sort(key=lambda group: group.key)
        keys = np.array([group.key for group in groups], np.int64)
        places = self.key.places(keys, descending=descending and not by_duration).tolist()
        ordered = [group for _place, group in sorted(zip(places, groups, strict=True), key=itemgetter(0))]
        if by_duration:
            ordered.sort(key=lambda group: group.seconds, reverse=descending)
        return ordered


def _by_name(currency: Ints, amount: Ints, names: Sequence[str]) -> dict[str, int]:
    """Return the sums of amounts by the currencies that occur, in the order of names; none without names."""
    if not names:
        return {}
    places = np.flatnonzero(np.bincount(currency, minlength=1))
    cents = summed(currency, amount, len(names))
    return {names[place]: int(cents[place]) for place in places.tolist()}
