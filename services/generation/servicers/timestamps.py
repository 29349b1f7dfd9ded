"""Moments as messages."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from services.errors import InvalidParameters


def timestamp(moment: datetime | None) -> Timestamp | None:
    """Return a moment as a message."""
    if moment is None:
        return None
    message = Timestamp()
    message.FromDatetime(moment)
    return message


def moment_of(message: Timestamp, field: str) -> datetime:
    """Return a message's moment, aware, in UTC. Raises InvalidParameters, naming the field, when it is none."""
    try:
        return message.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidParameters.one(field, "must lie in the years 1 to 9999") from error
