"""Kind of input: the descriptor from which storage, checks, lists and imports of its records follow."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from services.generation.inputs.limits import Limit
from services.generation.inputs.nested_limits import value_at
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

    The fields named by `same` must have the same values in both records. A record goes along with the other one when
    that is deleted if the field is required, or where `goes_along` says so; else it stays and names none.
    """

    field: str
    kind: str
    same: tuple[str, ...] = ()
    goes_along: bool = False


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


MEMBERS_KIND = "members"  # name of the kind of the persons in a workspace


@dataclass(frozen=True, kw_only=True)
class InputKind(Generic[M]):
    """Description of a kind of input. Fields are named as in the message, nested ones with dots.

    `key` identifies a record among those of its owner, or among all if the key is `is_global`. A record with id 0 gets
    a new id if the limit of the id allows 0. `read_by` lists the fields that reports select records by. Records that
    are also packed in buckets are so by the moment in `bucketed_by`.
    """

    name: str  # of the field of Batch and of the import
    noun: str
    message: type[M]
    owner: Owner = Owner.ACCOUNT
    key: tuple[str, ...] = ("id",)
    stored_in: str = ""  # collection, where it is not called like the kind
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
    money: tuple[str, ...] = ()  # fields that are empty for members of a workspace who do not see amounts
    is_kept: bool = False  # deleted only with `detach` while records that stay refer to it
    person: str = ""  # field with the member whose record it is, the only one to see it where others are not seen
    bucketed_by: str = ""
    stamp: str = "create_time"  # set when a record is inserted
    change_stamp: str = ""  # set when a record is inserted and when it changes

    @property
    def codec(self) -> Codec[M]:
        """Codec of the messages."""
        return codec_of(self.message)

    @property
    def collection(self) -> str:
        """Name of the collection."""
        return self.stored_in or self.name

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

    def missing(self, key: Key) -> str:
        """Return the words for a record that is not stored."""
        return f"There is no {self.noun} {' '.join(str(one) for one in key)}"

    @property
    def member_lists(self) -> list[str]:
        """Fields that list members of the workspace."""
        fields = self.message.DESCRIPTOR.fields_by_name
        return [one.field for one in self.references if one.kind == MEMBERS_KIND and fields[one.field].is_repeated]

    def is_required(self, reference: Reference) -> bool:
        """Return whether a record goes along with the one that it refers to."""
        if self.message.DESCRIPTOR.fields_by_name[reference.field].is_repeated:
            return False
        return reference.goes_along or self.limits[reference.field](0) is not None

    def stored_value(self, name: str, value: Any) -> Any:
        """Return a value of a field as documents hold it: moments come as milliseconds UTC, words of enums as numbers.

        Values that have the form of documents already stay.
        """
        field_ = self.message.DESCRIPTOR.fields_by_name[name]
        if not isinstance(value, int):
            return value
        if field_.message_type is not None:
            return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=value)
        return field_.enum_type.values_by_number[value].name if field_.enum_type else value

    def problems(self, message: M) -> Iterator[Problem]:
        """Yield the fields of a record that break a limit, with the value that would be right."""
        for name, enum in _enums(self.message.DESCRIPTOR):
            if getattr(message, name) not in enum.values_by_number:
                yield name, f"must be one of {', '.join(enum.values_by_name)}"
        for path, limit in self.limits.items():
            yield from problems_of(path, limit(value_at(message, path)))
        if self.check is not None:
            yield from self.check(message)


def problems_of(path: str, wanted: str | tuple[str, str] | None) -> Iterator[Problem]:
    """Yield the problem that a limit found in the value of a field, if it found one."""
    if isinstance(wanted, tuple):
        yield path + wanted[0], wanted[1]
    elif wanted is not None:
        yield path, wanted


def _type_of(field_: Any) -> type:
    if field_.message_type is not None:
        return datetime
    return str if field_.enum_type or field_.cpp_type == FieldDescriptor.CPPTYPE_STRING else int


def _enums(descriptor: Any) -> Iterator[tuple[str, Any]]:
    return ((one.name, one.enum_type) for one in descriptor.fields if one.enum_type and not one.is_repeated)


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
