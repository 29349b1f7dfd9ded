"""Registry of the kinds of input. Everything that is generic over kinds reads it at use."""

from typing import Any

from services.generation.inputs.assignments import ASSIGNMENTS
from services.generation.inputs.clients import CLIENTS
from services.generation.inputs.employees import EMPLOYEES
from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.member_groups import GROUPS
from services.generation.inputs.members import MEMBERS
from services.generation.inputs.points import POINTS
from services.generation.inputs.project_tasks import PROJECT_TASKS
from services.generation.inputs.projects import PROJECTS
from services.generation.inputs.series import Series
from services.generation.inputs.tags import TAGS
from services.generation.inputs.time_entries import TIME_ENTRIES
from services.generation.inputs.trackers import TRACKERS
from services.generation.inputs.vehicles import VEHICLES
from services.generation.inputs.workspaces import WORKSPACES

INPUT_KINDS: tuple[InputKind[Any], ...] = (  # a kind stands behind those that it refers to
    TRACKERS,
    VEHICLES,
    EMPLOYEES,
    ASSIGNMENTS,
    WORKSPACES,
    MEMBERS,
    CLIENTS,
    PROJECTS,
    PROJECT_TASKS,
    TAGS,
    GROUPS,
    TIME_ENTRIES,
)

SERIES: tuple[Series, ...] = (POINTS,)


def find_kind(name: str) -> InputKind[Any] | None:
    """Return the kind of a name."""
    return next((kind for kind in INPUT_KINDS if kind.name == name), None)


def find_series(name: str) -> Series | None:
    """Return the series of a name."""
    return next((series for series in SERIES if series.name == name), None)
