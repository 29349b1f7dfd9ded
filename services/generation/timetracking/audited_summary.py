"""Summaries whose groups are audited: a first pass finds the groups that are shown, a second reads no others."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace

from services.generation.timetracking.computation.entries import Choice, Grouping
from services.generation.timetracking.computation.query import EntryFilter, TimeReportQuery
from services.generation.timetracking.computation.summaries import SummaryFold
from services.generation.timetracking.computation.summary_bounds import Audit
from services.generation.timetracking.entry_reader import EntryReader
from services.generation.timetracking.filters import candidates, filter_of


@dataclass(frozen=True, slots=True)
class Audited:
    """The entries of the groups that are shown, and the ids of the shown groups that have none."""

    reading: EntryReader
    empty_ids: Collection[int] = ()


async def audited(reading: EntryReader, ask: TimeReportQuery) -> Audited:
    """Return what an audit leaves of a summary, so that its totals are those of its groups. Raises ReportTooBig."""
    audit, by = ask.audit, ask.grouping.by
    if audit == Audit():
        return Audited(reading)
    fold = SummaryFold(Grouping(by, "users"), reading.directory)
    await reading.fold([fold], words=False)
    tracked = await asyncio.to_thread(fold.result)
    shown = {group.id for group in tracked if audit.shows_tracked and audit.bounds.hold(group.seconds, group.amounts)}
    narrower = replace(reading, wanted=filter_of(replace(ask, kept=_narrowed(ask, shown)), reading.directory))
    if not (audit.shows_empty and audit.bounds.hold(0, {})):
        return Audited(narrower)
    return Audited(narrower, candidates(ask, reading.directory) - {group.id for group in tracked})


def _narrowed(ask: TimeReportQuery, ids: Collection[int | None]) -> EntryFilter:
    """Return which entries are kept when only those of some groups are."""
    named = frozenset(one for one in ids if one is not None)
    match ask.grouping.by:
        case "projects":
            return replace(ask.kept, projects=Choice(named, None in ids))
        case "clients":
            return replace(ask.kept, clients=Choice(named, None in ids))
        case "users":
            return replace(ask.kept, user_ids=named, group_ids=None)
