"""Moments and days in the visitor's language, zone and form of dates."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.web.visitor import Visitor


def moment_text(time: Timestamp, visitor: Visitor) -> str:
    """Return a moment on the visitor's clock, to the minute."""
    local = time.ToDatetime(tzinfo=UTC).astimezone(ZoneInfo(visitor.time_zone))
    return f"{day_text(local.date(), visitor)}, {clock_text(local, visitor)}"


def day_text(day: date, visitor: Visitor) -> str:
    """Return a day in the visitor's form of dates."""
    return format_date(day, visitor.date_pattern, locale=visitor.locale)


def clock_text(local: datetime, visitor: Visitor) -> str:
    """Return the time of day of a local moment, in 24 or 12 hours as the visitor wants."""
    return format_time(local.time(), "h:mm a" if visitor.twelve_hours else "HH:mm", locale=visitor.locale)
