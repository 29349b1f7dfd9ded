"""The logs of the parts: what a round added to them is kept when something was wrong in it."""

from collections.abc import Iterable
from pathlib import Path


class Logs:
    """The log files of a folder and of those in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] = {}

    def begin(self) -> None:
        """Remember where a round begins."""
        self._read = {file: file.stat().st_size for file in self._files()}

    def keep(self, where: Path, said: Iterable[str]) -> Path:
        """Copy what came since then into a new folder, with what was wrong, and return the folder."""
        files = self._files()
        where.mkdir(parents=True)
        (where / "wrong.txt").write_text("\n".join(said) + "\n")
        for file in files:
            with file.open("rb") as source:
                source.seek(self._read.get(file, 0))
                (where / "-".join(file.relative_to(self._folder).parts)).write_bytes(source.read())
        return where

    def _files(self) -> list[Path]:
        return [file for file in self._folder.rglob("*.log") if "failed" not in file.parts]
