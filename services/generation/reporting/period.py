"""Periods and daily windows, read as callers write them (reference 1.3, 1.4)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from services.errors import Violation
from services.generation.domain.windows import civil_to_ms
from services.generation.reporting.report import TimeFilter

MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:\.\d{1,9})?\s?(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
TIME_FORM = 'must be "HH:mm:ss" or "HH:mm"'
WEEKDAYS = range(1, 8)
EARLIEST_YEAR, LATEST_YEAR = 1970, 2200
MOMENT_FORM = f'must be "yyyy-MM-dd HH:mm:ss", or ISO 8601 with an offset, of {EARLIEST_YEAR} to {LATEST_YEAR}'


@dataclass(frozen=True, slots=True)
class Period:
    """A period of whole seconds, both ends included, in UTC."""

    from_time: datetime
    to_time: datetime
    zone: ZoneInfo

    @property
    def civil_length(self) -> timedelta:
        """Length on the zone's clocks: 90 days are 90 days although clocks are changed in between."""
        first, last = (moment.astimezone(self.zone).replace(tzinfo=None) for moment in (self.from_time, self.to_time))
        return last - first


def read_period(from_text: str, to_text: str, time_zone: str, found: list[Violation]) -> Period | None:
    """Return the period, or None after adding its violations to `found`."""
    zone, moments = ZoneInfo(time_zone), []
    for name, text in (("from", from_text), ("to", to_text)):
        try:
            moments.append(_moment(text, zone))
        except ValueError:
            found.append(Violation(name, MOMENT_FORM if text else "must be given"))
    if len(moments) < 2:  # noqa: PLR2004 - from and to
        return None
    if moments[0] >= moments[1]:
        found.append(Violation("to", "must be later than from"))
        return None
    return Period(moments[0], moments[1], zone)


def _moment(text: str, zone: ZoneInfo) -> datetime:
    match = MOMENT.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    civil = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - given its zone below
    if not EARLIEST_YEAR <= civil.year <= LATEST_YEAR:
        raise ValueError(text)
    if match[7]:
        offset = match[7].replace("Z", "+00:00")
        return datetime.fromisoformat(f"{civil.isoformat()}{offset}").astimezone(UTC)
    return datetime.fromtimestamp(civil_to_ms(civil, zone) / 1000, UTC)


def read_time_filter(window: TimeFilter | None, found: list[Violation]) -> TimeFilter:
    """Return the daily window with its clock times as given, adding its violations to `found`."""
    if window is None:
        return TimeFilter()
    whole = TimeFilter()
    bounds = {
        "from": window.start_time_of_day.strip() or whole.start_time_of_day,
        "to": window.end_time_of_day.strip() or whole.end_time_of_day,
    }
    for name, text in bounds.items():
        match = TIME.fullmatch(text)
        hour, minute, second = (int(part or 0) for part in match.groups()) if match else (24, 0, 0)
        if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004 - hours and minutes
            found.append(Violation(f"time_filter.{name}", TIME_FORM))
    if not window.weekdays or set(window.weekdays) - set(WEEKDAYS):
        found.append(Violation("time_filter.weekdays", "must be some of 1 (Monday) to 7 (Sunday)"))
    return TimeFilter(bounds["from"], bounds["to"], tuple(sorted(set(window.weekdays))))
