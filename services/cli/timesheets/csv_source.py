"""A CSV file of tracked time: its header, and its records."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.cli.csv_records import CsvRecords, Record
from services.cli.errors import CommandFailed
from services.cli.input_file import open_input
from services.runtime.shown_text import shown

UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class CsvSource:
    """An open file, its header read. Bytes that are not UTF-8 are lone surrogates in the cells."""

    header: list[str]
    records: Iterator[Record]
    raw: BinaryIO
    size: int

    def share_read(self) -> float:
        """Return how much of the file is read, 0 to 1."""
        return self.raw.tell() / self.size


@contextmanager
def open_csv(path: Path) -> Iterator[CsvSource]:
    """Open a comma-separated file in UTF-8, with or without a byte order mark.

    Raises CommandFailed when it cannot be read, is empty or is UTF-16.
    """
    with open_input(path) as raw:
        if raw.peek(2).startswith(UTF_16):
            raise CommandFailed(f"{shown(path)} is encoded as UTF-16: save it as UTF-8")
        with io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            records = iter(CsvRecords(text))
            header = next(records, None)
            if header is None or header.broken or not any(cell.strip() for cell in header.cells):
                raise CommandFailed(f"{shown(path)} has no header line: {header.broken if header else 'it is empty'}")
            yield CsvSource(header.cells, records, raw, max(os.fstat(raw.fileno()).st_size, 1))
