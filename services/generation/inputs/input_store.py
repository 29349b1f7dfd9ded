"""Ports to the store of inputs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from google.protobuf.message import Message

from services.errors import Violation
from services.generation.domain.paging import Page
from services.generation.inputs.input_kind import InputKind, Key
from services.generation.inputs.upsert_plan import Outcome
from services.runtime.codec import Document

M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class InputFilter:
    """Conditions of a list, and its order where it is not that of the key.

    Ids, None for all; a text that one of the kind's text fields contains in any case; texts, one of which a text field
    contains likewise; names, one of which is the value of a text field; values of fields; ids of trackers of which a
    record names one; tags that a record has all of; moments from which and before which records of kinds that are
    bucketed by one begin. `order` has fields, each with whether it descends; letter case counts for nothing in it.
    `skip` records are passed over; in an order of its own a list has no page `after` an entry.
    """

    ids: Collection[int] | None = None
    text: str = ""
    names: Collection[str] = ()
    order: tuple[tuple[str, bool], ...] = ()
    skip: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    start: datetime | None = None
    end: datetime | None = None
    texts: Collection[str] = ()
    tracker_ids: Collection[int] = ()
    tags: Collection[str] = ()


ALL = InputFilter()


@dataclass(frozen=True, slots=True)
class Stored:
    """Record as it is stored, its fields under the names of the message, with the id of its owner."""

    owner_id: int
    document: Document


@dataclass(frozen=True, slots=True)
class Replaced:
    """Result of a replacement: whether the record was still as it had been found, and the reason of a refusal."""

    is_current: bool = True
    refusal: Violation | None = None


class InputStore(Protocol):
    """Records of all kinds of input. Raises StoreUnavailable."""

    async def put(
        self, kind: InputKind[Any], owner_id: int, records: Sequence[Document], *, create_only: bool = False
    ) -> list[Outcome]:
        """Store the records, as `InputKind.document` returns them, and return what became of each.

        With `create_only` a record whose key is stored already is refused. Everything answered is on disk. Raises
        NotFound when the owner is being removed.
        """

    async def find(self, kind: InputKind[Any], owner_id: int | None, keys: Collection[Key]) -> list[Stored]:
        """Return the records of an owner, or of all owners of a global kind, that have these keys."""

    async def replace(self, kind: InputKind[Any], before: Stored, after: Document) -> Replaced:
        """Replace a record, in one step, unless it is no longer as it was found; its stamps are left aside.

        Everything answered is on disk. Raises NotFound when the owner is being removed.
        """

    async def page(self, kind: InputKind[M], owner_id: int | None, page: Page, matching: InputFilter = ALL) -> list[M]:
        """Return records of an owner, or of all owners of a global kind, in the order of lists."""

    async def count(self, kind: InputKind[Any], owner_id: int | None, matching: InputFilter = ALL) -> int:
        """Return how many records match, whatever is passed over."""

    async def some(self, kind: InputKind[M], owner_id: int | None, ids: Collection[int]) -> Mapping[int, M]:
        """Return the records of an owner, or of all owners of a global kind, that have these ids."""

    async def all(self, kind: InputKind[M], owner_id: int) -> Mapping[int, M]:
        """Return all records of an owner by id, with the fields that lists leave out."""

    async def owners_of(self, kind: InputKind[Any], values: Mapping[str, Any]) -> list[int]:
        """Return the ids of the owners of records whose fields have these values."""

    async def entities(
        self, kind: InputKind[Any], ids: Collection[int], owner_id: int | None = None
    ) -> Mapping[int, Any]:
        """Return under what the series of the records with these ids are stored, without those being removed.

        Without an owner they are of any account; the kind is global then.
        """

    async def count_references(self, kind: InputKind[Any], owner_id: int, ids: Collection[int]) -> Mapping[str, int]:
        """Return how many records name those with these ids, and would stay, by the names of their kinds."""

    async def delete(
        self, kind: InputKind[Any], owner_id: int | None, keys: Collection[Key], *, allow_missing: bool = False
    ) -> int:
        """Delete the records with these keys and everything that belongs to them; return how many there were.

        Without an owner they are those of all owners of a global kind. Raises NotFound, before anything is deleted,
        when one of them is not stored, unless `allow_missing`, and InvalidParameters when records that stay would have
        the unique values of others.
        """


class InputReader(Protocol):
    """Records of an account or a workspace as worker processes read them. Raises StoreUnavailable."""

    def read(self, kind: InputKind[M], owner_id: int, **by: Any) -> list[M]:
        """Return the records whose fields have the given values, by key.

        A list of values stands for any of them, a tuple of two for the range from the first to before the second.
        Moments are milliseconds UTC.
        """
