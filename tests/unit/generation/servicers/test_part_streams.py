"""Parts of a report that a request asks for."""

import pytest
from daybook.generation.v1.generation_service_pb2 import RowRange, StreamPartsRequest
from daybook.report.v1.sheet_pb2 import SheetOutline
from hypothesis import given
from hypothesis import strategies as st

from services.errors import InvalidParameters
from services.generation.reporting.chart_parts import ChartView
from services.generation.reporting.report import PartSelection
from services.generation.servicers.part_streams import MAX_ROW, NO_ROWS, of_section, selection_of, view_of


@given(first=st.integers(0, MAX_ROW), count=st.integers(1, MAX_ROW))
def test_a_range_of_rows_ends_at_the_largest_number_of_the_store(first: int, count: int) -> None:
    """Its end is the first row behind it, however far first and count reach."""
    rows = selection_of(StreamPartsRequest(report_id=1, rows=RowRange(first=first, count=count))).rows

    assert (first, min(first + count, MAX_ROW)) == rows


@pytest.mark.parametrize(("field", "rows"), [("rows.first", {"first": -1, "count": 1}), ("rows.count", {"first": 1})])
def test_a_range_without_rows_is_refused(field: str, rows: dict[str, int]) -> None:
    """The violation names the field."""
    with pytest.raises(InvalidParameters) as refused:
        selection_of(StreamPartsRequest(report_id=1, rows=RowRange(**rows)))

    assert [field] == [one.field for one in refused.value.violations]


@pytest.mark.parametrize(
    ("section_index", "rows", "expected"),
    [
        (0, None, (0, 10)),
        (1, None, (10, 40)),
        (1, (5, 8), (15, 18)),
        (1, (25, 100), (35, 40)),
        (1, (30, 40), NO_ROWS),
        (2, None, NO_ROWS),
        (9, (0, 5), NO_ROWS),
    ],
)
def test_rows_of_a_section_are_rows_of_its_sheet(
    section_index: int, rows: tuple[int, int] | None, expected: tuple[int, int]
) -> None:
    """Those behind its end are no rows of the next section; a section without rows, or that is not there, has none."""
    outline = SheetOutline(header="Van", row_count=40)
    for first, count in ((0, 10), (10, 30), (40, 0)):
        outline.sections.add(first_row=first, row_count=count)

    assert expected == of_section(PartSelection(1, rows), [SheetOutline(), outline], section_index).rows
    assert NO_ROWS == of_section(PartSelection(7, rows), [outline], section_index).rows


@pytest.mark.parametrize("fields", [{"section_index": 1}, {"section_index": -1, "sheet_index": 0}])
def test_a_section_is_one_of_a_sheet(fields: dict[str, int]) -> None:
    """It is counted from 0 in the sheet that is named beside it."""
    with pytest.raises(InvalidParameters) as refused:
        selection_of(StreamPartsRequest(report_id=1, **fields))

    assert ["section_index"] == [one.field for one in refused.value.violations]


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("chart_point_limit", {"chart_point_limit": 19}),
        ("chart_point_limit", {"chart_point_limit": 20_001}),
        ("chart_point_limit", {"chart_point_limit": -1}),
        ("chart_range", {"chart_range": {"start": 5, "end": 5}}),
        ("chart_range", {"chart_range": {"start": 5}}),
        ("chart_range", {"chart_range": {"start": float("-inf"), "end": 0}}),
        ("chart_point_limit", {"chart_point_limit": 100, "public_json": True}),
        ("chart_point_limit", {"chart_range": {"start": 0, "end": 1}, "rows": {"count": 5}}),
    ],
)
def test_a_view_of_charts_has_bounds(field: str, fields: dict[str, object]) -> None:
    """And goes with whole messages alone."""
    with pytest.raises(InvalidParameters) as refused:
        selection_of(StreamPartsRequest(report_id=1, **fields))

    assert [field] == [one.field for one in refused.value.violations]


def test_charts_are_viewed_where_that_is_asked_for() -> None:
    """As they are stored otherwise."""
    asked = StreamPartsRequest(report_id=1, chart_point_limit=100, chart_range={"start": 1, "end": 2})

    assert ChartView(100, (1, 2)) == view_of(asked)
    assert view_of(StreamPartsRequest(report_id=1)) is None
