"""Kind of input: the descriptor from which storage, checks, lists and imports of its records follow."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from services.generation.inputs.limits import Limit
from services.runtime.codec import Codec, Document, codec_of

M = TypeVar("M", bound=Message)
Key = tuple[Any, ...]
Problem = tuple[str, str]  # a field and the value that would be right


class Owner(StrEnum):
    """Owners of records, by the name of the field that holds the id of the owner in every document."""

    ACCOUNT = "owner_id"
    WORKSPACE = "workspace_id"


@dataclass(frozen=True, slots=True)
class Reference:
    """Field with the id, or the ids, of records of another kind that the same owner must have; 0 is none.

    The fields named by `same` must have the same values in both records.
    """

    field: str
    kind: str
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UniqueKey:
    """Fields whose values no two records of an owner share, records with an empty text among them aside.

    A record with id 0 replaces the record that has its values, or leaves it as it is where `keeps` says so.
    """

    fields: tuple[str, ...]
    keeps: bool = False

    def of(self, document: Document) -> Key | None:
        """Return the values of a document; None when one of them is an empty text."""
        values = tuple(document[name] for name in self.fields)
        return None if "" in values else values


@dataclass(frozen=True, kw_only=True)
class InputKind(Generic[M]):
    """Description of a kind of input. Fields are named as in the message, nested ones with dots.

    `key` identifies a record among those of its owner, or among all if the key is `is_global`. A record with id 0 gets
    a new id if the limit of the id allows 0. `read_by` lists the fields that reports select records by.
    """

    name: str  # of the field of Batch, of the collection and of the import
    noun: str
    message: type[M]
    owner: Owner = Owner.ACCOUNT
    key: tuple[str, ...] = ("id",)
    is_global: bool = False
    is_shared: bool = False  # listed for the members of a record, by its id, instead of for its owner
    counter: str = ""  # of new ids; empty for one of the kind's own
    limits: Mapping[str, Limit] = field(default_factory=dict)
    check: Callable[[M], Iterator[Problem]] | None = None  # rules between fields
    complete: Callable[[Document], None] | None = None  # puts values in their stored form, adds what follows from them
    defaults: Mapping[str, Any] = field(default_factory=dict)  # of fields that are absent or empty
    references: tuple[Reference, ...] = ()
    unique: tuple[UniqueKey, ...] = ()
    order: tuple[str, ...] = ()  # of lists; empty for the key
    read_by: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()  # beside those that follow from the rest
    text_fields: tuple[str, ...] = ()  # which a list is filtered by
    unlisted: tuple[str, ...] = ()  # fields that lists leave out
    output_only: tuple[str, ...] = ()  # fields that are ignored in an upsert
    stamp: str = "create_time"  # set when a record is inserted; `update_time` also when it changes

    @property
    def codec(self) -> Codec[M]:
        """Codec of the messages."""
        return codec_of(self.message)

    @property
    def id_field(self) -> str | None:
        """Field that holds the id; None for a kind that is identified by several fields."""
        return self.key[0] if len(self.key) == 1 else None

    @property
    def list_order(self) -> tuple[str, ...]:
        """Fields by which lists are ordered."""
        return self.order or self.key

    @property
    def order_types(self) -> list[type]:
        """Types of the values that lists are ordered by."""
        return [_type_of(self.message.DESCRIPTOR.fields_by_name[name]) for name in self.list_order]

    def order_of(self, message: M) -> Key:
        """Return the values by which a record is ordered in lists."""
        document = self.codec.document(message)
        return tuple(document[name] for name in self.list_order)

    def document(self, message: M) -> Document:
        """Return the values of a record that an upsert sets, defaults filled in."""
        document = self.codec.document(message)
        for name in self.output_only:
            del document[name]
        for path, value in self.defaults.items():
            _set_default(document, path, value, self)
        if self.complete is not None:
            self.complete(document)
        return document

    def key_of(self, document: Document) -> Key:
        """Return the values of the key."""
        return tuple(document[name] for name in self.key)

    def problems(self, message: M) -> Iterator[Problem]:
        """Yield the fields of a record that break a limit, with the value that would be right."""
        for name, enum in _enums(self.message.DESCRIPTOR):
            if getattr(message, name) not in enum.values_by_number:
                yield name, f"must be one of {', '.join(enum.values_by_name)}"
        for path, limit in self.limits.items():
            wanted = limit(value_at(message, path))
            if wanted is not None:
                yield path, wanted
        if self.check is not None:
            yield from self.check(message)


def _type_of(field_: Any) -> type:
    if field_.message_type is not None:
        return datetime
    return str if field_.enum_type or field_.cpp_type == FieldDescriptor.CPPTYPE_STRING else int


def _enums(descriptor: Any) -> Iterator[tuple[str, Any]]:
    return ((one.name, one.enum_type) for one in descriptor.fields if one.enum_type and not one.is_repeated)


def value_at(message: Message, path: str) -> Any:
    """Return the value of a field, nested ones by dots; None for an absent one."""
    name, _, rest = path.partition(".")
    field_ = message.DESCRIPTOR.fields_by_name[name]
    if field_.has_presence and not message.HasField(name):
        return None
    value = getattr(message, name)
    return value_at(value, rest) if rest else value


def _set_default(document: Document, path: str, value: Any, kind: InputKind[Any]) -> None:
    name, _, rest = path.partition(".")
    if not rest:
        if document[name] in (None, ""):
            document[name] = value
        return
    if document[name] is None:
        document[name] = codec_of(type(getattr(kind.message(), name))).empty()
    inner: Document = document[name]
    if inner[rest] in (None, ""):
        inner[rest] = value
