"""A Dask cluster of processes: a scheduler, and workers under nannies that start them again."""

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

import psutil

from tests.builders.mongod import free_port

ROOT = Path(__file__).parents[2]
PRELOADED = ("--preload", "tests.builders.units_of_work")  # loaded before they are there


class Cluster:
    """A scheduler and workers of one thread each; both can be killed and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.address = f"127.0.0.1:{free_port()}"
        self._scheduler: subprocess.Popen[bytes] | None = None
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, workers: int = 2) -> Self:
        """Start everything; workers come a little later."""
        self._scheduler = self._run("scheduler", "--host", "127.0.0.1", "--port", self.address.split(":")[1])
        for _ in range(workers):
            self._run("worker", self.address, "--nthreads", "1", *PRELOADED, "--local-directory", str(self._folder))
        return self

    def _run(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"{arguments[0]}.log").open("ab") as log:
            command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
            self._processes.append(subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log))
        return self._processes[-1]

    def kill_scheduler(self) -> None:
        """Kill the scheduler as a power cut would; workers notice and end by themselves."""
        assert self._scheduler is not None
        self._scheduler.kill()
        self._scheduler.wait()

    def pause_scheduler(self) -> None:
        """Let the scheduler be silent while its connections stay."""
        assert self._scheduler is not None
        self._scheduler.send_signal(signal.SIGSTOP)

    def resume_scheduler(self) -> None:
        """Let the scheduler go on."""
        assert self._scheduler is not None
        self._scheduler.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Kill everything that still runs."""
        for process in self._processes:
            with suppress(psutil.NoSuchProcess):
                for child in psutil.Process(process.pid).children(recursive=True):
                    with suppress(psutil.NoSuchProcess):
                        child.kill()
            process.kill()
            process.wait()

    def log(self) -> str:
        """Return what the workers logged."""
        return (self._folder / "worker.log").read_text()
