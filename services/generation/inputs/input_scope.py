"""Scope of a caller: the records that it may list, and what it sees of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message

from services.generation.inputs.input_kind import InputKind
from services.runtime.codec import Document


@dataclass(frozen=True, slots=True)
class Scope:
    """Records that a caller may list: those of an owner, None for all, or of these those with certain ids.

    Where others are not seen, of the kinds that are of persons those of one member, and of those that list members that
    one alone; `hides_money` says of which records the amounts are empty.
    """

    owner_id: int | None
    ids: frozenset[int] | None = None
    only_user_id: int = 0
    hides_money: Callable[[Any], bool] | None = None

    def is_of(self, kind: InputKind[Any], document: Document) -> bool:
        """Return whether a record is not another person's than the only one that is seen."""
        return not (kind.person and self.only_user_id) or document[kind.person] == self.only_user_id

    def show(self, kind: InputKind[Any], records: Iterable[Message]) -> None:
        """Empty the amounts of records that hide them, and leave out members who are not seen."""
        for record in records:
            for name in kind.member_lists if self.only_user_id else ():
                listed = getattr(record, name)
                listed[:] = [one for one in listed if one == self.only_user_id]
            if self.hides_money is not None and self.hides_money(record):
                for name in kind.money:
                    record.ClearField(name)
