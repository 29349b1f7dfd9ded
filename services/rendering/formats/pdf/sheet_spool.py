"""Sheets read to their end before they are printed: what stands last in them, such as the sums, is printed first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from tempfile import SpooledTemporaryFile
from typing import IO

from daybook.report.v1.sheet_pb2 import MapTable, SheetPart, Text

from services.rendering.formats.pdf.day_sums import DaySums
from services.rendering.values import Reader
from services.rendering.wall_clock import WallClock

IN_MEMORY = 1 << 21  # bytes of a sheet's parts before they go to a file
MOST_SUMS = 12  # named values that are printed before the tables; more are a list in its place
LENGTH = 4  # bytes of the length before each part


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
    """A sheet with its outline; its parts are read again from a temporary file."""

    def __init__(self, outline: SheetOutline, file: IO[bytes]) -> None:
        self.outline = outline
        self._file = file

    def parts(self) -> Iterator[SheetPart]:
        """Yield the parts in order."""
        self._file.seek(0)
        while size := self._file.read(LENGTH):
            yield SheetPart.FromString(self._file.read(int.from_bytes(size, "big")))


def spooled_sheets(parts: Iterable[SheetPart], time_zone: str, locale: str) -> Iterator[SpooledSheet]:
    """Yield the sheets of a report one after another; each is there until the next is taken."""
    for index, some in groupby(parts, key=lambda part: part.sheet_index):
        outline = SheetOutline(index)
        with SpooledTemporaryFile(IN_MEMORY) as file:
            for part in some:
                outline.add(part, Reader(WallClock(part.sheet.time_zone or time_zone), locale))
                written = part.SerializeToString()
                file.write(len(written).to_bytes(LENGTH, "big"))
                file.write(written)
            yield SpooledSheet(outline, file)
