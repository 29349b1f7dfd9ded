"""Workspaces and what is in them: checked, then stored."""

from services.generation.timesheets.book import Imported, TimesheetBook

__all__ = ["Imported", "TimesheetBook"]
