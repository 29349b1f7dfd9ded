"""A CSV file as records: the cells of each, and the physical line on which it begins."""

import csv
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from services.cli.errors import CommandFailed

UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Record(NamedTuple):
    """One record. `line` is the physical line it begins on, from 1; `broken` says why its cells cannot be read."""

    line: int
    cells: list[str]
    broken: str = ""


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
    try:
        with path.open("rb") as raw:
            if raw.peek(2).startswith(UTF_16):
                raise CommandFailed(f"{path} is encoded as UTF-16: save it as UTF-8")
            with io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
                records = _records(text)
                header = next(records, None)
                if header is None or header.broken or not any(cell.strip() for cell in header.cells):
                    raise CommandFailed(f"{path} has no header line: {header.broken if header else 'it is empty'}")
                yield CsvSource(header.cells, records, raw, max(os.fstat(raw.fileno()).st_size, 1))
    except OSError as error:
        raise CommandFailed(f"cannot read {path}: {error.strerror}") from error


def _records(text: io.TextIOWrapper) -> Iterator[Record]:
    """Give every record but empty lines."""
    reader = csv.reader(text)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Record(line, [], f"cannot be read up to line {reader.line_num}: {error}")
            continue
        if cells:
            yield Record(line, cells)
