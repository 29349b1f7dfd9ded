"""The colours of projects, and the palette of them that Toggl's clients know by number."""

from services.generation.timetracking.computation.directory import Project

PALETTE = (
    "#0b83d9", "#9e5bd9", "#d94182", "#e36a00", "#bf7000", "#2da608", "#06a893", "#c9806b",
    "#465bb3", "#990099", "#c7af14", "#566614", "#d92b2b", "#525266", "#991102",
)  # fmt: skip


def color_number(color: str) -> str:
    """Return the number of a colour #rrggbb in the palette as text; that of the first for any other."""
    lower = color.lower()
    return str(PALETTE.index(lower)) if lower in PALETTE else "0"


def default_color(project_id: int) -> str:
    """Return the colour #rrggbb of a project that was given none; neighbours in number differ."""
    return PALETTE[project_id % len(PALETTE)]


def project_color(project: Project) -> str:
    """Return a project's colour #rrggbb, its own or by its id."""
    return project.color or default_color(project.id)
