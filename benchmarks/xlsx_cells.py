"""XLSX of a trips table as the renderer writes it, against a bare XlsxWriter loop over the same cells."""

import io
from collections.abc import Iterator
from itertools import islice

import xlsxwriter
from daybook.report.v1.sheet_pb2 import Quantity, SheetPart, Table

from benchmarks.figure import Figure, in_turns
from services.rendering.formats.base import RenderOptions
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from tests.builders.parts import streamed
from tests.builders.sheets import trips_report

ROWS, COLUMNS = 30_000, 6
CELLS = ROWS * COLUMNS
ROUNDS = 5
GOAL = 0.95
WITH_ADDRESS = Quantity.KIND_MOMENT_WITH_ADDRESS

Cell = str | float


def measure() -> Iterator[Figure]:
    """Write both into memory. A moment with an address is two cells in a workbook, for the reference too."""
    head, parts = trips_report(rows=ROWS, sheets=1)
    lines = [line for part in parts for line in _lines(part)]
    stored = list(streamed(parts))
    count = sum(map(len, lines))

    def ours() -> int:
        out = io.BytesIO()
        Xlsx().write(head, stored, out, RenderOptions(headless=True))
        return out.tell()

    def reference() -> int:
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"constant_memory": True}) as workbook:
            sheet = workbook.add_worksheet()
            for row, line in enumerate(lines):
                for column, value in enumerate(line):
                    if isinstance(value, str):
                        sheet.write_string(row, column, value)
                    else:
                        sheet.write_number(row, column, value)
        return out.tell()

    costs = in_turns(ours, reference, ROUNDS)
    what = f"XLSX of {count:,} cells in the renderer"
    yield Figure(what, "a bare XlsxWriter loop over the same cells", GOAL, *costs, count, "cells")


def _lines(part: SheetPart) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of a part's tables with the header and the total of each group, which are cells too."""
    for section in part.sheet.sections:
        rows = zip(*_columns(section.table), strict=True)
        for group in section.table.groups:
            yield (group.header,)
            yield from islice(rows, group.row_count)
            yield (group.total.text, *(cell.raw for cell in group.total.cells))


def _columns(table: Table) -> Iterator[list[Cell]]:
    for column in table.columns:
        yield list(column.raw)
        if column.quantity.kind == WITH_ADDRESS:
            yield list(column.places.address)
