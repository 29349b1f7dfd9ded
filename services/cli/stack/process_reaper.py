"""Reaper of process groups: a process that ends them all when this process ends, even by kill -9."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from services.cli.output import write_private
from services.cli.stack import reaper_main

STOP_WITHIN_S = 1.0


class ProcessReaper:
    """Starts the reaper process, keeps it alive and tells it which process groups live."""

    def __init__(self, groups_file: Path) -> None:
        self._groups_file = groups_file
        self._groups: set[int] = set()
        self._process: Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._process = await self._start()
        self._keeper = asyncio.create_task(self._keep())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._keeper:
            self._keeper.cancel()
        if self._process and self._process.stdin:
            self._process.stdin.close()
            await asyncio.wait_for(self._process.wait(), reaper_main.GRACE_S + STOP_WITHIN_S)

    def add(self, group: int) -> None:
        """Note a group that began. A file names all groups, for a later `up` in case the reaper is killed too."""
        self._groups.add(group)
        self._save()
        self._tell(f"+{group}\n")

    def remove(self, group: int) -> None:
        """Note a group that is over."""
        self._groups.discard(group)
        self._save()
        self._tell(f"-{group}\n")

    def _save(self) -> None:
        write_private(self._groups_file, json.dumps(sorted(self._groups)) + "\n")

    def _tell(self, line: str) -> None:
        if self._process and self._process.stdin:
            with suppress(ConnectionError):  # the keeper starts another, which is told everything
                self._process.stdin.write(line.encode())

    async def _start(self) -> Process:
        command = [sys.executable, "-I", "-S", reaper_main.__file__]
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True
        )
        if process.stdin:
            process.stdin.writelines(f"+{group}\n".encode() for group in self._groups)
        return process

    async def _keep(self) -> None:
        while self._process:
            await self._process.wait()
            self._process = await self._start()
