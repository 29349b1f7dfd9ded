"""The stack's side of the sweeper: starts it, keeps it alive and tells it which process groups live."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from services.cli.files import write_private
from services.cli.stack import sweeper

STOP_WITHIN_S = 1.0


class Broom:
    """Knows the process groups of all parts, and sees that they end when this process does."""

    def __init__(self, groups_file: Path) -> None:
        self._groups_file = groups_file
        self._groups: set[int] = set()
        self._sweeper: Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._sweeper = await self._start()
        self._keeper = asyncio.create_task(self._keep())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._keeper:
            self._keeper.cancel()
        if self._sweeper and self._sweeper.stdin:
            self._sweeper.stdin.close()
            await asyncio.wait_for(self._sweeper.wait(), sweeper.GRACE_S + STOP_WITHIN_S)

    def add(self, group: int) -> None:
        """Note a group that began. A file names all, for a later `up` in case the sweeper is killed too."""
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
        if self._sweeper and self._sweeper.stdin:
            with suppress(ConnectionError):  # the keeper starts another, which is told everything
                self._sweeper.stdin.write(line.encode())

    async def _start(self) -> Process:
        command = [sys.executable, "-I", "-S", sweeper.__file__]
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True
        )
        if process.stdin:
            process.stdin.writelines(f"+{group}\n".encode() for group in self._groups)
        return process

    async def _keep(self) -> None:
        while self._sweeper:
            await self._sweeper.wait()
            self._sweeper = await self._start()
