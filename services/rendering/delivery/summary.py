"""First rows and totals of a report, for the body of a mail."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import islice

from daybook.report.v1.sheet_pb2 import Column, MapTable, RowGroup, Section, SheetPart, Table

from services.rendering.formats.base import sheet_part
from services.rendering.ports import OpenReport, ReportReader, ReportSource

MAX_ROWS = 50
MAX_TEXT = 200  # characters of a cell: mail readers cut long mails
MAX_PARTS = 20  # of the first sheet, whose totals stand at its end


class RowRole(Enum):
    """Purpose of a row."""

    GROUP = auto()  # its only text is the name of the group
    BODY = auto()
    TOTAL = auto()


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """Row of a table, a text for each column."""

    role: RowRole
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class SummaryTable:
    """Table with its first rows; `is_cut` where it has more."""

    header: str
    titles: Sequence[str]
    is_right: Sequence[bool]  # of each column: whether its texts end at the right edge
    rows: Sequence[SummaryRow]
    is_cut: bool


@dataclass(slots=True)
class Summary:
    """The first table of a report's first sheet, a summary rather than details, and its named values."""

    table: SummaryTable | None = None
    values: list[tuple[str, str]] = field(default_factory=list)


async def read_summary(reader: ReportReader, source: ReportSource, authorization: str) -> Summary:
    """Return the summary of a report; only its first sheet is read, and no more of it than its first parts."""
    async with reader.open(source, authorization) as report:
        return summary_of([part async for part in _first_sheet(report)])


async def _first_sheet(report: OpenReport) -> AsyncIterator[SheetPart]:
    count = 0
    async with aclosing(report.parts) as parts:
        async for part in parts:
            if part.sheet_index or count == MAX_PARTS:
                return
            yield _shortened(sheet_part(part))
            count += 1
            if part.last:
                return


def _shortened(part: SheetPart) -> SheetPart:
    """Return a part without charts, which may be long."""
    kept = [section for section in part.sheet.sections if section.WhichOneof("content") in ("table", "map_table")]
    del part.sheet.sections[:]
    part.sheet.sections.extend(kept)
    return part


def summary_of(parts: Sequence[SheetPart]) -> Summary:
    """Return the summary of the parts of a sheet."""
    found = Summary()
    sections = [section for part in parts for section in part.sheet.sections]
    tables = [section for section in sections if section.HasField("table") and not section.continued]
    filled = [section for section in tables if any(column.text for column in section.table.columns)]
    chosen = next((section for section in filled if section.table.is_summary), next(iter(filled), None))
    if chosen is not None:
        found.table = _table(chosen)
    for section in sections:
        if section.HasField("map_table"):
            found.values += _values(section.map_table)
    return found


def _values(block: MapTable) -> Iterator[tuple[str, str]]:
    return ((_line(row.name), _line(row.text)) for row in block.rows)


def _table(section: Section) -> SummaryTable:
    table = section.table
    columns = [column for column in table.columns if not column.hidden]
    count = len(columns[0].text) if columns else 0
    return SummaryTable(
        header=_line(table.header),
        titles=[_line(column.title) for column in columns],
        is_right=[column.align == Column.ALIGN_RIGHT for column in columns],
        rows=list(_rows(table, columns)),
        is_cut=section.unfinished or count > MAX_ROWS,
    )


def _rows(table: Table, columns: Sequence[Column]) -> Iterator[SummaryRow]:
    texts = ([_line(text) for text in row] for row in zip(*(column.text for column in columns), strict=True))
    count = len(columns[0].text) if columns else 0
    left, plain = MAX_ROWS, count - table.total_row_count
    for group in table.groups or [RowGroup(row_count=count)]:
        is_whole = group.row_count <= left
        if group.header and left and group.row_count:
            yield SummaryRow(RowRole.GROUP, [_line(group.header)])
        for row in islice(texts, min(group.row_count, left)):
            yield SummaryRow(RowRole.TOTAL if MAX_ROWS - left >= plain else RowRole.BODY, row)
            left -= 1
        if group.HasField("total") and (is_whole or len(table.groups) == 1):
            cells = {cell.field: _line(cell.text) for cell in group.total.cells}
            total = [cells.get(column.field, "") for column in columns]
            yield SummaryRow(RowRole.TOTAL, _named(total, _line(group.total.text)))


def _named(cells: list[str], name: str) -> list[str]:
    """Return a total's cells with its name in the first one, unless that holds a sum."""
    return [name, *cells[1:]] if cells and not cells[0] else cells


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_TEXT else f"{line[: MAX_TEXT - 1]}\N{HORIZONTAL ELLIPSIS}"
