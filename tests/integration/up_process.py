"""A `daybook up` under test, and every process it ever had."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

DAYBOOK = str(Path(sys.executable).with_name("daybook"))
FREE_PORTS = ("--gateway-port", "0", "--generation-port", "0", "--rendering-port", "0")
START_WITHIN_S = 120.0


class Up:
    """A `daybook up` that was started, and every process it ever had."""

    def __init__(self, data_dir: Path, *flags: str) -> None:
        self.data_dir = data_dir
        environment = {name: value for name, value in os.environ.items() if name != "MONGODB_URI"}
        self._process = subprocess.Popen(
            [DAYBOOK, "up", "--data-dir", str(data_dir), *flags],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        self._seen: set[psutil.Process] = set()

    def ready_line(self) -> str:
        """Wait for the first line on standard output."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline().decode().strip()
        self.look()
        return line

    def look(self) -> list[psutil.Process]:
        """Return the processes below, remembering them."""
        children = psutil.Process(self._process.pid).children(recursive=True)
        self._seen.update(children)
        return children

    def is_running(self) -> bool:
        """Return whether `up` itself has not ended."""
        return self._process.poll() is None

    def part(self, name: str) -> psutil.Process:
        """Return the process of a part."""
        (found,) = [child for child in psutil.Process(self._process.pid).children() if name in _words(child)]
        return found

    def send(self, number: int) -> None:
        """Send a signal to `up` alone."""
        self.look()
        self._process.send_signal(number)

    def kill_everything(self) -> None:
        """Kill -9 `up` and all below it at once."""
        for process in [psutil.Process(self._process.pid), *self.look()]:
            process.kill()

    def ended(self) -> tuple[int, str, str]:
        """Wait for the end; return exit code and what was on standard output and error since."""
        out, err = self._process.communicate(timeout=START_WITHIN_S)
        return self._process.returncode, out.decode(), err.decode()

    def leaves_nothing(self) -> bool:
        """Wait until no process that was below it lives any more; say whether that came."""
        return comes_true(lambda: not any(_lives(process) for process in self._seen))


def comes_true(claim: Callable[[], bool], within_s: float = 120.0) -> bool:
    """Wait until a claim holds; say whether it did in time."""
    until = time.monotonic() + within_s
    while not claim() and time.monotonic() < until:
        time.sleep(0.05)
    return claim()


def _words(process: psutil.Process) -> list[str]:
    command = process.cmdline()
    return [*command[1:], Path(command[0]).name]


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
