"""Moments as an account's people see them: in its time zone, with the offset."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.cli.client import DEADLINE_S, Access, Metadata, service_at
from services.cli.errors import CommandFailed

if TYPE_CHECKING:
    from datetime import tzinfo

    from google.protobuf.timestamp_pb2 import Timestamp


def zone_named(name: str) -> tzinfo:
    """Return a time zone; UTC for a name that this machine does not know."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


async def zone_of(access: Access, login: str, caller: Metadata) -> tzinfo:
    """Return the time zone of an account; UTC for one that the caller does not see."""
    from daybook.account.v1.account_service_pb2 import GetUserRequest
    from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub

    try:
        async with service_at(access, "generation") as channel:
            stub = AccountServiceStub(channel)
            answer = await stub.GetUser(GetUserRequest(login=login), metadata=caller, timeout=DEADLINE_S)
    except CommandFailed:
        return UTC
    return zone_named(answer.user.time_zone)


def local_text(moment: Timestamp, zone: tzinfo, absent: str = "") -> str:
    """Return a moment such as `2026-01-05 10:00:00+01:00`; `absent` for one that is not set."""
    if not moment.seconds and not moment.nanos:
        return absent
    return moment.ToDatetime(UTC).astimezone(zone).isoformat(" ", "seconds")


def local_moment(text: str, zone: tzinfo) -> str:
    """Return a moment in ISO 8601 as `local_text` shows it."""
    return datetime.fromisoformat(text).astimezone(zone).isoformat(" ", "seconds")


async def zones_of(access: Access, logins: Iterable[str]) -> dict[str, tzinfo]:
    """Return the time zones of accounts as an operator sees them, UTC for no login."""
    return {login: await zone_of(access, login, access.as_operator()) if login else UTC for login in set(logins)}
