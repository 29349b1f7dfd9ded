"""Summaries: time and money by project, client or member, and within these by something else."""

from collections.abc import Iterable, Sequence
from itertools import groupby, repeat
from typing import TypeVar

import numpy as np

from services.generation.domain.columns import Ints
from services.generation.domain.timesheets.colors import project_color
from services.generation.domain.timesheets.directory import Directory
from services.generation.domain.timesheets.entries import NONE, Grouping, Rows
from services.generation.domain.timesheets.entry_ids import EntryIds
from services.generation.domain.timesheets.names import ids_of, name_of
from services.generation.domain.timesheets.prices import NOT_BILLABLE, Currencies, price_column
from services.generation.domain.timesheets.results import Rate, SubGroup, SummaryGroup
from services.generation.domain.timesheets.tally import Codebook, Tally

Titled = TypeVar("Titled", SubGroup, SummaryGroup)
Row = tuple[int, ...]  # group, sub-group, currency, price, seconds, amount

_SUB_KEYS = 2  # keys of a row that make a sub-group
_RATE_KEYS = 4  # keys that make a sub-group at one rate
_NO_CURRENCY = -1  # what is not billable is one whatever its currency


class SummaryFold:
    """Groups prepared entries (reference section 8). Time that is not billable is apart from all rates."""

    def __init__(self, grouping: Grouping, directory: Directory) -> None:
        self._grouping = grouping
        self._directory = directory
        self._descriptions = Codebook[str]()
        self._currencies = Currencies()
        self._tally = Tally()
        self._ids = EntryIds()

    def add(self, rows: Rows) -> None:
        """Add a run of entries."""
        price = price_column(rows)
        currency = np.where(price == NOT_BILLABLE, _NO_CURRENCY, self._currencies.column(rows))
        keys = ids_of(self._grouping.by, rows.entries, self._directory), self._sub(rows), currency, price
        self._tally.add(keys, (rows.seconds, rows.amount_cents))
        if self._grouping.with_ids and len(rows):
            self._ids.add(keys, rows.entries)

    def result(
        self,
        *,
        by_duration: bool = False,
        descending: bool = False,
        amounts: bool = True,
        empty_ids: Iterable[int] = (),
    ) -> list[SummaryGroup]:
        """Return the groups and in each the sub-groups: by title, letters' case apart, none last; or by duration.

        Without amounts there is nothing to tell rates apart by, so no sub-group is split. Groups without entries come
        besides where their ids are given.
        """
        by_rate = self._grouping.by_rate and amounts
        names = self._currencies.names() if amounts else ()
        depth = _RATE_KEYS if by_rate else _SUB_KEYS
        ids = self._ids.lists(depth, self._currencies.ranked) if self._grouping.with_ids else repeat(())
        groups = [self._group(one, ()) for one in empty_ids]
        for group, rows in groupby(self._rows(), key=lambda row: row[0]):
            parts = (list(part) for _, part in groupby(rows, key=lambda row: row[:depth]))
            subs = [self._sub_group(part, next(ids), names) for part in parts]
            groups.append(self._group(group, _ordered(subs, by_duration=by_duration, descending=descending)))
        return _ordered(groups, by_duration=by_duration, descending=descending)

    def _sub(self, rows: Rows) -> Ints:
        if self._grouping.sub == "time_entries":
            return self._descriptions.codes(rows.entries.description)
        return ids_of(self._grouping.sub, rows.entries, self._directory)

    def _rows(self) -> list[Row]:
        """Return the rows of the tally with currencies in order of their names."""
        if len(self._currencies.names()) <= 1:
            return self._tally.rows()
        (group, sub, currency, price), sums = self._tally.result()
        keys = group, sub, self._currencies.ranked(currency), price
        order = np.lexsort(keys[::-1])
        return list(zip(*(column[order].tolist() for column in (*keys, *sums)), strict=True))

    def _sub_group(self, rows: Sequence[Row], ids: Sequence[int], names: Sequence[str]) -> SubGroup:
        """Return a sub-group; without names of currencies, without money."""
        seconds = billable_seconds = 0
        cents: dict[str, int] = {}
        rates = []
        for _, _, currency, price, row_seconds, amount in rows:
            seconds += row_seconds
            if price != NOT_BILLABLE:
                billable_seconds += row_seconds
                if names:
                    name = names[currency]
                    rates.append(Rate(row_seconds, price if price >= 0 else None, name))
                    if price >= 0:
                        cents[name] = cents.get(name, 0) + amount
        one, title = self._titled(rows[0][1])
        return SubGroup(one, title, seconds, billable_seconds, cents, rates, ids)

    def _titled(self, sub: int) -> tuple[int | None, str | None]:
        if self._grouping.sub == "time_entries":
            return None, self._descriptions.values[sub]
        return (sub, name_of(self._grouping.sub, sub, self._directory)) if sub != NONE else (None, None)

    def _group(self, key: int, subs: Sequence[SubGroup]) -> SummaryGroup:
        project = self._directory.projects.get(key) if self._grouping.by == "projects" else None
        cents: dict[str, int] = {}
        for sub in subs:
            for currency, amount in sub.amounts.items():
                cents[currency] = cents.get(currency, 0) + amount
        return SummaryGroup(
            id=None if key == NONE else key,
            title=name_of(self._grouping.by, key, self._directory),
            color=project_color(project) if project else "",
            seconds=sum(sub.seconds for sub in subs),
            billable_seconds=sum(sub.billable_seconds for sub in subs),
            amounts=dict(sorted(cents.items())),
            sub_groups=subs,
        )


def _ordered(things: list[Titled], *, by_duration: bool, descending: bool) -> list[Titled]:
    """Return things in order; those of equal titles by id, and of equal titles and ids as they are."""
    things.sort(key=_by_title)
    if by_duration:
        things.sort(key=lambda thing: thing.seconds, reverse=descending)
    elif descending:
        things.sort(key=lambda thing: (thing.title or "").casefold(), reverse=True)
        things.sort(key=_is_none)
    return things


def _by_title(thing: SubGroup | SummaryGroup) -> tuple[bool, str, str, int]:
    title = thing.title or ""
    return _is_none(thing), title.casefold(), title, thing.id or NONE


def _is_none(thing: SubGroup | SummaryGroup) -> bool:
    return thing.id is None and not thing.title
