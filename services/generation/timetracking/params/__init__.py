"""Parameters of reports over time entries: saved and given ones in, a checked and complete ask out."""

from services.generation.timetracking.params.resolving import check_saved, resolve

__all__ = ["check_saved", "resolve"]
