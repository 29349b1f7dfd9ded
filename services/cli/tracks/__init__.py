"""Readers of track files, which give batches of points; what cannot be read is counted and named."""

from collections.abc import Callable, Iterator
from pathlib import Path

from services.cli.errors import CommandFailed
from services.cli.tracks.base import Batch, Notes
from services.cli.tracks.csv_file import read_csv
from services.cli.tracks.geojson_file import read_geojson
from services.cli.tracks.gpx_file import read_gpx

Reader = Callable[[Path, Notes], Iterator[Batch]]

READERS: dict[str, Reader] = {".csv": read_csv, ".gpx": read_gpx, ".geojson": read_geojson, ".json": read_geojson}


def reader_of(path: Path) -> Reader:
    """Return the reader for a file by its suffix. Raises CommandFailed for a suffix that none reads."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise CommandFailed(f"{path}: a track is a {', '.join(READERS)} file")
    return reader
