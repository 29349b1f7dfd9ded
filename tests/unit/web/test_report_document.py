"""The document of a report: the view of a finished one, the state of one that is not."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from daybook.generation.v1.generation_service_pb2 import GetReportResponse
from daybook.report.v1.report_pb2 import Report, State

from services.errors import NotFound, NotNow
from services.errors.reports import ReportFailed
from tests.builders.page_sheets import HOSTILE, trips_sheet
from tests.fakes.gateway_services import HASH, Gateway, running_gateway
from tests.fakes.report_parts import FakeReports

SIGNED = {"Cookie": f"daybook={HASH}"}


@pytest_asyncio.fixture
async def gateway() -> AsyncIterator[Gateway]:
    async with running_gateway() as running:
        FakeReports(running.services).add([trips_sheet(5)], title=HOSTILE)
        yield running


async def _document(gateway: Gateway, status: int = 200, path: str = "/page/reports/1") -> str:
    async with gateway.client.get(path, headers=SIGNED) as response:
        assert status == response.status
        assert "text/html" == response.content_type
        return await response.text()


async def test_a_finished_report_has_its_files_and_its_title_as_text(gateway):
    text = await _document(gateway)

    assert all(f"/page/reports/1/file.{word}" in text for word in ("pdf", "xlsx", "xls", "csv", "json"))
    assert "/page/reports/1/file.pdf?inline=1" in text
    assert "<img src=x" not in text
    assert "&lt;img src=x" in text


async def test_the_view_asks_for_outlines_and_no_more_rows_than_it_must(gateway):
    await _document(gateway)
    asked = gateway.services.asked["StreamParts"][-1]
    assert (True, 1) == (asked.with_outlines, asked.rows.count)


@pytest.mark.parametrize(
    ("failure", "state", "shown"),
    [
        (NotNow(), State.STATE_RUNNING, 'data-running="true"'),
        (NotNow(), State.STATE_QUEUED, "Waiting"),
        (ReportFailed("out of memory"), State.STATE_FAILED, "out of memory"),
        (ReportFailed("cancelled"), State.STATE_CANCELLED, "Cancelled"),
    ],
)
async def test_a_report_that_is_not_finished_shows_its_state(gateway, failure, state, shown):
    report = Report(id=1, title="Trips", state=state, percent=40)
    report.failure = "out of memory" if state == State.STATE_FAILED else ""
    gateway.services.answers |= {"StreamParts": failure, "GetReport": GetReportResponse(report=report)}

    text = await _document(gateway)

    assert shown in text
    assert "file.pdf" not in text


async def test_an_unforeseen_failure_is_no_state_of_a_report(gateway):
    gateway.services.answers["StreamParts"] = RuntimeError("lost")
    assert "Something went wrong" in await _document(gateway, 500)


@pytest.mark.parametrize("path", ["/page/reports/7", "/page/reports/x", "/page/reports/0"])
async def test_a_report_that_is_not_there_is_not_found(gateway, path):
    gateway.services.answers["GetReport"] = NotFound()
    assert "Not found" in await _document(gateway, 404, path)


async def test_zones_are_those_of_the_account_with_what_the_map_draws(gateway):
    found = (await gateway.json("/page/zones", 200, "GET", headers=SIGNED))["zones"]

    assert ["circle", "polygon", "sausage"] == [one["type"] for one in found]
    assert {"lat": 52.5, "lng": 13.4} == found[0]["center"]
    assert [3, 3] == [len(one["points"]) for one in found[1:]]
    assert "zones" == gateway.services.asked["List"][-1].kind
