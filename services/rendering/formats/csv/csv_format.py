"""CSV for analysts: UTF-8 with a byte order mark, RFC 4180, a block per table, rows that explain themselves."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, Literal

from daybook.generation.v1.generation_service_pb2 import ReportHead, StreamPartsRequest
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_CSV
from daybook.report.v1.sheet_pb2 import MapTable, Quantity, RowGroup, SheetPart, Table, Total
from pydantic import BaseModel, Field

from services.rendering.all_rows.row_groups import groups_of
from services.rendering.charts.chart_tables import chart_table
from services.rendering.formats.base import RenderOptions, SheetFormat
from services.rendering.formats.conditions import named_lines
from services.rendering.formats.csv.data_table import DataTable
from services.rendering.formats.csv.plain_columns import PlainColumn, PlainTexts, plain_columns
from services.rendering.formats.csv.tidy_table import tidy_pieces
from services.rendering.wall_clock import WallClock

LEADING = ("sheet", "group", "row")  # before the columns of each table; like field names the same in all languages

Line = Sequence[str]


class CsvSettings(BaseModel):
    """Settings of CSV files."""

    time_csv_form: Literal["quoted", "plain"] = Field(
        "quoted", description="CSV of time entries: `quoted` puts every field in quotes, `plain` those that need it"
    )
    time_csv_formula_guard: bool = Field(
        False, description="CSV of time entries: an apostrophe before texts that begin like a formula"
    )


class Csv(SheetFormat):
    """The CSV format. Texts that a spreadsheet would take for formulas begin with an apostrophe; numbers never do."""

    number = FORMAT_CSV
    suffix = "csv"
    streams = True
    time_layout = StreamPartsRequest.LAYOUT_DATA
    zip_ratio = 16

    def __init__(self, settings: CsvSettings | None = None) -> None:
        chosen = settings or CsvSettings()
        self._data_table = DataTable(quoted=chosen.time_csv_form == "quoted", guarded=chosen.time_csv_formula_guard)

    def _write_sheets(
        self, head: ReportHead, parts: Iterable[SheetPart], out: BinaryIO, options: RenderOptions
    ) -> None:
        """Write the report to `out`, which need not be seekable, part by part."""
        out.write(b"\xef\xbb\xbf")
        if options.data_only:
            out.writelines(self._data_table.pieces(parts))
            return
        if options.headless:
            out.writelines(tidy_pieces(head, parts))
            return
        blocks = Blocks(head.report.locale_info.time_zone)
        out.write(_packed(blocks.title_page(head)))
        out.writelines(_packed(blocks.lines(part)) for part in parts)


class Blocks:
    """Blocks of lines for the sections of a report: the header of the sheet, that of the section, its content."""

    def __init__(self, time_zone: str) -> None:
        self._texts = PlainTexts(WallClock(time_zone), guarded=True)
        self._begun = False
        self._row = 0  # of the table, over all its parts
        self._group = ""

    def title_page(self, head: ReportHead) -> Iterator[Line]:
        """Return the lines of the title page."""
        self._begun = True
        yield [self._texts.line(head.report.title)]
        for name, text in named_lines(head):
            yield [self._texts.line(name), self._texts.line(text)]
        if not head.sheet_headers and head.cover.no_data:
            yield []
            yield [self._texts.line(head.cover.no_data)]

    def lines(self, part: SheetPart) -> Iterator[Line]:
        """Return the lines of a part."""
        sheet = part.sheet
        if sheet.time_zone:
            self._texts = PlainTexts(WallClock(sheet.time_zone), guarded=True)
        header = self._texts.line(sheet.header)
        for section in sheet.sections:
            kind = section.WhichOneof("content")
            if kind == "table":
                yield from self._table(header, section.table, continued=section.continued)
            elif kind == "map_table":
                yield from self._named_values(header, section.map_table)
            elif kind == "text":
                yield from self._begin(header, "")
                yield [self._texts.text(section.text.text)]
            elif table := chart_table(section):
                yield from self._table(header, table)

    def _begin(self, sheet_header: str, header: str) -> Iterator[Line]:
        if self._begun:
            yield []
        self._begun = True
        yield [sheet_header]
        if header:
            yield [self._texts.line(header)]

    def _table(self, sheet_header: str, table: Table, *, continued: bool = False) -> Iterator[Line]:
        columns = plain_columns(table, self._texts)
        if not continued:
            self._row = 0
            yield from self._begin(sheet_header, table.header)
            yield [*LEADING, *(column.title for column in columns)]
        rows = zip(*(column.values for column in columns), strict=True)
        for group in groups_of(table):
            yield from self._rows(sheet_header, group, rows)
            if group.HasField("total"):
                yield [sheet_header, self._group, *self._total(group.total, columns)]

    def _rows(self, sheet_header: str, group: RowGroup, rows: Iterator[Line]) -> Iterator[Line]:
        """Return a group's rows; each begins with its sheet, its group and its number within the table."""
        if group.header or not group.continued:
            self._group = self._texts.line(group.header)
        for _ in range(group.row_count):
            self._row += 1
            yield [sheet_header, self._group, str(self._row), *next(rows, ())]

    def _total(self, total: Total, columns: Sequence[PlainColumn]) -> Iterator[str]:
        """Return a total's words in the place of the row's number, then its values."""
        cells = {cell.field: cell for cell in total.cells}
        yield self._texts.line(total.text)
        for column in columns:
            cell = cells.get(column.field)
            if cell is None:
                yield ""
                continue
            quantity = Quantity()
            quantity.CopyFrom(column.quantity)
            quantity.decimals = cell.decimals
            yield self._texts.values(quantity, [cell.raw], [cell.text])[0]

    def _named_values(self, sheet_header: str, block: MapTable) -> Iterator[Line]:
        yield from self._begin(sheet_header, block.header)
        for row in block.rows:
            yield [self._texts.line(row.name), *self._texts.values(row.quantity, [row.raw], [row.text])]


def _packed(lines: Iterable[Line]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()
