"""Work that runs in worker processes of tests."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from services.errors import InvalidParameters, SpanTooLong
from services.generation.executors import worker
from services.generation.executors.process_pool import PRELOAD, ProcessPool
from services.generation.reporting.units import SheetResult, SheetUnit


class Untransportable(Exception):
    """An error that can be sent but not read back."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


def double(number: int) -> int:
    """Return twice the number."""
    return 2 * number


def parent(_: object) -> int:
    """Return the process that started this one."""
    return os.getppid()


def note(unit: tuple[Path, int]) -> int:
    """Leave a line in a file, wait a little, and return the process."""
    path, number = unit
    with path.open("a") as file:
        file.write(f"{number}\n")
    time.sleep(0.05)
    return os.getpid()


def die(path: Path) -> None:
    """Leave a line in a file and end the process as the kernel does when memory is short."""
    with path.open("a") as file:
        file.write("died\n")
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(path: Path) -> str:
    """Die, but for the second time and later."""
    if not path.exists():
        die(path)
    return "done"


def fail(kind: str) -> None:
    """Raise an error of a kind."""
    if kind == "span":
        raise SpanTooLong("P90D")
    if kind == "parameters":
        raise InvalidParameters.one("title", "must be shorter")
    raise Untransportable("a", "b")


def wait_for(path: Path) -> int:
    """Report that the work began, and wait until a file is there."""
    path.with_suffix(".begun").touch()
    while not path.exists():
        time.sleep(0.01)
    return os.getpid()


def meet(unit: tuple[Path, int]) -> int:
    """Wait until units 0 and 1 have both begun, and return the process."""
    folder, number = unit
    (folder / f"{number}.begun").touch()
    while not (folder / f"{1 - number}.begun").exists():
        time.sleep(0.01)
    return os.getpid()


def count_and_sleep(path: Path) -> None:
    """Leave a line in a file and sleep, whatever is raised to end that, but for what ends a program."""
    with path.open("a") as file:
        file.write("begun\n")
    while True:
        with suppress(Exception):
            time.sleep(600)


def count_and_be_deaf(path: Path) -> None:
    """Do the same without heeding any signal."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    count_and_sleep(path)


def paced_sheet(folder: Path, unit: SheetUnit) -> SheetResult:
    """Make a sheet in a little while, after saying in a file which process makes it."""
    with (folder / f"{unit.entity_id}.pids").open("a") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(0.3)
    return worker.make_sheet(unit)


async def main(arguments: Sequence[str]) -> None:
    """Keep two workers busy until killed, after telling their process ids in files of the folder given."""
    pool = ProcessPool(2, PRELOAD)
    folder = Path(arguments[0])
    await asyncio.gather(*(pool.run(busy, folder / str(number)) for number in range(2)))


def busy(path: Path) -> None:
    """Write down the process, and work for a long time."""
    path.write_text(str(os.getpid()))
    time.sleep(600)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
