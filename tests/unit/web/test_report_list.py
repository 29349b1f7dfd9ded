"""List of reports, and the requests that go out from it, over a gateway with fake services."""

import asyncio

import pytest
import pytest_asyncio
from daybook.account.v1.account_service_pb2 import GetProfileResponse
from daybook.generation.v1.generation_service_pb2 import (
    CancelReportResponse,
    CreateReportLinkResponse,
    DeleteReportResponse,
    GenerateReportResponse,
    GetReportResponse,
    KindInfo,
    ListKindsResponse,
    ListReportsResponse,
    WatchReportResponse,
)
from daybook.generation.v1.report_link_pb2 import ReportLink
from daybook.report.v1.locale_pb2 import DateFormat, HourMode
from daybook.report.v1.report_pb2 import Condition, LocaleInfo, Plugin, Report, State
from google.protobuf.timestamp_pb2 import Timestamp

from services import errors
from services.runtime.codec import struct_of
from tests.fakes.gateway_services import HASH, running_gateway

OWN = {"Cookie": f"daybook={HASH}", "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
HOSTILE = "</script><img src=x onerror=alert(1)>"


def report() -> Report:
    return Report(
        id=5,
        title=HOSTILE,
        state=State.STATE_RUNNING,
        percent=40,
        create_time=Timestamp(seconds=1_600_000_000),
        from_time=Timestamp(seconds=1_599_955_200),
        to_time=Timestamp(seconds=1_600_041_599),
        plugin=Plugin(id=4, options=struct_of({"split": True, "shortest": 5})),
        tracker_ids=[1, 2],
        locale_info=LocaleInfo(locale="en", time_zone="Asia/Tokyo"),
        conditions=[
            Condition(name="Period", text="13 Sep 2020", plain=True),
            Condition(name="Time zone", text="Asia/Tokyo", plain=True),
            Condition(name="Time filter", text="08:00-17:00"),
            Condition(name="Account", text="anna", plain=True),
            Condition(name="Trackers", text="Van & Co"),
        ],
    )


@pytest_asyncio.fixture
async def gateway():
    async with running_gateway() as running:
        running.services.answers |= {
            "GetProfile": GetProfileResponse(
                account_id=7,
                email="anna",
                time_zone="Asia/Tokyo",
                locale="de_DE",
                tracker_count=2,
                date_format=DateFormat.DATE_FORMAT_YYYYMMDD_HYPHENS,
                hour_mode=HourMode.HOUR_MODE_TWELVE_HOURS,
            ),
            "ListReports": ListReportsResponse(reports=[report()], next_page_token="more"),
            "ListKinds": ListKindsResponse(),
            "GetReport": GetReportResponse(report=report()),
            "GenerateReport": GenerateReportResponse(report_id=9),
            "DeleteReport": DeleteReportResponse(),
            "CancelReport": CancelReportResponse(report=Report(state=State.STATE_CANCELLED)),
            "CreateReportLink": CreateReportLinkResponse(link=ReportLink(id=3), token=HASH),
        }
        yield running


async def test_the_list_is_in_the_visitors_language_zone_and_form_of_dates(gateway):
    async with gateway.client.get("/page/reports", headers=OWN) as response:
        text = await response.text()

    assert "Neuer Bericht" in text
    assert "2020-09-13, 9:26\u202fPM" in text.replace("9:26 PM", "9:26\u202fPM")
    assert "13 Sep 2020" in text
    assert "Van &amp; Co" in text
    assert "08:00-17:00" not in text
    assert "page_token=more" in text


async def test_the_kinds_are_asked_for_once_however_many_visitors_come(gateway):
    gateway.services.answers["ListKinds"] = ListKindsResponse(kinds=[KindInfo(id=4, title="Fahrten")])

    async def status() -> int:
        async with gateway.client.get("/page/reports", headers=OWN) as response:
            return response.status

    assert {200} == set(await asyncio.gather(*(status() for _ in range(30))))
    assert 1 == len(gateway.services.asked["ListKinds"])


async def test_what_users_write_is_text(gateway):
    async with gateway.client.get("/page/reports", headers=OWN) as response:
        text = await response.text()

    assert HOSTILE not in text
    assert "&lt;img src=x" in text


async def test_a_list_that_the_browser_has_is_not_sent_again(gateway):
    async with gateway.client.get("/page/reports", headers=OWN) as response:
        tag = response.headers["ETag"]
    async with gateway.client.get("/page/reports", headers={**OWN, "If-None-Match": tag}) as response:
        assert (304, b"") == (response.status, await response.read())
    gateway.services.answers["ListReports"] = ListReportsResponse()
    async with gateway.client.get("/page/reports", headers={**OWN, "If-None-Match": tag}) as response:
        assert 200 == response.status


async def test_filters_ask_for_some_reports_alone_and_stay_on_further_pages(gateway):
    async with gateway.client.get("/page/reports?state=failed&page_token=x&only=4", headers=OWN) as response:
        text = await response.text()
    (asked,) = gateway.services.asked["ListReports"]

    assert ([State.STATE_FAILED, State.STATE_CANCELLED], "x") == (list(asked.states), asked.page_token)
    assert [4] == list(asked.plugin_ids)
    assert "state=failed&amp;only=4&amp;page_token=more" in text


async def test_a_request_from_the_dialog_is_that_of_the_api(gateway):
    body = {
        "plugin": {"plugin_id": 4, "split": False},
        "trackers": [1],
        "from": "2020-09-13 00:00:00",
        "to": "2020-09-13 23:59:59",
        "title": "T",
        "time_filter": {"from": "08:00", "to": "17:00", "weekdays": [1]},
    }
    assert {"success": True, "id": 9} == await gateway.json("/page/reports", headers=OWN, json=body)
    (asked,) = gateway.services.asked["GenerateReport"]

    assert (4, [1], "T", "2020-09-13 00:00:00") == (
        asked.plugin.id,
        list(asked.tracker_ids),
        asked.title,
        asked.period_start,
    )
    assert f"NVX {HASH}" == gateway.services.metadata["authorization"]


async def test_faults_are_told_in_the_language_of_the_document_with_their_reason(gateway):
    refusal = errors.InvalidParameters.one("period_end", "must be later than from")
    gateway.services.answers["GenerateReport"] = refusal
    headers = {**OWN, "Accept-Language": "es"}
    body = await gateway.json("/page/reports", 400, headers=headers, json={"plugin": {"plugin_id": 4}})

    assert "INVALID_PARAMETERS" == body["reason"]
    assert [{"parameter": "to", "error": "debe ser posterior al comienzo"}] == body["errors"]


async def test_the_request_of_a_report_fills_the_dialog(gateway):
    body = await gateway.json("/page/reports/5/request", method="GET", headers=OWN)

    assert {
        "title": HOSTILE,
        "kind": 4,
        "options": {"split": True, "shortest": 5},
        "trackers": [1, 2],
        "employees": [],
        "from": "2020-09-13 09:00:00",
        "to": "2020-09-14 08:59:59",
    } == {name: value for name, value in body.items() if name != "time_filter"}


async def test_reports_are_cancelled_and_deleted_by_their_ids(gateway):
    assert "cancelled" == (await gateway.json("/page/reports/5/cancel", headers=OWN, json={}))["state"]
    await gateway.json("/page/reports/5", method="DELETE", headers=OWN)

    asked = gateway.services.asked
    assert [5, 5] == [asked[name][0].report_id for name in ("CancelReport", "DeleteReport")]
    await gateway.json("/page/reports/0", 404, method="DELETE", headers=OWN)


async def test_a_new_link_has_the_address_of_the_host_that_was_asked(gateway):
    body = {"name": "N", "days": 3, "formats": ["csv"], "with_map": True, "replaces": 2}
    made = await gateway.json("/page/reports/5/links", headers=OWN, json=body)
    (asked,) = gateway.services.asked["CreateReportLink"]

    assert f"http://127.0.0.1:{gateway.port}/share/{HASH}" == made["address"]
    assert ("N", True, 2, 1) == (asked.name, asked.with_map, asked.replaced_link_id, len(asked.formats))


@pytest.mark.parametrize(
    ("field", "value"), [("days", 0), ("days", 400), ("formats", ["exe"]), ("with_map", "perhaps")]
)
async def test_a_wrong_link_names_its_field(gateway, field, value):
    body = await gateway.json("/page/reports/5/links", 400, headers=OWN, json={field: value})

    assert [field] == [one["parameter"] for one in body["errors"]]


async def test_progress_is_a_stream_of_events_that_ends_with_the_report(gateway):
    async def steps():
        yield WatchReportResponse(report=Report(state=State.STATE_RUNNING, percent=5))
        yield WatchReportResponse(report=Report(state=State.STATE_FINISHED, percent=100))

    gateway.services.answers["WatchReport"] = steps
    async with gateway.client.get("/page/reports/5/progress", headers=OWN) as response:
        text = await response.text()

    assert "text/event-stream" == response.content_type
    assert ("no-store", "no") == (response.headers["Cache-Control"], response.headers["X-Accel-Buffering"])
    assert text.startswith("retry: 2000\n\n")
    assert text.endswith('event: done\ndata: {"percent":100,"state":"finished"}\n\n')
    assert 1 == len(gateway.services.asked["WatchReport"])
