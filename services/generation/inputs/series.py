"""Series: the descriptor of what is recorded of an entity over time, in columns."""

from dataclasses import dataclass

from google.protobuf.message import Message


@dataclass(frozen=True, kw_only=True)
class Series:
    """Description of a series. `entity_field` identifies the record of `kind` that the rows belong to."""

    name: str  # of the field of Batch
    message: type[Message]
    kind: str
    entity_field: str
    collection: str
