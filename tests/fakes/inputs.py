"""Store of inputs in memory."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from services.errors import InvalidParameters, NotFound, Violation
from services.generation.domain.paging import Page
from services.generation.inputs import registry
from services.generation.inputs.input_kind import InputKind, Key, M
from services.generation.inputs.input_store import ALL, InputFilter, Replaced, Stored
from services.generation.inputs.upsert_plan import Outcome, UpsertPlan
from services.runtime.codec import Document
from tests.builders.people import NOON

Rows = dict[tuple[int, Key], Document]


class FakeInputs:
    """Fills the ports InputStore and InputReader."""

    def __init__(self) -> None:
        self._rows: defaultdict[str, Rows] = defaultdict(dict)

    async def put(
        self, kind: InputKind[Any], owner_id: int, records: Sequence[Document], *, create_only: bool = False
    ) -> list[Outcome]:
        return self._put(kind, owner_id, records, create_only=create_only)

    async def all(self, kind: InputKind[M], owner_id: int) -> Mapping[int, M]:
        rows = {row[str(kind.id_field)]: row for row in self._of(kind, owner_id)}
        return {id_: kind.codec.message(row) for id_, row in sorted(rows.items())}

    async def owners_of(self, kind: InputKind[Any], values: Mapping[str, Any]) -> list[int]:
        return [owner for (owner, _), row in self._rows[kind.name].items() if row.items() >= values.items()]

    def add(self, kind: InputKind[M], owner_id: int, *records: M) -> None:
        """Store records whose rules are not checked."""
        self._put(kind, owner_id, [kind.document(record) for record in records])

    def _put(
        self, kind: InputKind[Any], owner_id: int, records: Sequence[Document], *, create_only: bool = False
    ) -> list[Outcome]:
        rows = self._rows[kind.name]
        found = [(owner, row) for (owner, _), row in rows.items() if owner == owner_id or kind.is_global]
        plan = UpsertPlan(kind, owner_id, found, create_only=create_only)
        taken = {key[0] for _, key in rows} | {record.get(str(kind.id_field)) for record in records}
        first = 1001 if kind.counter else 1  # other ids of the counter are accounts'
        ids = (number for number in count(first) if number not in taken)
        outcomes = [plan.apply(place, record, ids) for place, record in enumerate(records)]
        for key, write in plan.writes.items():
            stamp = rows.get((owner_id, key), {}).get(kind.stamp, NOON)
            stamps = {name: stamp for name in (kind.stamp, kind.change_stamp) if name}
            rows[owner_id, key] = write.document | stamps | {kind.owner.value: owner_id}
        return outcomes

    async def page(self, kind: InputKind[M], owner_id: int | None, page: Page, matching: InputFilter = ALL) -> list[M]:
        rows = sorted(self._of(kind, owner_id), key=lambda row: self._order(kind, row))
        behind = [row for row in rows if not page.after or self._order(kind, row) > page.after]
        found = [row for row in behind if self._matches(kind, row, matching)]
        for name, descends in reversed(matching.order):
            found.sort(key=lambda row: _folded(row[name]), reverse=descends)
        return [kind.codec.message(_shown(kind, row)) for row in found[matching.skip :][: page.size]]

    async def count(self, kind: InputKind[Any], owner_id: int | None, matching: InputFilter = ALL) -> int:
        return sum(self._matches(kind, row, matching) for row in self._of(kind, owner_id))

    async def some(self, kind: InputKind[M], owner_id: int | None, ids: Collection[int]) -> Mapping[int, M]:
        rows = {row[str(kind.id_field)]: row for row in self._of(kind, owner_id)}
        return {id_: kind.codec.message(_shown(kind, row)) for id_, row in rows.items() if id_ in ids}

    async def entities(
        self, kind: InputKind[Any], ids: Collection[int], owner_id: int | None = None
    ) -> Mapping[int, Any]:
        rows = [(owner, key[0]) for owner, key in self._rows[kind.name] if key[0] in ids]
        return {id_: (owner, id_) for owner, id_ in rows if owner_id in (None, owner)}

    async def find(self, kind: InputKind[Any], owner_id: int | None, keys: Collection[Key]) -> list[Stored]:
        rows = self._rows[kind.name].items()
        return [Stored(owner, dict(row)) for (owner, key), row in rows if key in keys and owner_id in (None, owner)]

    async def replace(self, kind: InputKind[Any], before: Stored, after: Document) -> Replaced:
        rows, place = self._rows[kind.name], (before.owner_id, kind.key_of(after))
        if rows.get(place) != before.document:
            return Replaced(is_current=False)
        others = [row for found, row in rows.items() if found[0] == before.owner_id and found != place]
        for unique in kind.unique:
            if unique.of(after) is not None and unique.of(after) in [unique.of(row) for row in others]:
                return Replaced(refusal=Violation(unique.fields[-1], f"must not be that of another {kind.noun}"))
        rows[place] = before.document | after
        return Replaced()

    async def count_references(self, kind: InputKind[Any], owner_id: int, ids: Collection[int]) -> Mapping[str, int]:
        counts: dict[str, int] = {}
        for other, reference in registry.referring_to(kind):
            for row in [] if other.is_required(reference) else self._of(other, owner_id):
                named = row[reference.field]
                if set(ids) & set(named if isinstance(named, list) else [named]):
                    counts[other.name] = counts.get(other.name, 0) + 1
        return counts

    async def delete(
        self, kind: InputKind[Any], owner_id: int | None, keys: Collection[Key], *, allow_missing: bool = False
    ) -> int:
        rows = self._rows[kind.name]
        found = [place for place in rows if place[1] in keys and owner_id in (None, place[0])]
        if len(found) < len(set(keys)) and not allow_missing:
            missing = set(keys) - {key for _, key in found}
            raise NotFound(kind.missing(min(missing)))
        self._check_names(kind, {(owner, key[0]) for owner, key in found})
        self._release(kind, found)
        for place in found:
            del rows[place]
        return len(found)

    def _check_names(self, kind: InputKind[Any], gone: Collection[tuple[int, Any]]) -> None:
        for other, reference in registry.referring_to(kind):
            for unique in other.unique:
                if reference.field not in unique.fields or other.is_required(reference):
                    continue
                values = [
                    (owner, *(row[name] for name in unique.fields if name != reference.field))
                    for (owner, _), row in self._rows[other.name].items()
                    if not row[reference.field] or (owner, row[reference.field]) in gone
                ]
                if len(set(values)) < len(values):
                    raise InvalidParameters.one("ids", "must not be of such a record")

    def _release(self, kind: InputKind[Any], gone: Collection[tuple[int, Key]]) -> None:
        for other, reference in registry.referring_to(kind):
            rows, ids = self._rows[other.name], {(owner, key[0]) for owner, key in gone}
            for place, row in list(rows.items()):
                named, owner = row[reference.field], place[0]
                if isinstance(named, list):
                    row[reference.field] = [one for one in named if (owner, one) not in ids]
                elif (owner, named) in ids and other.is_required(reference):
                    self._release(other, [place])
                    del rows[place]
                elif (owner, named) in ids:
                    row[reference.field] = 0

    def read(self, kind: InputKind[M], owner_id: int, **by: Any) -> list[M]:
        rows = sorted(self._of(kind, owner_id), key=kind.key_of)
        return [
            kind.codec.message(row)
            for row in rows
            if all(_is_in(kind, name, row[name], wanted) for name, wanted in by.items())
        ]

    def _of(self, kind: InputKind[Any], owner_id: int | None) -> list[Document]:
        return [row for (owner, _), row in self._rows[kind.name].items() if owner_id in (None, owner)]

    @staticmethod
    def _order(kind: InputKind[Any], row: Document) -> Key:
        return tuple(row[name] for name in kind.list_order)

    @staticmethod
    def _matches(kind: InputKind[Any], row: Document, matching: InputFilter) -> bool:
        texts = [row[name].casefold() for name in kind.text_fields]
        of_ids = matching.ids is None or row[str(kind.id_field)] in matching.ids
        return (
            of_ids
            and row.items() >= matching.values.items()
            and (not matching.names or any(row[name] in matching.names for name in kind.text_fields))
            and (not kind.bucketed_by or _is_between(row[kind.bucketed_by], matching))
            and (not matching.text or any(matching.text.casefold() in text for text in texts))
            and (not matching.texts or any(one.casefold() in text for one in matching.texts for text in texts))
            and (not matching.tracker_ids or row["tracker_id"] in matching.tracker_ids)
            and (not matching.tags or set(matching.tags) <= set(row["tags"]))
        )


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _is_between(moment: datetime, matching: InputFilter) -> bool:
    return (matching.start is None or matching.start <= moment) and (matching.end is None or moment < matching.end)


def _shown(kind: InputKind[Any], row: Document) -> Document:
    return {name: value for name, value in row.items() if name not in kind.unlisted}


def _is_in(kind: InputKind[Any], name: str, value: Any, wanted: Any) -> bool:
    if isinstance(wanted, tuple):
        first, end = (kind.stored_value(name, one) for one in wanted)
        return bool(first <= value < end)
    if isinstance(wanted, list | set | frozenset):
        return value in [kind.stored_value(name, one) for one in wanted]
    return bool(value == kind.stored_value(name, wanted))
