"""An executor that runs units in threads of this process."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from services.generation.executors.worker_process import result_of


class FakeExecutor:
    """The port Executor in this process. A cancelled unit is waited for, as by the pool of processes."""

    at_once = 2

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(8)
        self.closed = False

    async def run(self, work: Callable[[Any], Any], unit: Any) -> Any:
        return await result_of(self._threads.submit(work, unit))

    async def warm_up(self) -> None:
        """Do nothing: threads begin at once."""

    def close(self) -> None:
        self.closed = True
