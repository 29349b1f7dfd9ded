"""Values of single cells: durations, amounts, moments, yes and no."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # a wall clock's
SECOND = timedelta(seconds=1)
CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9]):([0-5][0-9])")
HOURS = re.compile(r"([0-9]{1,4})\.([0-9]{1,6})(?: ?h)?")
MINUTES = re.compile(r"([0-9]{1,5}):([0-5][0-9]) ?min")
MONEY = re.compile(r"([0-9]{1,11})(?:\.([0-9]{1,2}))?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}
HOUR_S = 3600


def parse_duration(text: str) -> int | None:
    """Return the seconds of 01:30:00, 1:30:00, 1.50 (hours, half up to a second) or 90:00 min; None for others."""
    if clock := CLOCK.fullmatch(text):
        hours, minutes, seconds = clock.groups()
        return int(hours) * HOUR_S + int(minutes) * 60 + int(seconds)
    if decimal := HOURS.fullmatch(text):
        unit = int("1" + "0" * len(decimal[2]))
        return (int(decimal[1] + decimal[2]) * 2 * HOUR_S + unit) // (2 * unit)
    if paper := MINUTES.fullmatch(text):
        return int(paper[1]) * 60 + int(paper[2])
    return None


def parse_amount(text: str) -> int | None:
    """Return the cents of 111.11, 111.1 or 111; None for others."""
    money = MONEY.fullmatch(text)
    return int(money[1]) * 100 + int((money[2] or "").ljust(2, "0")) if money else None


def parse_moment(date: str, time: str) -> datetime | None:
    """Return the wall clock's reading of YYYY-MM-DD and HH:MM:SS, H:MM:SS or HH:MM; None for others."""
    if not DATE.fullmatch(date) or not TIME.fullmatch(time):
        return None
    if time[1] == ":":
        time = "0" + time
    try:
        return datetime.fromisoformat(f"{date} {time}")
    except ValueError:
        return None


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
