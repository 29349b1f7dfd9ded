"""Records of CSV texts within bounds: the cells of each, the line on which it begins, and why others cannot be read."""

import csv
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TextIO

MAX_CELL = 131_072  # characters, as the csv module has it
MAX_RECORD = 1024 * 1024
CHUNK_CHARACTERS = 4 * MAX_RECORD  # of the records that are held at once


class Record(NamedTuple):
    """One record. `line` is the physical line it begins on; `broken` says why its cells cannot be read."""

    line: int
    cells: list[str]
    broken: str = ""


class _TooLong(Exception):
    """A record has more characters than are read."""


class CsvRecords:
    """Iterator over all records but empty lines; `above` lines of the text are read already."""

    def __init__(self, text: TextIO, above: int = 0, delimiter: str = ",", *, skip_initial_space: bool = False) -> None:
        csv.field_size_limit(MAX_CELL)  # of the process; libraries may have raised it
        self._lines = _Lines(text, above)
        self._reader = csv.reader(self._lines, delimiter=delimiter, skipinitialspace=skip_initial_space)

    def __iter__(self) -> Iterator[Record]:
        while True:
            self._lines.size = 0
            line = self._lines.number + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except _TooLong:
                yield Record(line, [], f"has more than {MAX_RECORD:,} characters")
            except csv.Error:  # of the few that it has, the only one that text can raise
                last = self._lines.number
                where = f"cannot be read up to line {last}: " if last > line else ""
                yield Record(line, [], f"{where}a cell has more than {MAX_CELL:,} characters")
            else:
                if cells:
                    yield Record(line, cells)


class _Lines:
    """Lines of a text, with the number of the last one and the characters since `size` was 0."""

    def __init__(self, text: TextIO, number: int) -> None:
        self._text = text
        self.number = number
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        """Return the next line. Raises _TooLong, with the rest of the line passed over."""
        line = self._text.readline(MAX_RECORD)
        if not line:
            raise StopIteration
        self.number += 1
        self.size += len(line)
        if self.size > MAX_RECORD or (len(line) == MAX_RECORD and not line.endswith(("\n", "\r"))):
            while line and not line.endswith(("\n", "\r")):
                line = self._text.readline(MAX_RECORD)
            raise _TooLong
        return line


def chunks(records: Iterable[Record], most: int) -> Iterator[list[Record]]:
    """Yield lists of at most so many records, fewer when they are long."""
    some: list[Record] = []
    size = 0
    for record in records:
        some.append(record)
        size += sum(map(len, record.cells))
        if len(some) == most or size > CHUNK_CHARACTERS:
            yield some
            some, size = [], 0
    if some:
        yield some
