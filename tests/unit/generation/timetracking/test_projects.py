from hypothesis import given

from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entries import Entries
from services.generation.timetracking.weeks import ProjectFold, ProjectRow
from tests.builders.time_entries import EntryRow, directory, entries, entry, pieces
from tests.builders.tracked_time import by_start, cuts, directories, lists, ready


def test_each_member_has_a_row_on_each_project() -> None:
    """Names are in order, and time without a project comes last."""
    work = entries(
        entry(user=12),
        entry(project=7, user=12, billable=True, seconds=60),
        entry(project=7, seconds=20),
        entry(project=7, seconds=10, billable=True),
        entry(project=8, seconds=5),
    )
    expected = [
        ProjectRow(8, 11, 5, 0),
        ProjectRow(7, 11, 30, 10),
        ProjectRow(7, 12, 60, 60),
        ProjectRow(None, 12, 3600, 0),
    ]

    assert expected == _projects(work, directory(), [])


@given(lists, directories, cuts)
def test_projects_add_up_to_the_whole_however_entries_come(
    those: tuple[EntryRow, ...], known: Directory, where: list[int]
) -> None:
    """All time is on a project or on none."""
    whole = by_start(those)
    rows = _projects(whole, known, [])

    assert rows == _projects(whole, known, where)
    assert whole.seconds.sum() == sum(row.seconds for row in rows)
    assert whole.seconds[whole.billable].sum() == sum(row.billable_seconds for row in rows)


def _projects(whole: Entries, known: Directory, where: list[int]) -> list[ProjectRow]:
    fold = ProjectFold(known)
    for run in pieces(whole, where):
        fold.add(ready(run, known))
    return fold.result()
