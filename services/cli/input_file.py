"""Opening of files that are imported."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from services.cli.errors import CommandFailed
from services.runtime.shown_text import shown


def existing(file: Path) -> Path:
    """Return a file. Raises CommandFailed unless it is there."""
    if not file.is_file():
        raise CommandFailed(f"{shown(file)}: no such file")
    return file


@contextmanager
def open_input(path: Path) -> Iterator[BufferedReader]:
    """Open a file for reading bytes. Raises CommandFailed when it cannot be opened or, in the block, be read."""
    try:
        with path.open("rb") as source:
            yield source
    except OSError as error:
        raise CommandFailed(f"cannot read {shown(path)}: {error.strerror}") from error
