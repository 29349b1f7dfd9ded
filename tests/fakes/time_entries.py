"""Fake of the port TimeEntries."""

from collections.abc import AsyncGenerator, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from services.generation.timetracking.entries import Entries
from services.generation.timetracking.filters import Choice, Filter
from tests.builders import time_entries
from tests.builders.time_entries import EntryRow


class MemoryTimeEntries:
    """Time entries in memory; they are read in runs of `run_length`. Columns that are not asked for are blank."""

    def __init__(self, run_length: int = 20_000) -> None:
        self.stored: dict[int, tuple[int, EntryRow]] = {}  # workspace and entry by id
        self.reads: list[tuple[frozenset[str], int]] = []  # columns and limit
        self.open_reads = 0
        self._run_length = run_length

    @classmethod
    def of(cls, *entries: EntryRow, workspace_id: int = 1, run_length: int = 2) -> Self:
        """Return the fake with entries under their own ids."""
        memory = cls(run_length)
        memory.stored = {entry.id: (workspace_id, entry) for entry in entries}
        return memory

    async def put(self, workspace_id: int, rows: Sequence[EntryRow]) -> None:
        for one in rows:
            new_id = one.id or max(self.stored, default=0) + 1
            self.stored[new_id] = workspace_id, replace(one, id=new_id, tag_ids=tuple(sorted(one.tag_ids)))

    async def read(
        self, wanted: Filter, *, columns: Collection[str], descending: bool = False, skip: int = 0, limit: int = 0
    ) -> AsyncGenerator[Entries, None]:
        self.reads.append((frozenset(columns), limit))
        self.open_reads += 1
        try:
            found = [one for one in self._all(wanted.workspace_id) if _keeps(wanted, one)]
            found.sort(key=_place, reverse=descending)
            found = found[skip : skip + limit if limit else None]
            for first in range(0, len(found), self._run_length):
                run = _columns(found[first : first + self._run_length])
                yield replace(Entries.blank(len(run)), **{name: getattr(run, name) for name in columns})
        finally:
            self.open_reads -= 1

    async def by_ids(self, workspace_id: int, ids: NDArray[np.int64]) -> Entries:
        known = {one.id: one for one in self._all(workspace_id) if one.seconds is not None}
        return _columns([known[one] for one in ids.tolist() if one in known])

    def _all(self, workspace_id: int) -> list[EntryRow]:
        return [entry for home, entry in self.stored.values() if home == workspace_id]


def _columns(entries: Sequence[EntryRow]) -> Entries:
    ids = np.array([one.id for one in entries], np.int64)
    return replace(time_entries.entries(*entries), id=ids)


def _place(entry: EntryRow) -> tuple[object, int]:
    return entry.start, entry.id


def _keeps(wanted: Filter, entry: EntryRow) -> bool:
    start_s = entry.start.timestamp()
    bounds = max(0, wanted.min_seconds or 0), 2**31 if wanted.max_seconds is None else wanted.max_seconds
    return (
        entry.seconds is not None
        and any(entry.user_id in span.user_ids and span.from_s <= start_s < span.to_s for span in wanted.spans)
        and bounds[0] <= entry.seconds <= bounds[1]
        and _has(wanted.projects, [entry.project_id] if entry.project_id else [])
        and _has(wanted.tasks, [entry.task_id] if entry.task_id else [])
        and all(_has(choice, entry.tag_ids) for choice in wanted.tags)
        and (wanted.entry_ids is None or entry.id in wanted.entry_ids)
        and wanted.billable in (None, entry.billable)
        and all(text.casefold() in entry.description.casefold() for text in wanted.descriptions)
    )


def _has(choice: Choice | None, ids: Iterable[int]) -> bool:
    own = set(ids)
    return choice is None or (not choice.ids.isdisjoint(own) if own else choice.none)
