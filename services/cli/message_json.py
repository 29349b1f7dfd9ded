"""Messages as JSON for people and scripts: whole numbers as numbers, null for what is absent."""

from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp

Json = Any  # what JSON holds


def plain(message: Message) -> dict[str, Json]:
    """Return a message as an object with the contract's names."""
    return {name: _value_of(message, name) for name in message.DESCRIPTOR.fields_by_name}


def plain_struct(struct: Struct) -> dict[str, Json]:
    """Return the JSON object that a struct carries; whole numbers have no fraction."""
    found = _whole(MessageToDict(struct))
    return found if isinstance(found, dict) else {}


def _value_of(message: Message, name: str) -> Json:
    field = message.DESCRIPTOR.fields_by_name[name]
    if field.has_presence and not message.HasField(name):
        return None
    value = getattr(message, name)
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return {str(key): value[key] for key in sorted(value)}
    if field.is_repeated:
        return [_plain_value(one) for one in value]
    return _plain_value(value)


def _plain_value(value: Json) -> Json:
    if isinstance(value, Struct):
        return plain_struct(value)
    if isinstance(value, Timestamp):
        return f"{value.ToDatetime().isoformat(timespec='seconds')}Z"
    return plain(value) if isinstance(value, Message) else value


def _whole(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _whole(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
