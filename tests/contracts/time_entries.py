"""Contract of the port TimeEntries."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import numpy as np

from services.generation.timetracking.entries import ALL_COLUMNS
from services.generation.timetracking.filters import Choice, Filter
from services.generation.timetracking.periods import Span
from services.generation.timetracking.time_store import TimeEntries
from tests.builders.time_entries import EntryRow

DAY = datetime(2024, 5, 1, tzinfo=UTC)
DAY_S = round(DAY.timestamp())
HOUR = timedelta(hours=1)
WHOLE_DAY = (Span((7, 8), DAY_S, DAY_S + 86_400),)
ZONES = (Span((7,), DAY_S, DAY_S + 7200), Span((8,), DAY_S + 3600, DAY_S + 10_800))
PLAIN = EntryRow(0, 7, DAY, 60)


class StoredEntries(TimeEntries, Protocol):
    """Port with a way to store entries; those with id 0 get one that is free."""

    async def put(self, workspace_id: int, rows: Sequence[EntryRow]) -> None:
        """Store entries."""


async def ids(entries: StoredEntries, spans: tuple[Span, ...] = WHOLE_DAY, **wanted: Any) -> list[int]:
    how = {name: wanted.pop(name) for name in ("descending", "skip", "limit") if name in wanted}
    runs = [run async for run in entries.read(Filter(1, spans, **wanted), columns=("id",), **how)]
    return [one for run in runs for one in run.id.tolist()]


async def stored(entries: StoredEntries, *some: EntryRow) -> None:
    """Store entries under the ids 1, 2, 3 ..., each an hour after the one before."""
    await entries.put(1, [replace(one, id=place + 1, start=DAY + place * HOUR) for place, one in enumerate(some)])


class TimeEntriesContract:
    """Rules of the port TimeEntries. A subclass gives `entries`, empty."""

    async def test_stopped_entries_come_by_start_and_id(self, entries: StoredEntries) -> None:
        """Of the workspace and the members asked for, from the span's first second to before its end."""
        at = [
            replace(PLAIN, start=start) for start in (DAY, DAY - timedelta(seconds=1), DAY + 24 * HOUR, DAY + HOUR, DAY)
        ]
        await entries.put(1, [replace(one, id=place + 1) for place, one in enumerate(at)])
        await entries.put(
            1, [replace(PLAIN, id=6, seconds=None), replace(PLAIN, id=7, user_id=9), replace(PLAIN, id=8, user_id=8)]
        )
        await entries.put(2, [PLAIN])

        assert [1, 5, 8, 4] == await ids(entries) == await ids(entries, all_members=True)
        assert [4, 8, 5, 1] == await ids(entries, descending=True)
        assert [5, 8] == await ids(entries, skip=1, limit=2)
        assert [8, 5] == await ids(entries, descending=True, skip=1, limit=2)
        assert [] == await ids(entries, ())

    async def test_each_zone_has_its_own_span(self, entries: StoredEntries) -> None:
        """A member's entries are held to the span that names the member."""
        await stored(entries, PLAIN, PLAIN, PLAIN, replace(PLAIN, user_id=8))
        await entries.put(1, [replace(PLAIN, id=place + 5, user_id=8, start=DAY + place * HOUR) for place in range(4)])

        assert [1, 2, 6, 7] == await ids(entries, ZONES) == await ids(entries, ZONES, all_members=True)

    async def test_every_field_of_a_filter_narrows(self, entries: StoredEntries) -> None:
        """Choices keep any of their ids and, where asked, entries without any; the fields are met together."""
        await stored(
            entries,
            PLAIN,
            replace(PLAIN, project_id=3, task_id=5, tag_ids=(1, 2), billable=True),
            replace(PLAIN, project_id=4, task_id=6, tag_ids=(2,), seconds=600),
            replace(PLAIN, seconds=0),
        )
        three, none = Choice(frozenset({3})), Choice(none=True)

        assert [[2], [1, 2, 4], [1, 4], []] == [
            await ids(entries, projects=one) for one in (three, replace(three, none=True), none, Choice())
        ]
        assert [[2], [1, 4]] == [await ids(entries, tasks=one) for one in (Choice(frozenset({5})), none)]
        assert [[2, 3], [2], [1, 2, 4]] == [
            await ids(entries, tags=(one,))
            for one in (Choice(frozenset({2, 9})), Choice(frozenset({1})), Choice(frozenset({1}), none=True))
        ]
        assert [2] == await ids(entries, tags=(Choice(frozenset({1})), Choice(frozenset({2}))))
        assert [[2], [1, 3, 4]] == [await ids(entries, billable=one) for one in (True, False)]
        assert [[1, 2, 3], [1, 2, 4], [3]] == [
            await ids(entries, min_seconds=60),
            await ids(entries, max_seconds=60),
            await ids(entries, min_seconds=600, max_seconds=600),
        ]
        assert [[2, 4], [4, 2]] == [
            await ids(entries, entry_ids=frozenset({4, 2, 9}), descending=down) for down in (False, True)
        ]
        assert [2] == await ids(entries, tags=(Choice(frozenset({2})),), billable=True, entry_ids=frozenset({2, 3}))

    async def test_a_description_is_found_by_any_part_of_it(self, entries: StoredEntries) -> None:
        """Letters' case apart in every alphabet; signs mean themselves."""
        texts = ["Viel ÄRGER im Büro", "привет, мир", "a.b (c)* [d] \\e $f", "axb", "two\nlines"]
        await stored(entries, *(replace(PLAIN, description=text) for text in texts))
        found = {
            part: await ids(entries, descriptions=(part,))
            for part in ("ärger", "ПРИВЕТ", "A.B", "(c)*", "[D] \\E $F", "two\nLINES", "none", "a")
        }

        assert [[1], [2], [3], [3], [3], [5], []] == list(found.values())[:-1]
        assert [3, 4] == found["a"]
        assert [3] == await ids(entries, descriptions=("A", "(c)"))

    async def test_columns_hold_what_is_stored(self, entries: StoredEntries) -> None:
        """With their words or without."""
        rich = replace(
            PLAIN, project_id=3, task_id=5, tag_ids=(2, 1), description="Türen", billable=True, currency="EUR"
        )
        await stored(entries, replace(rich, rate_cents=5000, amount_cents=0, update_time=DAY + HOUR), PLAIN)
        (found,) = [run async for run in entries.read(Filter(1, WHOLE_DAY), columns=ALL_COLUMNS)]
        (bare,) = [
            run async for run in entries.read(Filter(1, WHOLE_DAY), columns=ALL_COLUMNS - {"description", "tag_ids"})
        ]

        assert ([7, 7], [3, 0], [5, 0]) == tuple(
            getattr(found, name).tolist() for name in ("user_id", "project_id", "task_id")
        )
        assert ([DAY_S, DAY_S + 3600], [60, 60]) == (found.start_s.tolist(), found.seconds.tolist())
        assert ([True, False], [5000, -1], DAY_S + 3600) == (
            found.billable.tolist(),
            found.rate_cents.tolist(),
            found.update_s[0],
        )
        assert [0, -1] == found.amount_cents.tolist()
        assert [(1, 2), ()] == [found.tag_ids.values[code] for code in found.tag_ids.codes]
        assert ["Türen", ""] == [found.description.values[code] for code in found.description.codes]
        assert ["EUR", ""] == [bare.currency.values[code] for code in bare.currency.codes]
        assert ([""], [()], [0, 0]) == (
            list(bare.description.values),
            list(bare.tag_ids.values),
            bare.tag_ids.codes.tolist(),
        )

    async def test_entries_by_id_come_in_the_order_asked(self, entries: StoredEntries) -> None:
        """However many queries that takes; what is gone, running or another workspace's is left out."""
        await stored(entries, *(replace(PLAIN, description=f"d{place}") for place in range(6)))
        await entries.put(1, [replace(PLAIN, id=7, seconds=None)])
        await entries.put(2, [replace(PLAIN, id=8)])
        found = await entries.by_ids(1, np.array([5, 1, 9, 6, 7, 2, 8, 5]))

        assert [5, 1, 6, 2, 5] == found.id.tolist()
        assert ["d4", "d0", "d5", "d1", "d4"] == [found.description.values[code] for code in found.description.codes]
        assert [0, 0] == [len(await entries.by_ids(1, np.array(few, np.int64))) for few in ([], [9])]
