"""Readers of track files, which give batches of points; what cannot be read is counted and named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from services.cli.errors import CommandFailed
from services.runtime.shown_text import shown

if TYPE_CHECKING:
    from services.cli.tracks.base import Batch, Notes

    Reader = Callable[[Path, Notes], Iterator[Batch]]

READERS = {".csv": "csv", ".gpx": "gpx", ".geojson": "geojson", ".json": "geojson"}


def check_suffix(path: Path) -> str:
    """Return the format that the suffix of a file tells. Raises CommandFailed for a suffix that none reads."""
    found = READERS.get(path.suffix.lower())
    if found is None:
        raise CommandFailed(f"{shown(path)}: a track is a {', '.join(READERS)} file")
    return found


def reader_of(path: Path) -> Reader:
    """Return the reader for a file by its suffix. Raises CommandFailed for a suffix that none reads."""
    name = check_suffix(path)
    reader: Reader = getattr(import_module(f"services.cli.tracks.{name}_file"), f"read_{name}")
    return reader
