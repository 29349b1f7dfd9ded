"""What a report is about, and what of it is wanted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from services.generation.timetracking.computation.query import ReportType

Extent = Literal[
    "everything", "rows", "totals", "export"
]  # an export is totals and all rows, whatever the page asked for


@dataclass(frozen=True, slots=True)
class Shared:
    """A saved report behind a token, with parameters over the saved ones."""

    token: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfWorkspace:
    """A kind of report over a workspace, with all its parameters."""

    workspace_id: int
    report_type: ReportType
    params: Mapping[str, Any] = field(default_factory=dict)


Source = Shared | OfWorkspace
