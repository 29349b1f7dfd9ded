"""Files of the same report: equal to the byte in every format, for reports of both families."""

import io
from collections.abc import Callable

import pytest
from daybook.report.v1.sheet_pb2 import Table

from services.rendering.formats.base import Format, RenderOptions
from services.rendering.formats.registry import FormatSettings, all_formats
from tests.builders.parts import streamed
from tests.builders.sheets import one_sheet, text_column, trips_report
from tests.builders.workbooks import Report

FORMATS = all_formats(FormatSettings())


def of_trips() -> Report:
    """Return a report of trackers."""
    return trips_report(rows=50, sheets=3, highlight=True)


def of_time() -> Report:
    """Return a table over time entries."""
    return one_sheet(Table(columns=[text_column(["Design"], title="Description")]), header="All entries")


@pytest.mark.parametrize("report", [of_trips, of_time])
@pytest.mark.parametrize("data_only", [False, True])
@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.suffix)
def test_the_same_report_gives_the_same_bytes(kind: Format, report: Callable[[], Report], data_only: bool) -> None:
    """Nothing of a file depends on when it is written, or by which object."""
    again = next(one for one in all_formats(FormatSettings()) if one.suffix == kind.suffix)

    assert written(kind, report(), data_only=data_only) == written(again, report(), data_only=data_only)


def written(kind: Format, report: Report, *, data_only: bool) -> bytes:
    out = io.BytesIO()
    kind.write(report[0], streamed(report[1]), out, RenderOptions(data_only=data_only))
    return out.getvalue()
