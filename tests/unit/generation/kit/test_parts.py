"""Cutting sheets into parts."""

import math
from collections.abc import Iterable, Iterator
from itertools import accumulate
from unittest.mock import patch

import pytest
from daybook.report.v1 import sheet_pb2 as pb
from hypothesis import given
from hypothesis import strategies as st

from services.generation.kit import parts as sheets
from services.generation.kit.parts import MAX_BYTES, MAX_ROWS, cell_count, cut, outline_of
from services.runtime.slices import join
from tests.builders.any_message import sections_of_every_kind, sheets_of_every_kind, unset_fields

FEW_ROWS, FEW_BYTES = 7, 1_000  # limits that small sheets reach
SPANS = ("row_count", "continued", "unfinished")
HEAD_BYTES = 100  # what a part says of its sheet
SET_BY_CUTTING = {"continued", "unfinished"} | {
    f"table.groups.{name}" for name in ("row_count", "continued", "unfinished")
}
texts = st.sampled_from(["", "a", "Москва", "x" * 60])
numbers = st.sampled_from([math.nan, 0.0, -1.5, 1e300])


def column(rows: list[str], raw: list[float] | None = None, places: Iterable[int] = ()) -> pb.Column:
    made = pb.Column(field="f", title="t", width=4, hidden=True, quantity=pb.Quantity(kind=pb.Quantity.KIND_NUMBER))
    made.text.extend(rows)
    made.raw.extend(raw or [])
    for row in places:
        made.places.row.append(row)
        made.places.lat.append(row / 2)
        made.places.lng.append(-row)
        made.places.address.append(f"place {row}")
    return made


def table(columns: list[pb.Column], groups: list[int]) -> pb.Section:
    made = [
        pb.RowGroup(header=f"group {index}", row_count=count, total=pb.Total(text="In total:"))
        for index, count in enumerate(groups)
    ]
    return pb.Section(table=pb.Table(header="Trips", section_id="s", columns=columns, groups=made))


@st.composite
def tables(draw: st.DrawFn) -> pb.Section:
    rows = draw(st.lists(texts, max_size=25))
    raw = [draw(numbers) for _ in rows]
    edges = sorted(draw(st.lists(st.integers(0, len(rows)), max_size=6)))
    sizes = [end - start for start, end in zip([0, *edges], [*edges, len(rows)], strict=True)]
    columns = [column(rows, raw, range(0, len(rows), draw(st.integers(1, 3)))), column(rows[::-1])]
    columns[0].min_row, columns[0].max_row = 0, max(len(rows) - 1, 0)
    return table(columns, sizes)


@given(sheets_of_every_kind(25))
def test_an_outline_has_the_rows_of_the_parts(sheet: pb.Sheet) -> None:
    """Section by section, each where the one before ended."""
    outline = outline_of(sheet)
    with patch.object(sheets, "MAX_ROWS", FEW_ROWS), patch.object(sheets, "MAX_BYTES", FEW_BYTES):
        parts = list(cut(sheet, 0))
    ends = [*accumulate((one.row_count for one in outline.sections), initial=0)]

    assert sum(part.row_count for part in parts) == outline.row_count == ends[-1]
    assert ends[:-1] == [one.first_row for one in outline.sections]
    for section, told in zip(sheet.sections, outline.sections, strict=True):
        groups = [(one.row_count, bool(one.header), one.HasField("total")) for one in section.table.groups]
        assert groups == [(one.row_count, one.has_header, one.has_total) for one in told.groups]
    assert (sheet.header, list(sheet.entity_ids), sheet.time_zone) == (
        outline.header, list(outline.entity_ids), outline.time_zone,
    )  # fmt: skip


def test_an_outline_knows_every_kind_of_section() -> None:
    """By the names that the contract has for them."""
    kinds = [one.kind for one in outline_of(pb.Sheet(sections=sections_of_every_kind(3))).sections]

    assert [number for number in pb.SectionOutline.Kind.values() if number] == kinds


@st.composite
def whole_sheets(draw: st.DrawFn) -> pb.Sheet:
    """Draw sheets of tables with groups of any sizes, between sections of other kinds."""
    sheet = draw(sheets_of_every_kind(25))
    sheet.sections.extend(draw(st.lists(tables(), max_size=2)))
    return sheet


def rejoined(parts: list[pb.SheetPart]) -> pb.Sheet:
    """Put parts together as a reader does: by `first_section`, `continued` and `unfinished`."""
    whole = pb.Sheet()
    whole.CopyFrom(parts[0].sheet)
    del whole.sections[:]
    for part in parts:
        assert (whole.header, whole.time_zone) == (part.sheet.header, part.sheet.time_zone)
        for index, section in enumerate(part.sheet.sections):
            if section.continued:
                join(whole.sections[-1], section)
            else:
                whole.sections.append(section)
            assert len(whole.sections) - 1 == part.first_section + index
    return whole


@pytest.fixture(scope="module", autouse=True)
def _small_limits() -> Iterator[None]:
    """Let parts be small, so that small sheets are cut."""
    with patch.multiple(sheets, MAX_ROWS=FEW_ROWS, MAX_BYTES=FEW_BYTES):
        yield


@given(whole_sheets())
def test_parts_put_together_are_the_sheet(sheet: pb.Sheet) -> None:
    """Cutting loses nothing and doubles nothing, groups without rows and unknown numbers included."""
    parts = list(cut(sheet, 3))

    assert sheet.SerializeToString(deterministic=True) == rejoined(parts).SerializeToString(deterministic=True)
    assert list(range(len(parts))) == [part.part_index for part in parts]
    assert {3} == {part.sheet_index for part in parts}
    assert [part.part_index == len(parts) - 1 for part in parts] == [part.last for part in parts]
    assert list(accumulate((part.row_count for part in parts), initial=0))[:-1] == [part.first_row for part in parts]


def test_no_field_of_a_sheet_is_lost_on_the_way() -> None:
    """Every field of every message that a sheet can hold is set, cut into many parts, and there again."""
    sections = sections_of_every_kind(40)
    sheet = pb.Sheet(header="Car", entity_ids=[7], additional_field="a", time_zone="UTC", sections=sections)
    parts = list(cut(sheet, 0))

    assert set() == {name for section in sections for name in unset_fields(section)} - SET_BY_CUTTING
    assert all(FEW_ROWS >= part.row_count for part in parts)
    assert 40 / FEW_ROWS * len(sections) <= len(parts)
    assert sheet.SerializeToString(deterministic=True) == rejoined(parts).SerializeToString(deterministic=True)


def test_a_chart_of_300000_values_is_cut_like_a_table() -> None:
    """With the limits that hold outside of tests, each of its parts fits into a message and a document."""
    line = pb.LineSeries(x=range(300_000), y=[0.5] * 300_000)
    sheet = pb.Sheet(sections=[pb.Section(line_chart=pb.LineChart(series=[line]))])
    with patch.multiple(sheets, MAX_ROWS=MAX_ROWS, MAX_BYTES=MAX_BYTES):
        parts = list(cut(sheet, 0))

    assert [2_000] * 150 == [part.row_count for part in parts]
    assert all(part.ByteSize() < 1.01 * 2**20 for part in parts)
    assert sheet == rejoined(parts)


def test_a_chart_of_many_lines_is_cut_by_its_bytes() -> None:
    """A hundred lines of 2,000 points each do not fit into one part."""
    lines = [pb.LineSeries(x=range(2_000), y=[0.5] * 2_000) for _ in range(100)]
    sheet = pb.Sheet(sections=[pb.Section(line_chart=pb.LineChart(series=lines))])
    with patch.multiple(sheets, MAX_ROWS=MAX_ROWS, MAX_BYTES=MAX_BYTES):
        parts = list(cut(sheet, 0))

    assert 4 == len(parts)
    assert all(part.ByteSize() < 1.01 * 2**20 for part in parts)
    assert sheet == rejoined(parts)


@given(whole_sheets())
def test_a_part_is_within_both_limits(sheet: pb.Sheet) -> None:
    """No part has too many rows, and only a part of a single row or section has too many bytes."""
    for part in cut(sheet, 0):
        assert FEW_ROWS >= part.row_count
        assert FEW_BYTES + HEAD_BYTES > part.ByteSize() or (part.row_count <= 1 and len(part.sheet.sections) == 1)


def test_an_empty_sheet_is_one_part() -> None:
    """A sheet without sections still says that it is there."""
    (part,) = cut(pb.Sheet(header="Car"), 0)

    assert (True, "Car") == (part.last, part.sheet.header)


def test_one_huge_row_is_a_part_of_its_own() -> None:
    """A row that is too large by itself is not cut."""
    sheet = pb.Sheet(sections=[table([column(["a", "b" * FEW_BYTES, "c"])], [3])])

    assert [1, 1, 1] == [part.row_count for part in cut(sheet, 0)]


def test_cells_are_those_of_tables() -> None:
    """Only tables have cells."""
    sheet = pb.Sheet(
        sections=[pb.Section(text=pb.Text(text="a")), table([column(["a", "b"]), column(["c", "d"])], [2])]
    )

    assert 4 == cell_count(sheet)


def test_a_part_fits_into_a_message_and_a_document() -> None:
    """With the limits that hold outside of tests, parts have at most 2,000 rows and about 1 MiB."""
    sheet = pb.Sheet(sections=[table([column(["Serpukhov, Moscow Oblast, Russia " * 20] * 5_000)], [5_000])])
    with patch.multiple(sheets, MAX_ROWS=MAX_ROWS, MAX_BYTES=MAX_BYTES):
        parts = list(cut(sheet, 0))

    assert 5_000 == sum(part.row_count for part in parts)
    assert all(part.row_count <= 2_000 and part.ByteSize() < 1.01 * 2**20 for part in parts)
    assert sheet == rejoined(parts)
