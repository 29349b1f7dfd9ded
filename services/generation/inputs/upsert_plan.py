"""Plan of an upsert: which records are stored, unchanged or refused, given what is stored already."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.errors import Violation
from services.generation.inputs.input_kind import InputKind, Key, UniqueKey
from services.runtime.codec import Document


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of one record: its id, 0 for a refused one or a kind without ids, and the reason of a refusal."""

    id: int = 0
    stored: bool = False
    refusal: Violation | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """Record to write, the positions of the records of the batch that it answers, and what is stored under its key."""

    document: Document
    places: list[int]
    stored: Document | None = None

    @property
    def is_new(self) -> bool:
        """Whether nothing is stored under the key."""
        return self.stored is None


class UpsertPlan:
    """Applies the records of a batch one after the other to what is stored.

    `found` are stored records with the keys or unique values of the batch, each with the id of its owner. With
    `create_only` a record that is stored already is refused.
    """

    def __init__(
        self,
        kind: InputKind[Any],
        owner_id: int,
        found: Iterable[tuple[int, Document]],
        *,
        create_only: bool = False,
    ) -> None:
        self._kind = kind
        self._create_only = create_only
        self._empty = kind.codec.empty()
        self._known: dict[Key, Document] = {}
        self._foreign: set[Key] = set()
        self._holders: dict[tuple[UniqueKey, Key], Key] = {}
        self.writes: dict[Key, Write] = {}
        for owner, document in found:
            if owner == owner_id:
                self._keep(document)
            else:
                self._foreign.add(kind.key_of(document))

    def missing_ids(self, records: Iterable[Document]) -> int:
        """Return how many new ids the records need at most."""
        field = self._kind.id_field
        return sum(self._find(record) is None for record in records if field and not record[field])

    def apply(self, place: int, record: Document, new_ids: Iterator[int]) -> Outcome:
        """Plan the record at a position of the batch."""
        field = self._kind.id_field
        if field and not record[field]:
            same = self._find(record)
            if same is not None and self._create_only:
                return Outcome(refusal=self._taken(*same))
            record = record | {field: next(new_ids) if same is None else same[0][0]}
            if same is not None and same[1].keeps:
                return Outcome(record[field])
        key = self._kind.key_of(record)
        refusal = self._refusal(key, record)
        if refusal is not None:
            return Outcome(refusal=refusal)
        stored = not self._is_stored(key, record)
        places = [*self.writes[key].places, place] if key in self.writes else [place]
        if stored:
            before = self.writes[key].stored if key in self.writes else self._known.get(key)
            self._keep(record)
            self.writes[key] = Write(record, places, before)
        elif key in self.writes:
            self.writes[key].places.append(place)
        return Outcome(record[field] if field else 0, stored)

    def _find(self, record: Document) -> tuple[Key, UniqueKey] | None:
        """Return the key of the record with the unique values of another one, and which values these are."""
        for unique in self._kind.unique:
            values = unique.of(record)
            if values is not None and (unique, values) in self._holders:
                return self._holders[unique, values], unique
        return None

    def _refusal(self, key: Key, record: Document) -> Violation | None:
        if key in self._foreign:
            return Violation(self._kind.key[0], f"must not be the id of a {self._kind.noun} of another owner")
        if self._create_only and key in self._known:
            return Violation(self._kind.key[-1], f"must be new: such a {self._kind.noun} exists")
        same = self._find(record)
        return self._taken(*same) if same is not None and same[0] != key else None

    def _taken(self, key: Key, unique: UniqueKey) -> Violation:
        return Violation(unique.fields[-1], f"must not be that of the {self._kind.noun} {key[0]}")

    def _is_stored(self, key: Key, record: Document) -> bool:
        """Return whether an equal record is stored; a field that the contract got later counts as empty."""
        found = self._known.get(key)
        return found is not None and (self._empty | found).items() >= record.items()

    def _keep(self, document: Document) -> None:
        key = self._kind.key_of(document)
        before = self._known.get(key)
        for unique in self._kind.unique:
            if before is not None and (values := unique.of(before)) is not None:
                self._holders.pop((unique, values), None)
            if (values := unique.of(document)) is not None:
                self._holders[unique, values] = key
        self._known[key] = document


def unique_values(kind: InputKind[Any], records: Sequence[Document]) -> Iterator[tuple[UniqueKey, list[Key]]]:
    """Yield the unique keys of a kind with the values that the records have of them."""
    for unique in kind.unique:
        values = {found for record in records if (found := unique.of(record)) is not None}
        if values:
            yield unique, sorted(values)
