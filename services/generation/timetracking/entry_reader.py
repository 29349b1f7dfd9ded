"""Reader of the entries of a report: prepared in threads, run by run."""

from collections.abc import AsyncGenerator, Collection, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.errors.workspaces import ReportTooBig
from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entries import ALL_COLUMNS, PRICE_COLUMNS, Entries, Rows
from services.generation.timetracking.filters import Filter
from services.generation.timetracking.group_keys import ChosenGroups
from services.generation.timetracking.preparation import Adjustments, Rounding, prepare
from services.generation.timetracking.time_store import TimeEntries
from services.generation.words.time_zones import offsets_s
from services.runtime.fair_threads import in_thread


class Fold(Protocol):
    """Sums over the rows of a report, which are added run by run; the result does not depend on the cuts."""

    @property
    def columns(self) -> frozenset[str]:
        """Names of the columns of entries that it reads besides those that prices are made of."""

    def add(self, rows: Rows) -> None:
        """Add some rows."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Range of entries in order of start; `limit` 0 is all after the first `skip`."""

    descending: bool = False
    skip: int = 0
    limit: int = 0


@dataclass(frozen=True, slots=True)
class EntryReader:
    """Reads the entries of a report; `wanted` None is none. Folds get those of some groups where these are given."""

    entries: TimeEntries
    wanted: Filter | None
    directory: Directory
    rounding: Rounding
    max_entries: int
    groups: ChosenGroups | None = None
    adjustments: Adjustments | None = None  # of a report whose sums are rounded

    async def fold(self, folds: Sequence[Fold]) -> None:
        """Read all entries once into all folds. Raises ReportTooBig past the limit."""
        count, columns = 0, PRICE_COLUMNS.union(*(fold.columns for fold in folds))
        columns = columns.union(self.groups.key.columns) if self.groups else columns
        columns = columns.union({"id"}) if self.adjustments else columns
        async with aclosing(self.runs(Slice(), columns)) as runs:
            async for run in runs:
                count += len(run)
                if count > self.max_entries:
                    raise ReportTooBig
                await in_thread(self._fold, run, folds)

    def _fold(self, run: Entries, folds: Iterable[Fold]) -> None:
        rows = self._prepared(run)
        if self.groups is not None:
            rows = self._prepared(run.at(np.flatnonzero(self.groups.keeps(rows))))
        for fold in folds:
            fold.add(rows)

    async def rows(self, part: Slice) -> AsyncGenerator[Rows, None]:
        """Yield prepared entries in order of start."""
        async with aclosing(self.runs(part, ALL_COLUMNS)) as runs:
            async for run in runs:
                yield await in_thread(self._prepared, run)

    async def runs(self, part: Slice, columns: Collection[str]) -> AsyncGenerator[Entries, None]:
        """Yield some columns of entries as stored, in order of start."""
        if self.wanted is None:
            return
        reading = self.entries.read(
            self.wanted, columns=columns, descending=part.descending, skip=part.skip, limit=part.limit
        )
        async with aclosing(reading) as runs:
            async for run in runs:
                yield run

    async def second(self, start_s: int, columns: Collection[str]) -> AsyncGenerator[Entries, None]:
        """Yield some columns of the entries that start in one second."""
        if self.wanted is None:
            return
        spans = tuple(
            replace(span, from_s=start_s, to_s=start_s + 1)
            for span in self.wanted.spans
            if span.from_s <= start_s < span.to_s
        )
        async with aclosing(replace(self, wanted=replace(self.wanted, spans=spans)).runs(Slice(), columns)) as runs:
            async for run in runs:
                yield run

    async def by_ids(self, ids: NDArray[np.int64]) -> Rows:
        """Return prepared entries in the order of the ids; those that were deleted meanwhile are left out."""
        found = await self.entries.by_ids(self.directory.workspace.id, ids)
        return await in_thread(self._prepared, found)

    def _prepared(self, run: Entries) -> Rows:
        return prepare(run, self.directory, self.rounding, offsets_s, self.adjustments)
