"""Log files of a stack: rotated by size while their processes write into them, so many of so many bytes for each."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger("daybook.up")

POLL_S = 0.25
CHUNK = 2**20
MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class LogFiles:
    """Bounds of each part's log: so many files, the current one included, of so many bytes."""

    count: int = 5
    limit_bytes: int = 20 * MEBIBYTE

    async def keep_bounded(self, files: Iterable[Path]) -> None:
        """Rotate logs that have grown past the limit, until cancelled."""
        logs = list(files)
        while True:
            for file in logs:
                if size_of(file) >= self.limit_bytes:
                    try:
                        await asyncio.to_thread(self.rotate, file)
                    except OSError as error:  # a full disk: its next round may find room
                        log.warning("cannot rotate %s: %s", file, error.strerror)
            await asyncio.sleep(POLL_S)

    def rotate(self, file: Path) -> None:
        """Move what a log holds to numbered files, `.1` the newest, each of the limit at most, and empty it.

        The process behind it goes on writing at its beginning: it must have opened the file for appending. Its lines
        between the last look and the cut are lost, which take microseconds.
        """
        while (size := size_of(file)) >= self.limit_bytes:
            self._shift(file)
            moved = _end_of_line(file, min(size, self.limit_bytes))
            if self.count > 1:
                _copy(file, self._numbered(file, 1), moved)
            _drop_beginning(file, moved)

    def trim(self, file: Path) -> None:
        """Remove files beyond the count, which an earlier start allowed, and rotate a log that is too large."""
        for other in file.parent.glob(f"{file.name}.*"):
            number = other.name.removeprefix(f"{file.name}.")
            if number.isdecimal() and int(number) >= self.count:
                other.unlink(missing_ok=True)
        self.rotate(file)

    def _shift(self, file: Path) -> None:
        for number in range(self.count - 2, 0, -1):
            older = self._numbered(file, number)
            if older.exists():
                older.replace(self._numbered(file, number + 1))

    @staticmethod
    def _numbered(file: Path, number: int) -> Path:
        return file.with_name(f"{file.name}.{number}")


def size_of(file: Path) -> int:
    """Return the size of a file in bytes, 0 when it is not there."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _end_of_line(file: Path, size: int) -> int:
    """Return how many of the first bytes are whole lines, all of them when the last line is a long one."""
    with file.open("rb") as read:
        begin = max(size - CHUNK, 0)
        read.seek(begin)
        end = read.read(size - begin).rfind(b"\n")
    return begin + end + 1 if end >= 0 else size


def _copy(source: Path, target: Path, size: int) -> None:
    """Copy the first bytes of a file."""
    with source.open("rb") as read, target.open("wb") as written:
        left = size
        while left and (chunk := read.read(min(CHUNK, left))):
            written.write(chunk)
            left -= len(chunk)


def _drop_beginning(file: Path, size: int) -> None:
    """Cut off the first bytes of a file that another process appends to."""
    with file.open("rb") as read, file.open("ab") as appended:
        read.seek(size)
        rest = read.read()
        os.ftruncate(appended.fileno(), 0)
        if rest:
            appended.write(rest)
