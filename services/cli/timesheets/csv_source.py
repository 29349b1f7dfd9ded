"""A CSV file of tracked time: its header, and its records."""

import csv
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.cli.csv_records import CsvRecords, Record
from services.cli.errors import CommandFailed
from services.cli.input_file import open_input
from services.runtime.shown_text import shown

MAX_LINE = 1 << 16
SEPARATORS = ",;\t"
SEPARATOR_LINE = re.compile(r'"?sep=([,;\t]|\\t)"?', re.IGNORECASE)
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class CsvSource:
    """An open file, its header read. Bytes that are not UTF-8 are lone surrogates in the cells."""

    header: list[str]
    records: Iterator[Record]
    raw: BinaryIO
    size: int
    decimal_comma: bool  # cells are divided by semicolons or tabs, so that numbers may have commas

    def share_read(self) -> float:
        """Return how much of the file is read, 0 to 1."""
        return self.raw.tell() / self.size


@contextmanager
def open_csv(path: Path) -> Iterator[CsvSource]:
    """Open a file in UTF-8, with or without a byte order mark, whose cells are divided by commas, semicolons or tabs.

    A first line such as sep=; says by which, else the header tells. Raises CommandFailed when the file cannot be read,
    is empty or is UTF-16.
    """
    with open_input(path) as raw:
        if raw.peek(2).startswith(UTF_16):
            raise CommandFailed(f"{shown(path)} is encoded as UTF-16: save it as UTF-8")
        line = raw.readline(MAX_LINE).decode("utf-8-sig", "replace").strip()
        told = SEPARATOR_LINE.fullmatch(line)
        separator = told[1].replace("\\t", "\t") if told else _separator(line)
        if not told:
            raw.seek(0)
        with io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            records = iter(CsvRecords(text, 1 if told else 0, separator))
            header = next(records, None)
            if header is None or header.broken or not any(cell.strip() for cell in header.cells):
                raise CommandFailed(f"{shown(path)} has no header line: {header.broken if header else 'it is empty'}")
            size = max(os.fstat(raw.fileno()).st_size, 1)
            yield CsvSource(header.cells, records, raw, size, decimal_comma=separator != ",")


def _separator(header: str) -> str:
    """Return what divides the cells of a header: what divides it into the most."""
    counts = {one: len(next(csv.reader([header], delimiter=one), ())) for one in SEPARATORS}
    return max(SEPARATORS, key=counts.__getitem__)
