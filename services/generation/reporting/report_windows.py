"""Windows of time that a report is about."""

from dataclasses import dataclass
from math import ceil
from typing import Self
from zoneinfo import ZoneInfo

from services.generation.domain.windows import Daily, Windows, windows_of
from services.generation.reporting.report import Report


@dataclass(frozen=True, slots=True)
class ReportWindows:
    """Period of a report in ms, end excluded, and its windows under the daily window.

    A period that reaches into the future ends at the report's creation.
    """

    start_ms: int
    end_ms: int
    daily: Daily
    windows: Windows

    @classmethod
    def of(cls, report: Report) -> Self:
        """Return the windows of a report."""
        from_ms, to_ms = (round(moment.timestamp() * 1000) for moment in (report.from_time, report.to_time))
        end_ms = min(to_ms + 1000, ceil(report.create_time.timestamp()) * 1000)
        window = report.time_filter
        daily = Daily.between(window.start_time_of_day, window.end_time_of_day, window.weekdays)
        zone = ZoneInfo(report.locale.time_zone)
        return cls(from_ms, end_ms, daily, windows_of(from_ms, end_ms - 1000, daily, zone))
