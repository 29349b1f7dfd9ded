"""Reports over time entries through the gateway: what is asked, what is answered, and what cannot be."""

import aiohttp
import pytest
import pytest_asyncio
from daybook.rendering.v1.rendering_service_pb2 import FileInfo, Format, RenderResponse
from daybook.savedreport.v1.saved_report_service_pb2 import RunReportRequest, RunReportResponse
from daybook.savedreport.v1.time_report_pb2 import Dictionaries, NamedEntry, NextPage
from google.protobuf.json_format import MessageToDict

from services import errors
from tests.builders.time_reports import TOKEN, detailed, group, groups, info, project_rows, struct, weekly
from tests.fakes.gateway_services import running_gateway
from tests.integration.test_gateway_streams import NOTHING, streaming

RUN = f"/reports/api/v3/shared/{TOKEN}"
WORKSPACE = "/reports/api/v3/workspace/5"
SIGNED = {"Authorization": "Basic YW5uOnNlY3JldA=="}
OPENXML = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest_asyncio.fixture
async def hasty():
    """Give a gateway that waits for a message not much longer than a busy machine takes."""
    async with running_gateway(first_message_seconds=2, idle_seconds=2) as running:
        yield running


def asked(gateway, method: str = "RunReport"):
    """Return what was asked last, as plain values."""
    message = gateway.services.asked[method][-1]
    found = MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=False)
    source = found["time_report" if method == "Render" else "source"]
    return source, source.get("params", {})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"data": b""},
        {"data": b" \n"},
        {"data": b"{}", "headers": {"Content-Type": "text/plain"}},
        {"data": b"{}", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"json": {}},
    ],
)
async def test_a_saved_report_runs_without_parameters(gateway, body):
    """No body, an empty one, no type or the wrong one; without credentials too."""
    gateway.services.answers["RunReport"] = streaming(info("detailed"), detailed(1, 2))

    found = await gateway.json(RUN, **body, skip_auto_headers=["Content-Type"])

    assert [1, 2] == [row["row_number"] for row in found["detailed_results"]["report"]]
    source, params = asked(gateway)
    assert (TOKEN, {}) == (source["token"], params)
    assert RunReportRequest.EXTENT_EVERYTHING == gateway.services.asked["RunReport"][0].extent
    assert "authorization" not in gateway.services.metadata


async def test_parameters_go_as_they_are(gateway):
    """A null takes a saved filter away, so it is not dropped; numbers and unknown names go too."""
    gateway.services.answers["RunReport"] = streaming(info("weekly"), weekly())
    body = {"start_date": "2026-01-05", "tag_ids": None, "project_ids": [None, 5], "order_desc": True}

    await gateway.json(RUN, json=body, headers=SIGNED)

    assert body == asked(gateway)[1]
    metadata = gateway.services.metadata
    assert (SIGNED["Authorization"], "127.0.0.1") == (metadata["authorization"], metadata["x-client-address"])


async def test_an_answer_has_the_published_headers(gateway):
    """Type and length, nothing for caches, the range used and the next page."""
    more = info("detailed", next_page=NextPage(id=901, row_number=51, timestamp=1767600000))
    gateway.services.answers["RunReport"] = streaming(more, detailed(50))

    async with gateway.client.post(RUN, headers={"Accept-Encoding": "identity"}) as response:
        body, found = await response.read(), response.headers

    assert ("application/json; charset=utf-8", str(len(body))) == (found["Content-Type"], found["Content-Length"])
    assert ("nosniff", "901", "51") == (
        found["X-Content-Type-Options"],
        found["X-Next-ID"],
        found["X-Next-Row-Number"],
    )
    assert "no-store" in found["Cache-Control"]
    assert ("2026-01-05", "2026-01-11") == (found["X-Range-Start"], found["X-Range-End"])
    assert found["X-Request-Id"]


async def test_dictionaries_come_before_the_rows(gateway):
    """In several messages, and once more for the filters."""
    tags = [RunReportResponse(dictionaries=Dictionaries(tags=[NamedEntry(id=one, name="x")])) for one in (3, 4)]
    filters = RunReportResponse(filter_dictionaries=Dictionaries(users=[]))
    gateway.services.answers["RunReport"] = streaming(info("summary"), *tags, filters, groups(group(7, "Design")))

    found = await gateway.json(RUN)

    assert {"3", "4"} == set(found["dictionaries"]["tags"])
    assert [7] == [one["id"] for one in found["summary_results"]["report"]["groups"]]


@pytest.mark.parametrize(
    ("path", "kind", "messages", "expected"),
    [
        ("/search/time_entries", "detailed", [detailed(1)], [1]),
        ("/summary/time_entries", "summary", [groups(group(7, "a")), groups(group(8, "b"))], ["groups"]),
        ("/weekly/time_entries", "weekly", [weekly()], [[5400, 0, 0, 0, 0, 0, 0]]),
        ("/projects/summary", "projects", [project_rows()], [5400, 60]),
    ],
)
async def test_a_workspace_report_is_its_rows(gateway, path, kind, messages, expected):
    """A bare list, or the groups alone; only info and rows are asked for."""
    gateway.services.answers["RunReport"] = streaming(info(kind), *messages)
    names = {"detailed": "row_number", "weekly": "seconds", "projects": "tracked_seconds"}

    found = await gateway.json(WORKSPACE + path, json={"start_date": "2026-01-05"}, headers=SIGNED)

    assert expected == (list(found) if kind == "summary" else [row[names[kind]] for row in found])
    assert {"workspace_id": "5", "report_type": f"TIME_REPORT_TYPE_{kind.upper()}"} == asked(gateway)[0]["workspace"]
    assert RunReportRequest.EXTENT_ROWS == gateway.services.asked["RunReport"][0].extent


@pytest.mark.parametrize("enriched", [True, False])
async def test_names_are_told_where_asked_for(gateway, enriched):
    """In the search of a workspace; a saved report always tells them."""
    answer = info("detailed", input_params=struct({"enrich_response": enriched}))
    gateway.services.answers["RunReport"] = streaming(answer, detailed(1))

    assert enriched == ("project_name" in (await gateway.json(f"{WORKSPACE}/search/time_entries", json={}))[0])
    assert "project_name" in (await gateway.json(RUN))["detailed_results"]["report"][0]


async def test_totals_have_their_graph_where_asked_for(gateway):
    """The sums of one project have it always, as their page says."""
    gateway.services.answers["RunReport"] = streaming(info("detailed"))
    totals = f"{WORKSPACE}/search/time_entries/totals"

    assert [] == (await gateway.json(totals, json={}))["graph"]
    assert 2 == len((await gateway.json(totals, json={"with_graph": True}))["graph"])
    assert 2 == len((await gateway.json(f"{WORKSPACE}/projects/7/summary", json={"project_ids": [1]}))["graph"])
    assert {"project_ids": [7.0]} == asked(gateway)[1]
    assert RunReportRequest.EXTENT_TOTALS == gateway.services.asked["RunReport"][0].extent


@pytest.mark.parametrize("setting", ["text/xlsx", OPENXML])
@pytest.mark.parametrize("path", [f"{RUN}.xlsx", f"{RUN}/xlsx", f"{WORKSPACE}/summary/time_entries.xlsx"])
async def test_an_xlsx_has_the_type_that_is_set(path, setting):
    """Both are published."""
    async with running_gateway(xlsx_media_type=setting) as gateway:
        file_info = RenderResponse(file_info=FileInfo(file_name="T.xlsx", media_type=OPENXML))
        gateway.services.answers["Render"] = streaming(file_info, RenderResponse(chunk=b"PK"))
        async with gateway.client.post(path) as response:
            assert (setting, b"PK") == (response.headers["Content-Type"], await response.read())


@pytest.mark.parametrize(("suffix", "format_"), [("csv", Format.FORMAT_CSV), ("pdf", Format.FORMAT_PDF)])
async def test_a_file_is_passed_on(gateway, suffix, format_):
    """With its name, type and length; the parameters go to the renderer."""
    file_info = FileInfo(file_name=f"Toggl.{suffix}", media_type="a/b", size_bytes=3)
    gateway.services.answers["Render"] = streaming(RenderResponse(file_info=file_info), RenderResponse(chunk=b"abc"))

    async with gateway.client.post(f"{RUN}.{suffix}", json={"end_date": "2026-01-11"}) as response:
        assert ("a/b", "3", b"abc") == (
            response.headers["Content-Type"],
            response.headers["Content-Length"],
            await response.read(),
        )
        assert response.headers["Content-Disposition"].startswith(f'attachment; filename="Toggl.{suffix}"')
    assert {"end_date": "2026-01-11"} == asked(gateway, "Render")[1]
    assert format_ == gateway.services.asked["Render"][0].format


@pytest.mark.parametrize("full", [True, False])
async def test_full_is_a_parameter_of_the_file_and_not_of_the_report(gateway, full):
    """It says how long a PDF may become."""
    file_info = RenderResponse(file_info=FileInfo(file_name="T.pdf", media_type="a/b"))
    gateway.services.answers["Render"] = streaming(file_info, RenderResponse(chunk=b"abc"))

    async with gateway.client.post(f"{RUN}.pdf", json={"full": full}) as response:
        await response.read()

    assert ({}, full) == (asked(gateway, "Render")[1], gateway.services.asked["Render"][0].full)


async def test_full_is_a_boolean(gateway):
    """Anything else is answered as other bad parameters are."""
    async with gateway.client.post(f"{RUN}.pdf", json={"full": "yes"}) as response:
        assert (400, "Invalid parameter full.") == (response.status, await response.json())


async def test_a_long_answer_is_sent_as_it_comes(gateway):
    """Chunked, yet the same JSON; it is never held whole."""
    rows = [detailed(*range(first, first + 1000)) for first in range(1, 5001, 1000)]
    gateway.services.answers["RunReport"] = streaming(info("detailed"), *rows)

    async with gateway.client.post(RUN) as response:
        assert "Content-Length" not in response.headers
        found = (await response.json())["detailed_results"]["report"]

    assert list(range(1, 5001)) == [row["row_number"] for row in found]


@pytest.mark.parametrize("last", [RuntimeError("secret"), errors.StoreUnavailable(), NOTHING, weekly()])
async def test_a_failure_after_the_headers_cuts_the_connection(hasty, last):
    """A failed or stalled stream, or one of other rows, must not look like a whole report."""
    rows = [detailed(*range(1000))] * 4
    hasty.services.answers["RunReport"] = streaming(info("detailed"), *rows, last, detailed(1))

    async with hasty.client.post(RUN) as response:
        assert 200 == response.status
        with pytest.raises(aiohttp.ClientError):
            await response.read()


@pytest.mark.parametrize(
    ("steps", "status", "text"),
    [
        ((), 500, "Internal Server Error"),
        ((detailed(1),), 500, "Internal Server Error"),
        ((NOTHING,), 503, "Service Unavailable"),
        ((info("detailed"), detailed(1), errors.StoreUnavailable()), 503, "Database unavailable"),
        ((info("detailed"), weekly()), 500, "Internal Server Error"),
    ],
)
async def test_a_stream_that_goes_wrong_early_is_a_text(hasty, steps, status, text):
    """Nothing at all, no info, none in time, or broken off while nothing is sent yet."""
    hasty.services.answers["RunReport"] = streaming(*steps)

    assert text == await hasty.json(RUN, status)


async def test_a_client_that_goes_ends_the_run(gateway):
    """So that nobody computes for nobody."""
    gateway.services.answers["RunReport"] = streaming(info("detailed"), *[detailed(*range(1000))] * 200)

    async with gateway.client.post(RUN) as response:
        await response.content.readany()
        response.close()

    await gateway.services.ended.wait()
