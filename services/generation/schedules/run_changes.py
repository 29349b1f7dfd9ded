"""Changes of stored runs that others may change at the same time."""

from collections.abc import Callable

from services.errors import NotFound, Unavailable
from services.generation.schedules.run import Run
from services.generation.schedules.schedule_store import Runs

TRIES = 20


async def changed(runs: Runs, run_id: int, change: Callable[[Run], Run]) -> Run:
    """Store what `change` makes of the present run, and return it. Raises NotFound, and what `change` raises."""
    for _ in range(TRIES):
        run = await runs.find(run_id)
        if run is None:
            raise NotFound
        after = change(run)
        if after == run or await runs.replace(after):
            return after
    raise Unavailable
