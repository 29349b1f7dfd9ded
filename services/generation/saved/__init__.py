"""Saved reports: making, changing, listing and deleting them, and who may run them."""

from services.generation.saved.book import Opened, SavedReportBook
from services.generation.saved.changes import SavedChange

__all__ = ["Opened", "SavedChange", "SavedReportBook"]
