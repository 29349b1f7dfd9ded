"""Requests about saved reports, as messages."""

import pytest
from daybook.savedreport.v1.saved_report_service_pb2 import ListSavedReportsRequest

from services.errors import InvalidParameters
from services.generation.servicers.saved_report_messages import query_of
from services.generation.timetracking.time_store import SavedReportQuery


def test_lists_are_by_id_unless_another_order_is_asked_for() -> None:
    """An absent filter keeps all; items of the pages before are passed over too."""
    request = ListSavedReportsRequest(workspace_id=1, skip=2, public=False)

    assert SavedReportQuery(1, public=False, skip=5) == query_of(request, passed=3)


def test_lists_have_known_orders() -> None:
    """Any other is refused by name."""
    with pytest.raises(InvalidParameters) as caught:
        query_of(ListSavedReportsRequest(workspace_id=1, order_by=9), passed=0)

    assert ["order_by"] == [one.field for one in caught.value.violations]
