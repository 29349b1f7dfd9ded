"""Requests for new reports as they come, and the limits of their parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.errors import Violation
from services.generation.reporting.report import TimeFilter


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """Request for a new report as it came; empty texts stand for defaults."""

    period_start: str
    period_end: str
    title: str
    plugin_id: int
    options: Mapping[str, Any]
    tracker_ids: Sequence[int]
    employee_ids: Sequence[int]
    time_filter: TimeFilter | None
    geocoder: str
    include_places_in_address: bool
    include_zones_in_address: bool
    type: str
    locale: str
    request_id: str
    unreadable: Sequence[Violation] = ()  # fields that came in a form that cannot be read


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a report's parameters."""

    max_time_span: timedelta
    max_trackers: int
