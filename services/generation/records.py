"""What the service keeps, as plain values: accounts, fleet, reports. Times are aware UTC; unknown is None."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

REPORTS_RIGHT = "reports"

State = Literal["queued", "running", "finished", "failed"]
UNFINISHED: tuple[State, ...] = ("queued", "running")


@dataclass(frozen=True, slots=True)
class Locale:
    """How somebody reads numbers, dates and words; values as in daybook.report.v1.LocaleInfo."""

    locale: str = "en"
    time_zone: str = "UTC"
    measurement_system: str = "metric"
    date_format: str = ""
    hour_mode: str = "TWENTY_FOUR_HOURS"


@dataclass(frozen=True, slots=True)
class User:
    """An account, or a sub-user of the account `master_id`."""

    id: int
    login: str
    locale: Locale
    create_time: datetime
    demo: bool = False
    master_id: int | None = None
    rights: frozenset[str] = frozenset()

    @property
    def account_id(self) -> int:
        """The account that owns what this user sees of the fleet."""
        return self.master_id or self.id

    def may(self, right: str) -> bool:
        """Say whether the user has a right; an account of its own has all."""
        return self.master_id is None or right in self.rights


@dataclass(frozen=True, slots=True)
class Parking:
    """When a tracker counts as parked (reference 6.1)."""

    min_idle_minutes: int = 5
    idle_speed_kmh: float = 3.0
    ignition_aware: bool = False


@dataclass(frozen=True, slots=True)
class Tracker:
    """A tracked unit. Its id is 0 until it is stored."""

    id: int
    label: str
    no_reports: bool = False
    odometer_km: float | None = None
    parking: Parking = Parking()
    group_id: int = 0
    device_id: str = ""
    model: str = ""
    phone: str = ""
    create_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Vehicle:
    """The vehicle that a tracker is in; fuel in litres per 100 km and money per litre."""

    id: int
    label: str
    tracker_id: int | None = None
    norm_avg_fuel_consumption: float | None = None
    fuel_cost: float | None = None
    currency_code: str = "USD"


@dataclass(frozen=True, slots=True)
class Employee:
    """A person who drives."""

    id: int
    first_name: str
    middle_name: str = ""
    last_name: str = ""
    tracker_id: int | None = None

    @property
    def full_name(self) -> str:
        """First, middle and last name as far as known."""
        return " ".join(part for part in (self.first_name, self.middle_name, self.last_name) if part)


@dataclass(frozen=True, slots=True)
class Assignment:
    """From `start_time` on the tracker was driven by the employee, or by nobody known."""

    tracker_id: int
    start_time: datetime
    employee_id: int | None = None


@dataclass(frozen=True, slots=True)
class TimeFilter:
    """A daily window, HH:mm:ss to HH:mm:ss inclusive, on some weekdays (1 Monday to 7 Sunday)."""

    start_time_of_day: str = "00:00:00"
    end_time_of_day: str = "23:59:59"
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)


@dataclass(frozen=True, slots=True)
class Report:
    """A report: what was asked for and how far it is. Its id is 0 until it is stored."""

    id: int
    owner_id: int
    account_id: int
    title: str
    create_time: datetime
    from_time: datetime
    to_time: datetime
    time_filter: TimeFilter
    plugin_id: int
    options: Mapping[str, Any]
    locale: Locale
    tracker_ids: Sequence[int] = ()
    employee_ids: Sequence[int] = ()
    geocoder: str = ""
    include_places_in_address: bool = True
    include_zones_in_address: bool = True
    type: str = "user"
    request_id: str = ""
    trace_parent: str = ""  # the span it was asked in, in W3C's form
    state: State = "queued"
    percent: int = 0
    attempt: int = 0  # grows with each claim and fences off what an earlier maker still writes
    tries: int = 0  # attempts that count; one handed back does not
    failure: str = ""
    sheet_headers: Sequence[str] = ()
    part_count: int = 0
    cell_count: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """What a finished report consists of: the headers of its sheets in order, its parts and its cells."""

    sheet_headers: Sequence[str] = field(default=())
    part_count: int = 0
    cell_count: int = 0


@dataclass(frozen=True, slots=True)
class Depth:
    """How much work there is: reports queued and running, slots that owners hold, the oldest report's age in seconds.

    Each is NaN when it cannot be known.
    """

    queued: float = 0
    running: float = 0
    slots: float = 0
    oldest_s: float = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for: at most `size` entries after the one at `after`, the list's own sort key."""

    size: int
    after: tuple[Any, ...] = ()
