"""Reader of the entries of a report: prepared in threads, run by run."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.errors import ReportTooBig
from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entries import Entries, Filter, Rows
from services.generation.timetracking.preparation import Rounding, prepare
from services.generation.timetracking.time_store import TimeEntries
from services.generation.words.zones import offsets_s


class Fold(Protocol):
    """Takes the rows of a report bit by bit; what it comes to does not depend on where they are cut."""

    def add(self, rows: Rows) -> None:
        """Take some rows."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Which entries in order of start are read: `limit` 0 is all after the first `skip`."""

    descending: bool = False
    skip: int = 0
    limit: int = 0


@dataclass(frozen=True, slots=True)
class EntryReader:
    """The entries that a report is about; `wanted` None is none of them."""

    entries: TimeEntries
    wanted: Filter | None
    directory: Directory
    rounding: Rounding
    max_entries: int

    async def fold(self, folds: Sequence[Fold], *, words: bool) -> None:
        """Read all entries once into all folds. Raises ReportTooBig past the limit."""
        count = 0
        async with aclosing(self.runs(Slice(), words=words)) as runs:
            async for run in runs:
                count += len(run)
                if count > self.max_entries:
                    raise ReportTooBig
                await asyncio.to_thread(self._fold, run, folds)

    def _fold(self, run: Entries, folds: Iterable[Fold]) -> None:
        rows = self._prepared(run)
        for fold in folds:
            fold.add(rows)

    async def rows(self, part: Slice) -> AsyncGenerator[Rows, None]:
        """Yield entries made ready, with their words, in order of start."""
        async with aclosing(self.runs(part, words=True)) as runs:
            async for run in runs:
                yield await asyncio.to_thread(self._prepared, run)

    async def runs(self, part: Slice, *, words: bool) -> AsyncGenerator[Entries, None]:
        """Yield entries as stored, in order of start."""
        if self.wanted is None:
            return
        reading = self.entries.read(
            self.wanted, words=words, descending=part.descending, skip=part.skip, limit=part.limit
        )
        async with aclosing(reading) as runs:
            async for run in runs:
                yield run

    async def by_ids(self, ids: NDArray[np.int64]) -> Rows:
        """Return entries made ready, with their words, in the order of the ids but for what was deleted meanwhile."""
        found = await self.entries.by_ids(self.directory.workspace.id, ids)
        return await asyncio.to_thread(self._prepared, found)

    def _prepared(self, run: Entries) -> Rows:
        return prepare(run, self.directory, self.rounding, offsets_s)
