"""Joined reports: the sheets of several in one file, behind the title page of the first."""

from contextlib import aclosing

import pytest
from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_JSON, FORMAT_XLSX, RenderRequest
from daybook.report.v1.report_pb2 import Cover
from daybook.report.v1.sheet_pb2 import SheetPart
from daybook.savedreport.v1.time_report_pb2 import Source

from services.errors import InvalidParameters
from services.rendering.formats.registry import FormatSettings, all_formats
from services.rendering.joined_reports import JoiningReader, joined_head
from services.rendering.ports import StoredReport
from services.rendering.requests import MAX_MORE_REPORTS, RenderRequests
from tests.fakes.rendering import FakeReportReader


async def test_joined_reports_are_read_one_after_the_other() -> None:
    source = FakeReportReader(parts=2, title="Trips")
    async with JoiningReader(source).open(StoredReport(7, (9,)), "NVX key") as report:
        assert ["Trips: Sheet", "Trips: Sheet"] == list(report.head.sheet_headers)
        async with aclosing(report.parts) as parts:
            found = [(part.sheet_index, SheetPart.FromString(part.message).sheet.header) async for part in parts]

    assert [(index, "Trips: ") for index in (0, 0, 1, 1)] == found
    assert [(StoredReport(one), "NVX key") for one in (7, 9, 7, 9)] == source.asked
    assert 0 == source.open_now


async def test_cells_of_joined_reports_are_counted_together() -> None:
    """So a format refuses them when they are too many together."""
    source = FakeReportReader()
    async with source.open(StoredReport(7), None) as alone:
        pass
    async with JoiningReader(source).open(StoredReport(7, (8, 9)), None) as joined:
        assert 3 * alone.head.cell_count == joined.head.cell_count


@pytest.mark.parametrize(("plugin_ids", "title"), [((4, 4), "All trips"), ((4, 6), "")])
def test_reports_of_different_kinds_have_no_table_of_all_rows(plugin_ids: tuple[int, ...], title: str) -> None:
    heads = [ReportHead(cover=Cover(data_title="All trips")) for _ in plugin_ids]
    for head, plugin_id in zip(heads, plugin_ids, strict=True):
        head.report.plugin.id = plugin_id

    assert title == joined_head(heads).cover.data_title


async def test_a_single_report_is_read_as_it_is() -> None:
    source = FakeReportReader(parts=1)
    async with JoiningReader(source).open(StoredReport(7), None, public_json=True) as report:
        assert ["Sheet"] == list(report.head.sheet_headers)
    assert [(StoredReport(7), None)] == source.asked


def test_reports_are_joined_in_every_format_but_json() -> None:
    requests = RenderRequests(all_formats(FormatSettings()))
    job = requests.read(RenderRequest(report_id=7, more_report_ids=[8], format=FORMAT_XLSX), None)
    assert StoredReport(7, (8,)) == job.source
    too_many = range(1, MAX_MORE_REPORTS + 2)
    for refused, field in (
        (RenderRequest(report_id=7, more_report_ids=[8], format=FORMAT_JSON), "format"),
        (RenderRequest(report_id=7, more_report_ids=too_many, format=FORMAT_XLSX), "more_report_ids"),
        (RenderRequest(time_report=Source(), more_report_ids=[8], format=FORMAT_XLSX), "more_report_ids"),
    ):
        with pytest.raises(InvalidParameters) as caught:
            requests.read(refused, None)
        assert [field] == [violation.field for violation in caught.value.violations]
