"""Values of single cells: durations, amounts, moments, yes and no."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # a wall clock's
SECOND = timedelta(seconds=1)
CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9]):([0-5][0-9])")
HOURS = re.compile(r"([0-9]{1,4})\.([0-9]{1,6})(?: ?h)?")
MINUTES = re.compile(r"([0-9]{1,5}):([0-5][0-9]) ?min")
SECONDS = re.compile(r"([0-9]{1,7}) ?sec")
MONEY = re.compile(r"([0-9]{1,11})(?:\.([0-9]{1,2}))?")
GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?")
GROUPED_BEFORE_COMMA = re.compile(r"[0-9]{1,3}(?:[. \u00a0\u202f][0-9]{3})+(?:,[0-9]{1,2})?")
GROUPS = str.maketrans("", "", ". \u00a0\u202f")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
HOUR_S = 3600


def parse_duration(text: str, *, decimal_comma: bool = False) -> int | None:
    """Return the seconds of 1:30:00, 90:00 min, 45 sec, 1.50 or 1.50 h (hours, half up to a second), or None."""
    if clock := CLOCK.fullmatch(text):
        hours, minutes, seconds = clock.groups()
        return int(hours) * HOUR_S + int(minutes) * 60 + int(seconds)
    if decimal := HOURS.fullmatch(text.replace(",", ".") if decimal_comma else text):
        unit = int("1" + "0" * len(decimal[2]))
        return (int(decimal[1] + decimal[2]) * 2 * HOUR_S + unit) // (2 * unit)
    if paper := MINUTES.fullmatch(text):
        return int(paper[1]) * 60 + int(paper[2])
    return int(short[1]) if (short := SECONDS.fullmatch(text)) else None


def parse_amount(text: str, *, decimal_comma: bool = False) -> int | None:
    """Return the cents of 1,250.00, 111.11, 111.1 or 111, or with a decimal comma 1.250,00; None for others."""
    if decimal_comma and (GROUPED_BEFORE_COMMA.fullmatch(text) or "," in text):
        text = (text.translate(GROUPS) if GROUPED_BEFORE_COMMA.fullmatch(text) else text).replace(",", ".")
    elif GROUPED.fullmatch(text):
        text = text.replace(",", "")
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


def elapsed(start: datetime, end: datetime, zone: tzinfo) -> int:
    """Return the seconds between two readings of a clock in a zone, at the first moments at which it showed them."""
    return max(0, moment_of(end, zone, 0, None).seconds - moment_of(start, zone, 0, None).seconds)


def _offset(local: datetime) -> int:
    ahead = local.utcoffset()
    return ahead // SECOND if ahead is not None else 0


def _shown(moment: int, zone: tzinfo) -> datetime:
    """Return what a clock in a zone shows at a moment."""
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).replace(tzinfo=None)
