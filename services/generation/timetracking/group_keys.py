"""Keys of a summary's groups and sub-groups: a whole number for each entry, and what these numbers stand for."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol, cast

import numpy as np

from services.generation.domain.columnar import Ints
from services.generation.timetracking.directory import KEY_COLUMNS, Directory, Kind, ids_of, name_of, title_places
from services.generation.timetracking.entries import NONE, Rows
from services.generation.timetracking.periods import Resolution, date_of, starts_of
from services.generation.timetracking.tally import Codebook, mapped

Grouping = Literal["projects", "clients", "users", "days", "weeks", "months", "tags", "billable"]
SubGrouping = Literal[
    "time_entries", "tasks", "users", "projects", "clients", "days", "weeks", "months", "tags", "billable"
]

PERIODS: Mapping[str, Resolution] = {"days": "day", "weeks": "week", "months": "month"}
BILLABLE, NON_BILLABLE = 0, 1
BILLABLE_TITLES = ("billable", "non-billable")


@dataclass(frozen=True, slots=True)
class TagSet:
    """All tags of an entry by name: their ids and names."""

    ids: tuple[int, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """Meaning of a key: the id of an entity, its title, and the tags that it is a set of; None where it has none."""

    id: int | None = None
    title: str | None = None
    tags: TagSet | None = None


class GroupKey(Protocol):
    """Numbers of the groups that entries belong to."""

    @property
    def columns(self) -> Collection[str]:
        """Names of the columns of entries that it reads."""

    def codes(self, rows: Rows) -> Ints:
        """Return the number of each entry's group; equal numbers are of one group in all runs."""

    def label(self, code: int) -> Label:
        """Return what a number stands for. It may be asked for after `places`."""

    def places(self, codes: Ints, *, descending: bool) -> Ints:
        """Return the place of each number's group by its title, what has none last; time always ascends.

        It can be asked for once.
        """


class EntityKey:
    """Groups by what an entry belongs to: their ids are the numbers."""

    def __init__(self, kind: Kind, directory: Directory) -> None:
        self.columns = (KEY_COLUMNS[kind],)
        self._kind: Kind = kind
        self._directory = directory

    def codes(self, rows: Rows) -> Ints:
        """Return the id of each entry's entity, NONE without one."""
        return ids_of(self._kind, rows.entries, self._directory)

    def label(self, code: int) -> Label:
        """Return the id and the name."""
        return Label() if code == NONE else Label(code, name_of(self._kind, code, self._directory))

    def places(self, codes: Ints, *, descending: bool) -> Ints:
        """Return places in the order of names, equal ones by id."""

        def look(ids: Ints) -> Ints:
            titles = [name_of(self._kind, one, self._directory) for one in ids.tolist()]
            return title_places(titles, ids == NONE, self._directory.collate, descending=descending)

        return mapped(codes, look)


class DescriptionKey:
    """Groups by description."""

    columns = ("description",)

    def __init__(self, directory: Directory) -> None:
        self._collate = directory.collate
        self._book = Codebook[str]()
        self._titles: Sequence[str] = ()

    def codes(self, rows: Rows) -> Ints:
        """Return the number of each entry's description."""
        return self._book.codes(rows.entries.description)

    def label(self, code: int) -> Label:
        """Return the description."""
        return Label(title=self._titles[code])

    def places(self, codes: Ints, *, descending: bool) -> Ints:
        """Return places in the order of descriptions, the empty one last."""
        titles = self._titles = self._book.taken()
        is_none = np.array([not title for title in titles], np.bool_)
        return title_places(titles, is_none, self._collate, descending=descending)[codes]


class TagsKey:
    """Groups by all tags of an entry together, so that groups add up."""

    columns = ("tag_ids",)

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._book = Codebook[tuple[int, ...]]()

    def codes(self, rows: Rows) -> Ints:
        """Return the number of each entry's set of tags."""
        return self._book.codes(rows.entries.tag_ids)

    def label(self, code: int) -> Label:
        """Return the tags; their names side by side are the title."""
        return tags_label(self._book.values[code], self._directory)

    def places(self, codes: Ints, *, descending: bool) -> Ints:
        """Return places in the order of titles, no tags last."""
        sets = self._book.values
        titles = [self.label(code).title or "" for code in range(len(sets))]
        is_none = np.array([not ids for ids in sets], np.bool_)
        return title_places(titles, is_none, self._directory.collate, descending=descending)[codes]


def tags_label(ids: tuple[int, ...], directory: Directory) -> Label:
    """Return the label of a set of tags, in the order of names; a tag that is not known has no name."""
    known = [(directory.tags[one].name, one) for one in ids if one in directory.tags]
    known.sort(key=lambda tag: (directory.collate(tag[0]), tag[1]))
    names = tuple(name for name, _one in known)
    unknown = tuple(one for one in ids if one not in directory.tags)
    return Label(None, ", ".join(names) if ids else None, TagSet((*(one for _name, one in known), *unknown), names))


class PeriodKey:
    """Groups by day, week or month on the clock of the entry's member: their first days are the numbers."""

    columns = ("user_id", "start_s")

    def __init__(self, resolution: Resolution, week_start: int) -> None:
        self._resolution: Resolution = resolution
        self._week_start = week_start

    def codes(self, rows: Rows) -> Ints:
        """Return the first day of each entry's period, days since 1970-01-01."""
        return starts_of(rows.day, self._resolution, self._week_start)

    def label(self, code: int) -> Label:
        """Return the first day as YYYY-MM-DD, a month as YYYY-MM."""
        day = date_of(code).isoformat()
        return Label(title=day[:7] if self._resolution == "month" else day)

    def places(self, codes: Ints, *, descending: bool) -> Ints:
        """Return places in the order of time."""
        del descending
        return codes


class BillableKey:
    """Groups of billable entries and of others."""

    columns = ("billable",)

    def codes(self, rows: Rows) -> Ints:
        """Return BILLABLE or NON_BILLABLE for each entry."""
        return np.where(rows.entries.billable, BILLABLE, NON_BILLABLE)

    def label(self, code: int) -> Label:
        """Return the word for it."""
        return Label(title=BILLABLE_TITLES[code])

    def places(self, codes: Ints, *, descending: bool) -> Ints:
        """Return places in the order of the words."""
        return -codes if descending else codes


def key_of(by: Grouping | SubGrouping, directory: Directory, week_start: int) -> GroupKey:
    """Return the key of a summary's groups or sub-groups; weeks begin on a weekday counted from 0 for Monday."""
    made: Mapping[str, Callable[[], GroupKey]] = {
        "time_entries": partial(DescriptionKey, directory),
        "tags": partial(TagsKey, directory),
        "billable": BillableKey,
        **{name: partial(PeriodKey, resolution, week_start) for name, resolution in PERIODS.items()},
    }
    return made[by]() if by in made else EntityKey(cast("Kind", by), directory)


@dataclass(frozen=True, slots=True)
class ChosenGroups:
    """Some groups of a key."""

    key: GroupKey
    codes: Collection[int]

    def keeps(self, rows: Rows) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return of each entry whether its group is among them."""
        return np.isin(self.key.codes(rows), np.array([*self.codes], np.int64))
