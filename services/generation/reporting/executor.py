"""Port to whatever runs units of work: a process pool, a cluster."""

from collections.abc import Callable
from typing import Protocol, TypeVar

Unit = TypeVar("Unit")


Result = TypeVar("Result")


class Executor(Protocol):
    """Runs units of work somewhere else: a process pool, a cluster."""

    async def run(self, work: Callable[[Unit], Result], unit: Unit) -> Result:
        """Return what the work gives for the unit.

        Raises UnitLost when it kills whoever runs it, UnitTooLong when it takes longer than units may, ClusterAway when
        there is nobody to run it.
        """

    @property
    def at_once(self) -> int:
        """How many units run side by side, as far as known now."""

    async def warm_up(self) -> None:
        """Get ready before the first unit comes."""

    def close(self) -> None:
        """End all work at once; whoever waits for a unit waits until cancelled."""
