"""Store of inputs in memory."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import count
from typing import Any

from services.generation.domain.paging import Page
from services.generation.inputs.input_kind import InputKind, Key, M
from services.generation.inputs.input_store import ALL, InputFilter
from services.generation.inputs.upsert_plan import Outcome, UpsertPlan
from services.runtime.codec import Document
from tests.builders.people import NOON

Rows = dict[tuple[int, Key], Document]


class FakeInputs:
    """Fills the ports InputStore and InputReader."""

    def __init__(self) -> None:
        self._rows: defaultdict[str, Rows] = defaultdict(dict)

    async def put(self, kind: InputKind[Any], owner_id: int, records: Sequence[Document]) -> list[Outcome]:
        return self._put(kind, owner_id, records)

    async def all(self, kind: InputKind[M], owner_id: int) -> Mapping[int, M]:
        rows = {row[str(kind.id_field)]: row for row in self._of(kind, owner_id)}
        return {id_: kind.codec.message(row) for id_, row in sorted(rows.items())}

    async def owners_of(self, kind: InputKind[Any], values: Mapping[str, Any]) -> list[int]:
        return [owner for (owner, _), row in self._rows[kind.name].items() if row.items() >= values.items()]

    def add(self, kind: InputKind[M], owner_id: int, *records: M) -> None:
        """Store records whose rules are not checked."""
        self._put(kind, owner_id, [kind.document(record) for record in records])

    def _put(self, kind: InputKind[Any], owner_id: int, records: Sequence[Document]) -> list[Outcome]:
        rows = self._rows[kind.name]
        found = [(owner, row) for (owner, _), row in rows.items() if owner == owner_id or kind.is_global]
        plan = UpsertPlan(kind, owner_id, found)
        taken = {key[0] for _, key in rows} | {record.get(str(kind.id_field)) for record in records}
        first = 1001 if kind.counter else 1  # other ids of the counter are accounts'
        ids = (number for number in count(first) if number not in taken)
        outcomes = [plan.apply(place, record, ids) for place, record in enumerate(records)]
        for key, write in plan.writes.items():
            stamp = rows.get((owner_id, key), {}).get(kind.stamp, NOON)
            rows[owner_id, key] = write.document | {kind.stamp: stamp, kind.owner.value: owner_id}
        return outcomes

    async def page(self, kind: InputKind[M], owner_id: int | None, page: Page, matching: InputFilter = ALL) -> list[M]:
        rows = sorted(self._of(kind, owner_id), key=lambda row: self._order(kind, row))
        behind = [row for row in rows if not page.after or self._order(kind, row) > page.after]
        found = [row for row in behind if self._matches(kind, row, matching)]
        return [kind.codec.message(_shown(kind, row)) for row in found[: page.size]]

    async def some(self, kind: InputKind[M], owner_id: int | None, ids: Collection[int]) -> Mapping[int, M]:
        rows = {row[str(kind.id_field)]: row for row in self._of(kind, owner_id)}
        return {id_: kind.codec.message(_shown(kind, row)) for id_, row in rows.items() if id_ in ids}

    async def entities(
        self, kind: InputKind[Any], ids: Collection[int], owner_id: int | None = None
    ) -> Mapping[int, Any]:
        rows = [(owner, key[0]) for owner, key in self._rows[kind.name] if key[0] in ids]
        return {id_: (owner, id_) for owner, id_ in rows if owner_id in (None, owner)}

    async def delete(self, kind: InputKind[Any], owner_id: int, keys: Collection[Key]) -> int:
        return sum(self._rows[kind.name].pop((owner_id, key), None) is not None for key in keys)

    def read(self, kind: InputKind[M], owner_id: int, **by: Any) -> list[M]:
        rows = sorted(self._of(kind, owner_id), key=kind.key_of)
        return [
            kind.codec.message(row) for row in rows if all(_is_in(row[name], wanted) for name, wanted in by.items())
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
            and (not matching.text or any(matching.text.casefold() in text for text in texts))
        )


def _shown(kind: InputKind[Any], row: Document) -> Document:
    return {name: value for name, value in row.items() if name not in kind.unlisted}


def _is_in(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, tuple):
        return bool(wanted[0] <= value < wanted[1])
    return value in wanted if isinstance(wanted, list | set | frozenset) else bool(value == wanted)
