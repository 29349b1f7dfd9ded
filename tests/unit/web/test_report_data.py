"""Data of the report view over HTTP: rows of sheets, charts, points and files, and what is wrong with a request."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from daybook.rendering.v1.rendering_service_pb2 import FileInfo, RenderResponse

from tests.builders.page_sheets import charts_sheet, trips_sheet
from tests.fakes.gateway_services import HASH, Gateway, running_gateway
from tests.fakes.report_parts import FakeReports

SIGNED = {"Cookie": f"daybook={HASH}"}


@pytest_asyncio.fixture
async def gateway() -> AsyncIterator[Gateway]:
    async with running_gateway() as running:
        FakeReports(running.services).add([trips_sheet(5_000), charts_sheet(900)])
        yield running


async def _data(gateway: Gateway, path: str, status: int = 200, **headers: str) -> dict:
    return await gateway.json(f"/page/reports/1/{path}", status, "GET", headers={**SIGNED, **headers})


async def test_rows_are_those_of_the_range_and_no_others(gateway):
    found = await _data(gateway, "sheets/0?from_row=1990&rows=20")

    texts = [piece["columns"][0]["text"] for piece in found["sections"]]
    assert [f"#{row}" for row in range(1990, 2010)] == [text.split()[0] for some in texts for text in some]


async def test_without_a_range_the_first_500_rows_come(gateway):
    found = await _data(gateway, "sheets/0")
    assert 500 == sum(piece["row_count"] for piece in found["sections"])


async def test_rows_behind_the_last_are_none(gateway):
    assert {"sections": []} == await _data(gateway, "sheets/0?from_row=999999")


async def test_a_chart_is_asked_for_by_its_section_with_its_most_points_and_a_range_of_x(gateway):
    found = await _data(gateway, "sheets/1?section=0&points=400&from_x=1601931600000&to_x=1601931660000.5")

    asked = gateway.services.asked["StreamParts"][-1]
    assert ["line_chart"] == [piece["type"] for piece in found["sections"]]
    assert (0, 400) == (asked.section_index, asked.chart_point_limit)
    assert (1601931600000.0, 1601931660000.5) == (asked.chart_range.start, asked.chart_range.end)
    assert not asked.HasField("rows")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("rows=0", "rows"),
        ("rows=10001", "rows"),
        ("rows=many", "rows"),
        ("from_row=-1", "from_row"),
        ("section=x", "section"),
        ("section=0&points=19", "points"),
        ("section=0&points=20001", "points"),
        ("section=0&from_x=now", "from_x"),
    ],
)
async def test_a_wrong_parameter_is_named(gateway, query, parameter):
    found = await _data(gateway, f"sheets/0?{query}", 400)
    assert [parameter] == [one["parameter"] for one in found["errors"]]


@pytest.mark.parametrize("sheet", ["2", "-1", "x", "99999999999"])
async def test_a_sheet_that_is_not_there_is_not_found(gateway, sheet):
    assert 204 == (await _data(gateway, f"sheets/{sheet}", 404))["status"]["code"]


async def test_the_same_rows_are_not_sent_again(gateway):
    path = "/page/reports/1/sheets/0?from_row=0&rows=10"
    async with gateway.client.get(path, headers=SIGNED) as first:
        tag = first.headers["ETag"]
        assert "private, no-cache" == first.headers["Cache-Control"]
    async with gateway.client.get(path, headers={**SIGNED, "If-None-Match": tag}) as second:
        assert (304, b"") == (second.status, await second.read())
    async with gateway.client.get(f"{path}0", headers={**SIGNED, "If-None-Match": tag}) as other:
        assert 200 == other.status


async def test_rows_are_compressed_for_browsers_that_take_gzip(gateway):
    path = "/page/reports/1/sheets/0?rows=2000"
    async with gateway.client.get(path, headers={**SIGNED, "Accept-Encoding": "gzip"}) as response:
        assert "gzip" == response.headers["Content-Encoding"]
        assert 2000 == (await response.json())["sections"][0]["row_count"]


@pytest.mark.parametrize("path", ["sheets/0", "track?ranges=1:1:2", "sheets/x"])
async def test_data_without_a_session_are_refused(gateway, path):
    await gateway.json(f"/page/reports/1/{path}", 401, "GET")


async def test_points_come_by_range_as_columns(gateway):
    found = await _data(
        gateway, "track?ranges=311852:1601934439000:1601941188000,311852:1601943083000:1601950218000&zoom=9"
    )

    asked = gateway.services.asked["ReadPoints"][-1]
    assert (1, 9, 2) == (asked.report_id, asked.zoom, len(asked.ranges))
    assert 1601934439000 == asked.ranges[0].start_time.ToMilliseconds()
    assert [50, 50] == [len(one["lat"]) for one in found["ranges"]]
    assert [[0], [0]] == [one["line_starts"] for one in found["ranges"]]


@pytest.mark.parametrize("ranges", ["", "1", "1:2", "1:2:1", "0:1:2", "a:1:2", "1:1:2,", ",".join(["1:1:2"] * 101)])
async def test_wrong_ranges_are_named(gateway, ranges):
    found = await _data(gateway, f"track?ranges={ranges}", 400)
    assert ["ranges"] == [one["parameter"] for one in found["errors"]]


@pytest.mark.parametrize(("query", "disposition"), [("", "attachment"), ("?inline=1", "inline")])
async def test_a_file_is_saved_or_shown_by_the_browser(gateway, query, disposition):
    async def file() -> AsyncIterator[RenderResponse]:
        info = FileInfo(file_name="Trips.pdf", media_type="application/pdf", size_bytes=4)
        yield RenderResponse(file_info=info)
        yield RenderResponse(chunk=b"%PDF")

    gateway.services.answers["Render"] = file
    async with gateway.client.get(f"/page/reports/1/file.pdf{query}", headers=SIGNED) as response:
        assert b"%PDF" == await response.read()
        assert re.match(disposition, response.headers["Content-Disposition"])


async def test_a_format_that_is_not_there_is_not_found(gateway):
    async with gateway.client.get("/page/reports/1/file.exe", headers=SIGNED) as response:
        assert 404 == response.status
