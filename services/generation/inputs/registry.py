"""Registry of the kinds of input. Everything that is generic over kinds reads it at use."""

from collections.abc import Iterator
from typing import Any

from services.generation.inputs.assignments import ASSIGNMENTS
from services.generation.inputs.checkins import CHECKINS
from services.generation.inputs.clients import CLIENTS
from services.generation.inputs.counters import COUNTERS
from services.generation.inputs.employees import EMPLOYEES
from services.generation.inputs.events import EVENTS
from services.generation.inputs.forms import FORMS
from services.generation.inputs.input_kind import InputKind, Reference
from services.generation.inputs.member_groups import GROUPS
from services.generation.inputs.members import MEMBERS
from services.generation.inputs.places import PLACES
from services.generation.inputs.points import POINTS
from services.generation.inputs.project_tasks import PROJECT_TASKS
from services.generation.inputs.projects import PROJECTS
from services.generation.inputs.readings import READINGS
from services.generation.inputs.sensors import SENSORS
from services.generation.inputs.series import Series
from services.generation.inputs.statuses import STATUSES
from services.generation.inputs.tags import TAGS
from services.generation.inputs.tasks import TASKS
from services.generation.inputs.time_entries import TIME_ENTRIES
from services.generation.inputs.tracker_groups import TRACKER_GROUPS
from services.generation.inputs.trackers import TRACKERS
from services.generation.inputs.vehicles import VEHICLES
from services.generation.inputs.workspaces import WORKSPACES
from services.generation.inputs.zones import ZONES

INPUT_KINDS: tuple[InputKind[Any], ...] = (  # a kind stands behind those that it refers to
    TRACKERS,
    VEHICLES,
    EMPLOYEES,
    ASSIGNMENTS,
    ZONES,
    PLACES,
    SENSORS,
    EVENTS,
    TASKS,
    CHECKINS,
    FORMS,
    STATUSES,
    COUNTERS,
    TRACKER_GROUPS,
    WORKSPACES,
    MEMBERS,
    CLIENTS,
    PROJECTS,
    PROJECT_TASKS,
    TAGS,
    GROUPS,
    TIME_ENTRIES,
)

SERIES: tuple[Series, ...] = (POINTS, READINGS)


def find_kind(name: str) -> InputKind[Any] | None:
    """Return the kind of a name."""
    return next((kind for kind in INPUT_KINDS if kind.name == name), None)


def find_by_noun(noun: str) -> InputKind[Any] | None:
    """Return the kind whose records a noun names."""
    return next((kind for kind in INPUT_KINDS if kind.noun == noun), None)


def referring_to(kind: InputKind[Any]) -> Iterator[tuple[InputKind[Any], Reference]]:
    """Yield the kinds whose records refer to those of a kind, with the reference."""
    return ((other, one) for other in INPUT_KINDS for one in other.references if one.kind == kind.name)


def series_of(kind: InputKind[Any]) -> list[Series]:
    """Return the series that are recorded of the records of a kind."""
    return [series for series in SERIES if series.kind == kind.name]


def find_series(name: str) -> Series | None:
    """Return the series of a name."""
    return next((series for series in SERIES if series.name == name), None)
