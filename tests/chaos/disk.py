"""A small disk of its own for MongoDB, which can be filled to the last byte."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SIZE_MB = 1024  # of which MongoDB's journal takes 300


@dataclass(frozen=True, slots=True)
class Disk:
    """A folder. `is_small` says whether it is a disk that may be filled."""

    path: Path
    is_small: bool

    @property
    def _ballast(self) -> Path:
        return self.path / "ballast"

    def fill(self) -> None:
        """Take all the room that is left. Only for a small disk."""
        assert self.is_small
        ballast = os.open(self._ballast, os.O_CREAT | os.O_RDWR)
        try:
            while free := shutil.disk_usage(self.path).free:
                with suppress(OSError):  # somebody took of it meanwhile
                    os.posix_fallocate(ballast, os.fstat(ballast).st_size, free)
        finally:
            os.close(ballast)

    def free(self) -> None:
        """Give the room back."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(path: Path) -> Iterator[Disk]:
    """Give a disk in memory at a path, or an ordinary folder where the system lets nobody but root mount one."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "daybook-chaos", str(path)]
    try:
        is_mounted = not subprocess.run(mount, capture_output=True, check=False).returncode
    except FileNotFoundError:
        is_mounted = False
    try:
        yield Disk(path, is_mounted)
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(path)], check=True)
