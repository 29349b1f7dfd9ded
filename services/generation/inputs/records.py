"""Trackers, vehicles, employees and driver assignments as plain values."""

from dataclasses import dataclass
from datetime import datetime


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
