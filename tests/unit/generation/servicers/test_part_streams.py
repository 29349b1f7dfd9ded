"""Which parts of a report a request asks for."""

import pytest
from daybook.generation.v1.generation_service_pb2 import RowRange, StreamPartsRequest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import InvalidParameters
from services.generation.servicers.part_streams import MAX_ROW, selection_of


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
