"""Running reports over time entries: from what is asked to totals and rows."""

from services.generation.time_reports.desk import Limits, Stores, TimeReportDesk
from services.generation.time_reports.sources import Extent, OfWorkspace, Shared, Source

__all__ = ["Extent", "Limits", "OfWorkspace", "Shared", "Source", "Stores", "TimeReportDesk"]
