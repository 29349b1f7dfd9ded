"""Sheets read to their end before they are printed: what stands last, such as sums, is printed first."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO

from daybook.report.v1.sheet_pb2 import MapTable, SheetPart, Text

from services.rendering.formats.pdf.day_sums import DaySums
from services.rendering.formats.pdf.page_estimate import PageEstimate
from services.rendering.values import Reader

IN_MEMORY = 1 << 22  # bytes of all parts before they go to a file
MOST_SUMS = 12  # named values that are printed before the tables; more are a list in its place


@dataclass(slots=True)
class SheetOutline:
    """Outline of a sheet: its named values after the tables, with their footnotes, and what it has besides."""

    index: int
    header: str = ""
    time_zone: str = ""
    is_about_entity: bool = False
    summary: MapTable | None = None
    footnotes: list[str] = field(default_factory=list)
    moved: set[tuple[int, int]] = field(default_factory=set)  # part and section of what is printed first
    sentences: list[str] = field(default_factory=list)
    has_table: bool = False
    has_chart: bool = False
    has_values: bool = False
    sums: DaySums | None = None

    @property
    def is_empty(self) -> bool:
        """Return whether the sheet says in words alone that there is nothing to show."""
        return bool(self.sentences) and not (self.has_table or self.has_chart or self.has_values)

    @property
    def is_summary(self) -> bool:
        """Return whether the sheet sums up all entities."""
        return self.index == 0 and self.has_table and not self.is_about_entity

    def add(self, part: SheetPart, reader: Reader) -> None:
        """Look at a part."""
        self.header, self.time_zone = part.sheet.header, part.sheet.time_zone
        self.is_about_entity = self.is_about_entity or bool(part.sheet.entity_ids)
        if self.sums is None:
            self.sums = DaySums(reader)
        for number, section in enumerate(part.sheet.sections):
            place = part.part_index, number
            if section.HasField("table"):
                self.has_table = True
                self.sums.add(section.table)
                self._forget()
            elif section.HasField("map_table"):
                self.has_values = True
                self._forget()
                if self.has_table and 0 < len(section.map_table.rows) <= MOST_SUMS:
                    self.summary, self.moved = section.map_table, {place}
            elif section.HasField("text"):
                self._look_at_text(section.text, place)
            else:
                self.has_chart = True

    def _look_at_text(self, text: Text, place: tuple[int, int]) -> None:
        is_small = text.style == Text.STYLE_SMALL_PRINT
        if not is_small:
            self.sentences.append(text.text)
        elif self.summary is not None and not self.footnotes:
            self.footnotes.append(text.text)
            self.moved.add(place)

    def _forget(self) -> None:
        self.summary, self.moved, self.footnotes = None, set(), []


class SpooledSheet:
    """A sheet with its outline; its parts are read again from a temporary file of all sheets."""

    def __init__(self, index: int, file: IO[bytes]) -> None:
        self.outline = SheetOutline(index)
        self._file = file
        self._places: list[tuple[int, int]] = []  # of the parts: offsets and sizes

    def add(self, part: SheetPart, reader: Reader) -> None:
        """Write a part to the end of the file."""
        self.outline.add(part, reader)
        written = part.SerializeToString()
        self._places.append((self._file.tell(), len(written)))
        self._file.write(written)

    def parts(self) -> Iterator[SheetPart]:
        """Yield the parts in order."""
        for offset, size in self._places:
            self._file.seek(offset)
            yield SheetPart.FromString(self._file.read(size))


@contextmanager
def spooled_sheets(
    parts: Iterable[SheetPart], reader_of: Callable[[SheetPart], Reader], estimate: PageEstimate
) -> Iterator[list[SpooledSheet]]:
    """Hold the sheets of a report while the context lasts; the estimate counts all their rows."""
    sheets: list[SpooledSheet] = []
    with SpooledTemporaryFile(IN_MEMORY) as file:
        for part in parts:
            if not sheets or sheets[-1].outline.index != part.sheet_index:
                sheets.append(SpooledSheet(part.sheet_index, file))
            reader = reader_of(part)
            estimate.add(part, reader)
            sheets[-1].add(part, reader)
        yield sheets
