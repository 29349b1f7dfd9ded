"""The logs of the parts: what a round added to them is kept when something was wrong in it."""

from collections.abc import Iterable
from pathlib import Path


class Logs:
    """The log files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, int] = {}

    def begin(self) -> None:
        """Remember where a round begins."""
        self._read = {file.name: file.stat().st_size for file in self._folder.glob("*.log")}

    def keep(self, where: Path, said: Iterable[str]) -> Path:
        """Copy what came since then into a new folder, with what was wrong, and return the folder."""
        where.mkdir(parents=True)
        (where / "wrong.txt").write_text("\n".join(said) + "\n")
        for file in self._folder.glob("*.log"):
            with file.open("rb") as source:
                source.seek(self._read.get(file.name, 0))
                (where / file.name).write_bytes(source.read())
        return where
