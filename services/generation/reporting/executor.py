"""Port to executors of units of work."""

from collections.abc import Callable
from typing import Protocol, TypeVar

Unit = TypeVar("Unit")


Result = TypeVar("Result")


class Executor(Protocol):
    """Executor of units of work in other processes: a process pool, a cluster."""

    async def run(self, work: Callable[[Unit], Result], unit: Unit) -> Result:
        """Return the result of the work on the unit. Errors of the work are raised as they are.

        Raises UnitLost when the unit ends its workers, UnitTooLong when it takes longer than units may, ClusterAway
        when no worker can be reached. A cancelled call returns after its worker has stopped.
        """

    @property
    def at_once(self) -> int:
        """Number of units that run side by side, as far as known now."""

    async def warm_up(self) -> None:
        """Prepare a worker before the first unit comes."""

    def close(self) -> None:
        """End all work at once; calls under way wait until they are cancelled."""
