"""Detachment of time entries from projects that are to be deleted: what they cost stays as an amount of their own."""

from collections.abc import Collection, Iterator
from contextlib import aclosing
from itertools import islice

import numpy as np

from services.generation.inputs.input_rules import InputRules
from services.generation.inputs.input_store import InputStore
from services.generation.inputs.time_entries import TIME_ENTRIES
from services.generation.timetracking.directory import Directory, read_directory
from services.generation.timetracking.entries import NO_AMOUNT, NO_RATE, PRICE_COLUMNS, Rows
from services.generation.timetracking.filters import Choice, Filter
from services.generation.timetracking.periods import ALL_TIME_S, Span
from services.generation.timetracking.preparation import Rounding, prepare
from services.generation.timetracking.time_store import TimeEntries
from services.generation.words.time_zones import offsets_s
from services.runtime.codec import Document

BATCH = 500  # entries that are changed together
ATTEMPTS = 5  # at an entry that others change at the same moment


class ProjectRules(InputRules):
    """Projects whose deletion leaves the amounts of their entries as they were."""

    def __init__(self, inputs: InputStore, entries: TimeEntries) -> None:
        self._inputs = inputs
        self._entries = entries

    async def detach(self, owner_id: int, ids: Collection[int]) -> None:
        """Store with the entries of projects the amounts, and the currencies, that they have by them."""
        directory = await read_directory(self._inputs, owner_id)
        if directory is None or not ids or not directory.members:
            return
        span = Span(tuple(directory.members), *ALL_TIME_S)
        wanted = Filter(owner_id, (span,), all_members=True, projects=Choice(frozenset(ids)))
        async with aclosing(self._entries.read(wanted, columns={"id", "start_s", *PRICE_COLUMNS})) as runs:
            async for run in runs:
                rows = prepare(run, directory, Rounding(), offsets_s)
                kept = _kept(rows, directory)
                while some := dict(islice(kept, BATCH)):
                    await self._keep(owner_id, some)

    async def _keep(self, workspace_id: int, values: dict[int, Document]) -> None:
        """Change entries by id, each in one step."""
        waiting = set(values)
        for _ in range(ATTEMPTS):
            found = await self._inputs.find(TIME_ENTRIES, workspace_id, {(one,) for one in waiting})
            waiting.clear()
            for stored in found:
                one = stored.document["id"]
                replaced = await self._inputs.replace(TIME_ENTRIES, stored, stored.document | values[one])
                if not replaced.is_current:
                    waiting.add(one)
            if not waiting:
                return


def _kept(rows: Rows, directory: Directory) -> Iterator[tuple[int, Document]]:
    """Yield the ids of entries priced by their project with what they keep: currency, and amount without a rate."""
    entries = rows.entries
    own_currency = np.array([text != "" for text in entries.currency.values], np.bool_)[entries.currency.codes]
    by_project = (entries.rate_cents == NO_RATE) & (entries.amount_cents == NO_AMOUNT)
    for place in np.flatnonzero(rows.is_priced & (by_project | ~own_currency)).tolist():
        project = directory.projects[int(entries.project_id[place])]
        if not (project.currency_code or project.HasField("hourly_rate_cents")):
            continue  # it is priced by the workspace, with the project or without
        kept: Document = {"currency_code": rows.currency.values[rows.currency.codes[place]]}
        if by_project[place]:
            kept["amount_cents"] = int(rows.amount_cents[place])
        yield int(entries.id[place]), kept
