"""Time entries of a workspace as they are stored, found by what lines of a file say of them."""

from collections import deque
from collections.abc import AsyncIterator, Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from daybook.input.v1.workspace_pb2 import TimeEntry

from services.cli.records import Records
from services.runtime.entry_ids import OF_FILE, OF_STORE

Group = tuple[int, int, int]  # member, start, seconds


@dataclass(frozen=True, slots=True)
class Scope:
    """Members and days by their clocks; None for all."""

    first: date | None = None
    last: date | None = None
    members: frozenset[int] | None = None

    def holds(self, user_id: int, day: date) -> bool:
        """Return whether an entry of a member that starts on a day is within."""
        return (
            (self.members is None or user_id in self.members)
            and (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
        )

    @property
    def window(self) -> tuple[datetime | None, datetime | None]:
        """Return the moments between which all entries start, wherever the clocks are."""
        day = timedelta(days=1)
        first = datetime.combine(self.first - day, time(), UTC) if self.first else None
        return first, datetime.combine(self.last + 2 * day, time(), UTC) if self.last else None


async def entries_within(
    records: Records, scope: Scope, zones: Mapping[int, ZoneInfo]
) -> AsyncIterator[tuple[TimeEntry, date]]:
    """Yield the stopped entries of a scope by start, with the days on which they start."""
    async for entry in records.all("time_entries", between=scope.window):
        if isinstance(entry, TimeEntry) and entry.HasField("seconds"):
            zone = zones.get(entry.user_id, ZoneInfo("UTC"))
            day = datetime.fromtimestamp(entry.start_time.seconds, zone).date()
            if scope.holds(entry.user_id, day):
                yield entry, day


@dataclass(frozen=True, slots=True)
class Alike:
    """Entries of one member, start and duration: in order, and by what else is compared."""

    in_order: deque[TimeEntry]
    by_key: Mapping[Hashable, deque[TimeEntry]]

    @classmethod
    def of(cls, entries: Sequence[TimeEntry], key: Callable[[TimeEntry], Hashable]) -> Self:
        """Return entries by their keys."""
        by_key: dict[Hashable, deque[TimeEntry]] = {}
        for one in entries:
            by_key.setdefault(key(one), deque()).append(one)
        return cls(deque(entries), by_key)


@dataclass(slots=True)
class StoredEntries:
    """Stored entries as messages in bytes; each is taken by one line. Those outside of a scope are never left over."""

    by_group: dict[int, list[bytes]] = field(default_factory=dict)
    by_key: dict[str, bytes] = field(default_factory=dict)  # of those with an id of where they came from
    by_id: dict[int, bytes] = field(default_factory=dict)
    keys: set[int] = field(default_factory=set)
    taken: set[int] = field(default_factory=set)
    inside: list[int] = field(default_factory=list)
    alike: dict[Group, "Alike"] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.by_id)

    def add(self, entry: TimeEntry, *, inside: bool) -> None:
        """Add an entry; those `inside` are the ones that a replacement removes."""
        data = entry.SerializeToString()
        self.by_group.setdefault(hash(group_of(entry)), []).append(data)
        self.by_id[entry.id] = data
        self.keys.add(hash(entry.import_key))
        if entry.import_key.startswith(OF_FILE):
            self.by_key[entry.import_key] = data
        if inside:
            self.inside.append(entry.id)

    def under(self, entry_id: str) -> TimeEntry | None:
        """Take the entry that came in under an id, or has it here."""
        data = self.by_key.get(OF_FILE + entry_id)
        here = entry_id.removeprefix(OF_STORE)
        if data is None and here != entry_id and here.isdecimal():
            data = self.by_id.get(int(here))
        found = TimeEntry.FromString(data) if data else None
        return None if found is None or found.id in self.taken else self._take(found)

    def has_group(self, entry: TimeEntry) -> bool:
        """Return whether entries of its member, start and duration are stored."""
        return hash(group_of(entry)) in self.by_group

    def equal(self, entry: TimeEntry, key: Callable[[TimeEntry], Hashable]) -> TimeEntry | None:
        """Take an entry of the same member, start and duration that has the same key."""
        return self._take_first(self._alike(entry, key).by_key.get(key(entry), deque()))

    def next(self, entry: TimeEntry, key: Callable[[TimeEntry], Hashable]) -> TimeEntry | None:
        """Take the first entry of the same member, start and duration that no line has taken yet."""
        return self._take_first(self._alike(entry, key).in_order)

    def _take_first(self, entries: deque[TimeEntry]) -> TimeEntry | None:
        while entries:
            found = entries.popleft()
            if found.id not in self.taken:
                return self._take(found)
        return None

    def _alike(self, entry: TimeEntry, key: Callable[[TimeEntry], Hashable]) -> "Alike":
        """Return the entries of a member, start and duration; where there are several they are kept."""
        group = group_of(entry)
        found = self.alike.get(group)
        if found is None:
            some = map(TimeEntry.FromString, self.by_group.get(hash(group), ()))
            found = Alike.of([one for one in some if group_of(one) == group], key)
            if len(found.in_order) > 1:
                self.alike[group] = found
        return found

    def left(self) -> Iterator[TimeEntry]:
        """Yield the entries inside of the scope that no line has taken."""
        return (TimeEntry.FromString(self.by_id[id_]) for id_ in self.inside if id_ not in self.taken)

    def _take(self, entry: TimeEntry) -> TimeEntry:
        self.taken.add(entry.id)
        return entry


def group_of(entry: TimeEntry) -> Group:
    """Return what a line and the entry that it came to have in common for certain."""
    return entry.user_id, entry.start_time.seconds, entry.seconds
