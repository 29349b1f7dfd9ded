"""Supervision of any processes: started again, given up, stopped in order, and never left behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from services.cli.errors import CommandFailed
from services.cli.stack import data_dir_lock, process
from services.cli.stack.data_dir import DataDir
from services.cli.stack.data_dir_lock import MARK, lock_parts, try_lock
from services.cli.stack.process import ProcessSpec, SupervisedProcess
from services.cli.stack.process_reaper import ProcessReaper
from services.cli.stack.supervisor import Stack
from tests.integration.up_process import comes_true

# A process with a worker of its own; it notes both, and that it was asked to stop.
FAMILY = """
import os, signal, subprocess, sys, time
notes = open(sys.argv[1], "a", buffering=1)
def stop(*_):
    notes.write(f"stopped {sys.argv[2]}\\n")
    if sys.argv[3] != "stubborn":
        sys.exit(0)
signal.signal(signal.SIGTERM, stop)
worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
notes.write(f"started {sys.argv[2]} {os.getpid()} {worker.pid}\\n")
while True:
    time.sleep(0.05)
"""

# `daybook up` in small: it runs one family until it is killed, and prints a line for each reaper that knows what lives.
SMALL_UP = """
import asyncio, sys
from pathlib import Path
from services.cli.stack.data_dir import DataDir
from services.cli.stack.process_reaper import ProcessReaper
from tests.integration.test_up_parts import running
start = ProcessReaper._start
async def told(reaper):
    process = await start(reaper)
    print("told", flush=True)
    return process
ProcessReaper._start = told
async def main():
    async with running(DataDir(Path(sys.argv[1])), "one") as parts:
        await parts[0].run()
asyncio.run(main())
"""


@pytest.fixture
def data_dir(tmp_path: Path) -> DataDir:
    """Give a data directory that was made."""
    made = DataDir(tmp_path / "data")
    made.make()
    return made


def spec(data_dir: DataDir, name: str, manner: str = "polite", stop_within_s: float = 60.0) -> ProcessSpec:
    """Return a part that notes what happens to it, and is healthy once it noted its start; it starts first."""
    notes = data_dir.path / "notes"

    async def is_healthy() -> bool:
        return notes.exists() and f"started {name} " in notes.read_text()

    command = (sys.executable, "-c", FAMILY, str(notes), name, manner)
    log = data_dir.log(name)
    return ProcessSpec(name, command, {MARK: str(data_dir.path)}, log, is_healthy, stop_within_s, starts_first=True)


@asynccontextmanager
async def running(data_dir: DataDir, *names: str, manner: str = "polite", stop_within_s: float = 60.0):
    """Give parts of these names, not yet started."""
    data_dir.make()
    lock = await lock_parts(data_dir)
    try:
        async with ProcessReaper(data_dir.parts_file) as reaper:
            yield [SupervisedProcess(spec(data_dir, name, manner, stop_within_s), reaper, lock) for name in names]
    finally:
        os.close(lock)


def noted(data_dir: DataDir) -> list[str]:
    """Return the first two words of each note."""
    return [" ".join(line.split()[:2]) for line in (data_dir.path / "notes").read_text().splitlines()]


def families(data_dir: DataDir) -> list[list[int]]:
    """Return process and worker of each start noted."""
    notes = data_dir.path / "notes"
    lines = notes.read_text().splitlines() if notes.exists() else []
    return [[int(number) for number in line.split()[2:]] for line in lines if line.startswith("started")]


def is_running(pid: int) -> bool:
    """Return whether a process lives; a zombie does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def all_end(*groups: list[int]) -> bool:
    """Wait until processes have ended, which may have been killed a moment ago; say whether they have."""
    return comes_true(lambda: not any(is_running(pid) for group in groups for pid in group))


async def test_a_part_that_does_not_start_first_is_not_waited_for_by_the_next(data_dir: DataDir) -> None:
    """Each is waited for in the end: each becomes healthy only when the other has started."""
    async with running(data_dir, "one", "two") as (one, two):
        pairs = ((one.spec, two.spec), (two.spec, one.spec))
        both = (replace(spec, starts_first=False, is_healthy=other.is_healthy) for spec, other in pairs)
        stack = Stack([SupervisedProcess(spec, one._reaper, one._lock) for spec in both], start_within_s=60)
        await stack.start()
        await stack.stop()

    assert {"started one", "started two"} == set(noted(data_dir)[:2])


async def test_parts_start_in_order_and_stop_in_the_opposite(data_dir: DataDir) -> None:
    """No process and no worker of a part is left."""
    async with running(data_dir, "one", "two") as parts:
        stack = Stack(parts, start_within_s=60)
        await stack.start()
        await stack.stop()

    assert ["started one", "started two", "stopped two", "stopped one"] == noted(data_dir)
    assert all_end(*families(data_dir))


async def test_a_part_that_dies_is_started_again(data_dir: DataDir) -> None:
    """Its worker goes with it."""
    async with running(data_dir, "one") as parts:
        stack = Stack(parts, start_within_s=60)
        await stack.start()
        os.kill(families(data_dir)[0][0], signal.SIGKILL)
        assert await asyncio.to_thread(comes_true, lambda: len(families(data_dir)) == 2)
        first, second = families(data_dir)
        assert all_end(first)
        assert all(is_running(pid) for pid in second)
        await stack.stop()


async def test_a_part_that_dies_five_times_in_a_minute_ends_everything(
    data_dir: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line names the part and its log."""
    monkeypatch.setattr(process, "FIRST_PAUSE_S", 0.001)
    async with running(data_dir, "one", "two") as parts:
        stack = Stack(parts, start_within_s=60)
        await stack.start()
        for death in range(5):
            assert await asyncio.to_thread(comes_true, lambda many=death + 2: len(families(data_dir)) == many)
            os.kill(families(data_dir)[0 if death == 0 else -1][0], signal.SIGKILL)
        with pytest.raises(CommandFailed, match=r"one ended 5 times within a minute: see .*one\.log"):
            await stack.watch()
        await stack.stop()

    assert all_end(*families(data_dir))


async def test_a_part_that_does_not_stop_is_killed_after_its_share(data_dir: DataDir) -> None:
    """It is asked first and has its whole share; the end does not wait for one that never ends by itself."""
    async with running(data_dir, "one", manner="stubborn", stop_within_s=3.0) as parts:
        stack = Stack(parts, start_within_s=60)
        await stack.start()
        began = time.monotonic()
        await stack.stop()

    assert 3.0 <= time.monotonic() - began
    assert ["started one", "stopped one"] == noted(data_dir)
    assert all_end(families(data_dir)[0])


async def test_a_part_that_is_never_healthy_is_an_error(data_dir: DataDir) -> None:
    """It is stopped like the others."""
    async with running(data_dir, "one") as (one,):
        ill = SupervisedProcess(spec(data_dir, "two"), one._reaper, one._lock)
        object.__setattr__(ill.spec, "is_healthy", lambda: asyncio.sleep(0.01, result=False))
        stack = Stack([one, ill], start_within_s=5)
        with pytest.raises(CommandFailed, match="two did not become healthy within 5 s"):
            await stack.start()
        await stack.stop()

    assert all_end(*families(data_dir))


async def test_a_program_that_is_missing_is_one_clear_error(data_dir: DataDir) -> None:
    """It is not tried again."""
    async with running(data_dir, "one") as (one,):
        object.__setattr__(one.spec, "command", ("/nonexistent",))
        with pytest.raises(CommandFailed, match="cannot start one"):
            await one.run()


@contextmanager
def small_up(data_dir: DataDir) -> Iterator["subprocess.Popen[bytes]"]:
    """Start `daybook up` in small and wait until its family lives; it is killed at the end, however that comes."""
    many = len(families(data_dir))
    command = [sys.executable, "-c", SMALL_UP, str(data_dir.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as up:
        try:
            assert b"told\n" == up.stdout.readline()
            assert comes_true(lambda: len(families(data_dir)) > many)
            yield up
        finally:
            up.kill()


def reapers(up: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    """Return the living reapers of a small `daybook up`, without one that ends at this moment."""
    return [child for child in psutil.Process(up.pid).children() if "reaper_main.py" in "".join(_words(child))]


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # a zombie, too
        return []


def test_everything_ends_when_up_is_killed(data_dir: DataDir) -> None:
    """Parts get to know it by SIGTERM, and their workers end too; then the data directory is free."""
    with small_up(data_dir) as up:
        up.kill()

    assert all_end(families(data_dir)[0])
    assert ["started one", "stopped one"] == noted(data_dir)
    assert try_lock(data_dir.parts_lock) is not None


def test_a_reaper_that_is_killed_is_replaced(data_dir: DataDir) -> None:
    """The new one knows the parts that lived before it."""
    with small_up(data_dir) as up:
        (first,) = reapers(up)
        first.kill()
        assert b"told\n" == up.stdout.readline()
        assert first not in reapers(up)
        up.kill()

    assert all_end(families(data_dir)[0])


def test_parts_without_anybody_are_ended_by_the_next_up(data_dir: DataDir) -> None:
    """When up and reaper are killed at once, the next up finds the parts by its records."""
    with small_up(data_dir) as up:
        family = families(data_dir)[0]
        (reaper,) = reapers(up)
        reaper.suspend()  # so that it does not notice
        up.kill()
        reaper.kill()
    assert all(is_running(pid) for pid in family)

    with small_up(data_dir) as second:
        assert all_end(family)
        second.kill()
    assert all_end(families(data_dir)[1])


async def test_a_stranger_is_never_killed(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process without our mark keeps the data directory, whatever the records say."""
    monkeypatch.setattr(data_dir_lock, "POLITE_S", 0.2)
    monkeypatch.setattr(data_dir_lock, "FORCED_S", 0.2)
    lock = try_lock(data_dir.parts_lock)
    assert lock is not None
    stranger = await asyncio.create_subprocess_exec("sleep", "60", pass_fds=[lock], start_new_session=True)
    os.close(lock)
    try:
        data_dir.parts_file.write_text(f"[{stranger.pid}]")
        with pytest.raises(CommandFailed, match="processes of an earlier stack still use"):
            await lock_parts(data_dir)
        assert stranger.returncode is None
    finally:
        stranger.kill()
        await stranger.wait()
