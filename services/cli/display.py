"""What people see: progress bars on standard error, tables on standard output."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

WIDTH = 200  # of tables where there is no terminal


def output() -> Console:
    """Return standard output; where it is no terminal it is wide enough for a table."""
    console = Console()
    return console if console.is_terminal else Console(width=WIDTH)


class Bar:
    """One progress bar. It appears with the first step, so that what fails at once shows its error alone.

    Without a terminal only its end is shown.
    """

    def __init__(self, description: str, total: float | None) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=Console(stderr=True))
        self._task = self._progress.add_task(description, total=total)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress.live.is_started:
            self._progress.stop()

    def show(self, completed: float, total: float | None = None) -> None:
        """Show how much is done, and of how much once that is known."""
        self._progress.start()
        self._progress.update(self._task, completed=completed, total=total)
