"""Parts of a sheet: sections, then a table that is read run by run, at most two runs in memory."""

import math
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Quantity, RowGroup, Section, Sheet, SheetPart, Table, Text, Total

from services.generation.kit.parts import cut
from services.generation.timetracking.sheets.value_format import hundredths
from services.generation.words.catalogue import mark as _
from services.runtime.fair_threads import in_thread

ROUNDED = _("Rows are rounded; the total is exact.")


@dataclass(frozen=True, slots=True)
class Body:
    """The table of a sheet in runs, each a table in itself, the sums of all its rows, and how many cells it has.

    A group without a name is the table's only one and goes through all runs.
    """

    tables: AsyncGenerator[Table, None]
    totals: Sequence[Total]
    cell_count: int


async def parts_of(front: Sheet, body: Body, rounded_note: str = "") -> AsyncGenerator[SheetPart, None]:
    """Yield the parts of a sheet that begins with the sections of `front` and ends with the table, if any comes.

    A note, if any, follows a table whose decimal hours do not add up to their total as they are shown.
    """
    parts, hours = _Parts(front), ShownHours()
    held: Table | None = None
    async with aclosing(body.tables) as tables:
        async for table in tables:
            hours.add(table)
            if held is not None:
                for part in await in_thread(list, parts.of(held)):
                    yield part
            held = table
    note = rounded_note if held is not None and hours.differ(body.totals) else ""
    for part in await in_thread(list, parts.last(held, body.totals, note)):
        yield part


class ShownHours:
    """Sums of the decimal hours of a table's columns as they are shown, in hundredths."""

    def __init__(self) -> None:
        self._sums = Counter[str]()
        self._of_group = Counter[str]()  # of the group that goes on
        self._differs = False  # in a group

    def add(self, table: Table) -> None:
        """Add the rows of a table."""
        for column in table.columns:
            if column.quantity.kind == Quantity.KIND_DURATION and column.quantity.decimals:
                shown = [hundredths(int(raw)) if math.isfinite(raw) else 0 for raw in column.raw]
                self._sums[column.field] += sum(shown)
                self._add_to_groups(column.field, shown, table.groups)

    def differ(self, totals: Sequence[Total]) -> bool:
        """Return whether a total, of all rows or of a group, is not what its rows add up to."""
        cells = [cell for total in totals for cell in total.cells if cell.field in self._sums]
        return self._differs or any(hundredths(int(cell.raw)) != self._sums[cell.field] for cell in cells)

    def _add_to_groups(self, field: str, shown: Sequence[int], groups: Iterable[RowGroup]) -> None:
        first = 0
        for group in groups:
            before = self._of_group[field] if group.continued else 0
            self._of_group[field] = before + sum(shown[first : first + group.row_count])
            first += group.row_count
            own = [cell.raw for cell in group.total.cells if cell.field == field] if group.header else []
            self._differs |= any(hundredths(int(raw)) != self._of_group[field] for raw in own if math.isfinite(raw))


class _Parts:
    """Cuts the runs of one sheet and counts their parts."""

    def __init__(self, front: Sheet) -> None:
        self._front = front
        self._begun = False
        self._count = self._rows = 0

    def of(self, table: Table) -> Iterator[SheetPart]:
        """Yield the parts of a run that others follow."""
        yield from self._cut([self._joined(table, is_last=False)])

    def last(self, table: Table | None, totals: Sequence[Total], note: str) -> Iterator[SheetPart]:
        """Yield the parts of the last run, or of a sheet without a table; a note, if any, is its last section."""
        sections = []
        if table is not None:
            section = self._joined(table, is_last=True)
            _close(section.table, totals)
            sections.append(section)
        if note:
            sections.append(Section(text=Text(text=note)))
        parts = list(self._cut(sections))
        parts[-1].last = True
        yield from parts

    def _joined(self, table: Table, *, is_last: bool) -> Section:
        """Return the section of a run, which says whether the table goes on before and after it."""
        section = Section(table=table, continued=self._begun, unfinished=not is_last)
        for group in section.table.groups:
            if not group.header:
                group.continued, group.unfinished = section.continued, section.unfinished
        return section

    def _cut(self, sections: list[Section]) -> Iterator[SheetPart]:
        """Yield the parts of a run, after the sheet's front if it is the first."""
        sheet = Sheet(header=self._front.header, time_zone=self._front.time_zone)
        if not self._begun:
            sheet.sections.extend(self._front.sections)
        sheet.sections.extend(sections)
        shift = len(self._front.sections) if self._begun else 0
        self._begun = True
        for part in cut(sheet, 0):
            part.part_index = self._count
            part.first_section += shift
            part.first_row = self._rows
            part.last = False
            self._count += 1
            self._rows += part.row_count
            yield part


def _close(table: Table, totals: Sequence[Total]) -> None:
    """Put the sums of all rows at the end of a table: into its group without a name, else into groups of their own."""
    for total in totals:
        last = table.groups[-1] if table.groups else None
        if last is not None and not last.header and not last.HasField("total"):
            last.total.CopyFrom(total)
        else:
            table.groups.append(RowGroup(total=total))
