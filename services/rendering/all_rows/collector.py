"""Collector of the rows of a report from the parts of its sheets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import MapRow, RowGroup, Section, Sheet, SheetPart, Table

from services.rendering.all_rows.fields import TEXT, Field, Filled, fields_of, line_fields
from services.rendering.all_rows.row_groups import groups_of
from services.rendering.all_rows.row_spool import Batch, RowSpool

DEFAULT_ENTITY = "tracker"
SHEET, TABLE, GROUP, ID = "sheet", "table", "group", "_id"


class RowCollector:
    """Table of all rows: of the tables of entities' sheets, else of their named values, a row for each sheet.

    A report that was asked for without the sheets of entities has the rows of its summary.
    """

    def __init__(self, head: ReportHead, spool: RowSpool) -> None:
        self._spool = spool
        self._zone = head.report.locale_info.time_zone
        self._titles: Mapping[str, str] = head.cover.data_column_titles
        self._of_summary = head.cover.is_summary_only
        self._lines: list[tuple[int, Sheet, list[MapRow]]] = []
        self._tables: set[str] = set()
        self._has_rows = False
        self._open = ""  # the group that goes on
        entity = "employee" if head.report.employee_ids else DEFAULT_ENTITY
        spool.declare([self._field(name) for name in (SHEET, entity + ID, entity, TABLE, GROUP)])

    def add(self, part: SheetPart) -> None:
        """Take the rows of a part."""
        sheet = part.sheet
        for section in sheet.sections:
            if section.HasField("table"):
                if self._is_wanted(section.table, sheet):
                    self._table(part, section)
            elif section.HasField("map_table") and sheet.entity_ids:
                self._note_lines(part, section.map_table.rows)

    def watched(self, parts: Iterable[SheetPart]) -> Iterator[SheetPart]:
        """Yield the parts and take the rows of each."""
        for part in parts:
            self.add(part)
            yield part

    def finish(self) -> None:
        """Take the named values where no table had rows to show."""
        if not self._has_rows:
            for index, sheet, rows in self._lines:
                filled = [*self._leading(sheet, "", [""]), *line_fields(rows, self._titles)]
                self._spool.add(index, sheet.time_zone or self._zone, filled, 1)
        self._lines.clear()

    @property
    def has_rows(self) -> bool:
        """Whether there are tables of rows."""
        return self._has_rows

    @property
    def has_lines(self) -> bool:
        """Whether there are named values in the place of rows."""
        return bool(self._lines)

    @property
    def fields(self) -> list[Field]:
        """The fields of the table; the name of a row's table is left out where all have the same."""
        return [field for field in self._spool.fields if field.name != TABLE or len(self._tables) > 1]

    def batches(self) -> Iterator[Batch]:
        """Yield the rows under those fields."""
        return self._spool.batches([field.name for field in self.fields])

    def _is_wanted(self, table: Table, sheet: Sheet) -> bool:
        if not table.columns:
            return False
        return table.is_summary if self._of_summary else bool(sheet.entity_ids) and not table.is_summary

    def _note_lines(self, part: SheetPart, rows: Sequence[MapRow]) -> None:
        if self._has_rows:
            return
        if not self._lines or self._lines[-1][0] != part.sheet_index:
            sheet = Sheet()
            sheet.CopyFrom(part.sheet)
            del sheet.sections[:]
            self._lines.append((part.sheet_index, sheet, []))
        self._lines[-1][2].extend(rows)

    def _table(self, part: SheetPart, section: Section) -> None:
        table, sheet = section.table, part.sheet
        self._has_rows = True
        self._tables.add("" if table.facts else table.header)
        count = len(table.columns[0].text)
        kept = count if section.unfinished else max(count - table.total_row_count, 0)
        filled = [*self._leading(sheet, table.header, [*self._groups(table)]), *self._facts(table, count)]
        if self._of_summary:
            filled = [*self._entities(sheet, table), *(one for one in filled if one[0].name in {SHEET, TABLE, GROUP})]
            filled.sort(key=lambda one: one[0].name != SHEET)
        filled += fields_of(table.columns[1:] if self._of_summary else table.columns, self._titles, upper_titles(table))
        cut = filled if kept == count else [(field, values[:kept]) for field, values in filled]
        self._spool.add(part.sheet_index, sheet.time_zone or self._zone, cut, kept)

    def _leading(self, sheet: Sheet, header: str, groups: Sequence[str]) -> list[Filled]:
        count, entity = len(groups), sheet.entity_kind or DEFAULT_ENTITY
        entity_id = str(sheet.entity_ids[0]) if sheet.entity_ids else None
        return [
            (self._field(SHEET), [sheet.header] * count),
            (self._field(entity + ID), [entity_id] * count),
            (self._field(entity), [sheet.entity_label or sheet.header] * count),
            (self._field(TABLE), [header] * count),
            (self._field(GROUP), groups),
        ]

    def _entities(self, sheet: Sheet, table: Table) -> list[Filled]:
        """Return the entities of the rows of a summary, which its first column names."""
        entity, names = sheet.entity_kind or DEFAULT_ENTITY, table.columns[0].text
        ids = [str(one) if one else None for one in table.row_entity_ids] or [None] * len(names)
        return [(self._field(entity + ID), ids), (self._field(entity), list(names))]

    def _facts(self, table: Table, count: int) -> Iterator[Filled]:
        for fact in table.facts:
            yield Field(fact.field, fact.title, TEXT), [fact.text] * count

    def _groups(self, table: Table) -> Iterator[str]:
        """Yield the group of each row: its day, or its name."""
        for group in groups_of(table):
            if not group.continued or group.header:
                self._open = _name_of(group)
            for _ in range(group.row_count):
                yield self._open

    def _field(self, name: str) -> Field:
        return Field(name, self._titles.get(name, name), TEXT)


def upper_titles(table: Table) -> dict[str, str]:
    """Return the titles that stand over those of columns, by the fields of these."""
    return {field: group.title for group in table.column_groups for field in group.fields}


def _name_of(group: RowGroup) -> str:
    return group.date or group.label or group.header
