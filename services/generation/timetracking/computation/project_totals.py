"""The time of each member on each project."""

from services.generation.timetracking.computation.directory import Directory
from services.generation.timetracking.computation.entity_names import Place, place_of
from services.generation.timetracking.computation.entries import NONE, Rows
from services.generation.timetracking.computation.results import ProjectRow
from services.generation.timetracking.computation.tally import Tally


class ProjectFold:
    """Adds up prepared entries by project and member."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._tally = Tally()

    def add(self, rows: Rows) -> None:
        """Add a run of entries."""
        entries = rows.entries
        billable_seconds = rows.seconds * entries.billable
        self._tally.add((entries.project_id, entries.user_id), (rows.seconds, billable_seconds))

    def result(self) -> list[ProjectRow]:
        """Return the rows by name of project, letters' case apart and time without one last, then of member."""
        rows = [ProjectRow(project or None, *rest) for project, *rest in self._tally.rows()]
        return sorted(rows, key=self._place)

    def _place(self, row: ProjectRow) -> tuple[Place, Place]:
        project = place_of("projects", row.project_id or NONE, self._directory)
        return project, place_of("users", row.user_id, self._directory)
