"""Messages filled from records by the names of their fields."""

from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from google.protobuf.message import Message

from services.runtime.codec import timestamp_of

AMessage = TypeVar("AMessage", bound=Message)


def message_of(kind: type[AMessage], record: object, /, **others: Any) -> AMessage:
    """Return a message with the values that a record has under the names of fields, and with others.

    A time becomes a Timestamp, a day YYYY-MM-DD, a record within a message; None, or an unset field of another message,
    leaves a field unset.
    """
    names = [name for name in kind.DESCRIPTOR.fields_by_name if name not in others]
    if isinstance(record, Message):
        values = {field.name: value for field, value in record.ListFields() if field.name in names}
    else:
        values = {name: _value_of(getattr(record, name)) for name in names if hasattr(record, name)}
    return kind(**values, **others)


def _value_of(value: Any) -> Any:
    if isinstance(value, datetime):
        return timestamp_of(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value.isoformat() if isinstance(value, date) else value
