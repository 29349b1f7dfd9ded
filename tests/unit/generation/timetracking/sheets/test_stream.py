"""Sheets as parts on their way."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

from daybook.report.v1 import sheet_pb2 as pb
from hypothesis import given
from hypothesis import strategies as st

from services.generation.kit.parts import MAX_BYTES, MAX_ROWS
from services.generation.timetracking.sheets import sheets_of
from services.generation.timetracking.time_report import RowRun
from tests.builders.examples import examples
from tests.unit.generation.timetracking.sheets.reports import DetailedRow, made, report, row, rows


def tables(parts: list[pb.SheetPart]) -> list[pb.Section]:
    return [section for part in parts for section in part.sheet.sections if section.HasField("table")]


@examples(50)
@given(st.lists(st.integers(0, 5), max_size=6))
def test_runs_become_one_table(sizes: list[int]) -> None:
    """However rows come in runs, they make one table: begun once, ended once, summed up at its end."""
    sheets, parts = made(report(*([row()] * size for size in sizes)), "data")
    assert list(range(len(parts))) == [part.part_index for part in parts]
    assert [False] * (len(parts) - 1) + [True] == [part.last for part in parts]
    pieces = tables(parts)
    assert sum(sizes) == sum(len(piece.table.columns[0].text) for piece in pieces)
    assert sheets.cell_count == sum(len(column.text) for piece in pieces for column in piece.table.columns)
    for place, piece in enumerate(pieces):
        is_first, is_last = not place, place + 1 == len(pieces)
        (group,) = piece.table.groups
        assert (not is_first, not is_last) == (piece.continued, piece.unfinished) == (group.continued, group.unfinished)
        assert is_last == group.HasField("total")
        assert len(piece.table.columns[0].text) == group.row_count


def test_parts_of_a_table_have_its_place() -> None:
    """Later parts begin with the section that the table is, after those in front of it."""
    parts = made(report([row()], [row()]), "print")[1]
    assert [0, 3] == [part.first_section for part in parts]
    assert ["Detailed report"] * 2 == [part.sheet.header for part in parts]


def test_long_texts_are_cut_into_more_parts() -> None:
    """A run too large for one message becomes several parts of the same table."""
    long: list[DetailedRow] = [row(description=f"{place} " + "long " * 400) for place in range(MAX_ROWS)]
    parts = made(report(long, long))[1]
    assert MAX_BYTES >= max(part.sheet.sections[0].ByteSize() for part in parts)
    pieces = tables(parts)
    assert len(pieces) > 2
    assert [False, *[True] * (len(pieces) - 1)] == [piece.continued for piece in pieces]
    assert [*[True] * (len(pieces) - 1), False] == [piece.unfinished for piece in pieces]
    assert [False, *[True] * (len(pieces) - 1)] == [piece.table.groups[0].continued for piece in pieces]
    assert [*[False] * (len(pieces) - 1), True] == [piece.table.groups[0].HasField("total") for piece in pieces]


def test_rows_are_read_as_parts_are_taken() -> None:
    """No more than a run beyond the part that is taken is held."""
    taken: list[int] = []

    async def coming() -> AsyncIterator[RowRun]:
        for place in range(5):
            taken.append(place)
            yield rows(row())

    async def first_part() -> None:
        whole = report([row()])
        sheets = await sheets_of(
            replace(whole, row_count=5, rows=coming()),
            "data",
        )
        assert [] == taken
        await anext(aiter(sheets.parts))
        assert [0, 1] == taken

    asyncio.run(first_part())
