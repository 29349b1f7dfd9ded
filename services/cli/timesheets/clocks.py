"""From what a person's clock showed to the moment it was."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # a wall clock's
SECOND = timedelta(seconds=1)


class Moment(NamedTuple):
    """A moment in seconds since 1970; `later` where it is the second at which the clock showed the same."""

    seconds: int
    later: bool = False


def moment_of(start: datetime, zone: tzinfo, seconds: int, end: datetime | None) -> Moment:
    """Return when a clock in a zone showed `start`.

    A time that the clock skipped moves forward by the gap. One that it showed twice is the reading from which `seconds`
    later it showed `end`, the first one when that is so for both or none.
    """
    first = start.replace(tzinfo=zone)
    moment = (start - EPOCH) // SECOND - _offset(first)
    if end is not None:
        behind = _offset(first) - _offset(first.replace(fold=1))
        if behind > 0 and _shown(moment + seconds, zone) != end and _shown(moment + behind + seconds, zone) == end:
            return Moment(moment + behind, later=True)
    return Moment(moment)


def _offset(local: datetime) -> int:
    ahead = local.utcoffset()
    return ahead // SECOND if ahead is not None else 0


def _shown(moment: int, zone: tzinfo) -> datetime:
    """Return what a clock in a zone shows at a moment."""
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).replace(tzinfo=None)
