"""Documents of schedules, saved reports and unsubscribing: what they show, and what their writes send."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
import pytest_asyncio
from daybook.account.v1.account_service_pb2 import GetProfileResponse, ProfileWorkspace
from daybook.generation.v1.generation_service_pb2 import GetReportResponse, KindInfo, ListKindsResponse
from daybook.input.v1.input_service_pb2 import ListResponse
from daybook.input.v1.workspace_pb2 import Member
from daybook.report.v1.report_pb2 import Plugin, Report
from daybook.savedreport.v1 import saved_report_service_pb2 as saved
from daybook.schedule.v1 import schedule_pb2 as pb
from daybook.schedule.v1 import schedule_service_pb2 as rpc
from daybook.workspace.v1.workspace_service_pb2 import ListMembersResponse
from google.protobuf.json_format import MessageToDict

from gateway.requests.parameters import Parameters
from gateway.web.schedule_forms import schedule_of
from services import errors
from services.errors.workspaces import AdminNeeded
from tests.builders.schedules import run, schedule
from tests.builders.time_reports import TOKEN, saved_report
from tests.fakes.gateway_services import HASH, running_gateway

COOKIE = {"Cookie": f"daybook={HASH}"}
WRITE = {**COOKIE, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
HOSTILE = "<img src=x onerror=alert(1)>"
OF_SAVED = pb.Schedule(
    id=3,
    enabled=True,
    time_report=pb.SavedReportRef(workspace_id=5, report_id=4, name="Hours"),
    rule=pb.Rule(first_day_of_week=True),
    recipients=[pb.Recipient(user_id=11)],
    period="1w",
)
FORM: dict[str, Any] = {
    "report": {"trackers": [1], "plugin": {"plugin_id": 4}},
    "period": "previous_week",
    "schedule": {"type": "weekdays", "weekdays": [1]},
    "sending_time": "06:00",
    "emails": ["ann@example.com"],
    "formats": ["pdf", "csv"],
    "delivery": "link",
    "subject": "Trips",
    "message": "Hello,\nhere they are.",
    "skip_empty": True,
    "webhook": "https://hooks.example/1",
}


@pytest_asyncio.fixture
async def gateway():
    async with running_gateway() as running:
        listed = ListResponse()
        listed.batch.trackers.items.add(id=1, label=HOSTILE)
        people = [Member(user_id=11, name="Ann Weber"), Member(user_id=12, email="bob@example.com")]
        profile = GetProfileResponse(
            account_id=7, user_id=11, email="anna", time_zone="Europe/Berlin", tracker_count=1,
            workspaces=[ProfileWorkspace(id=5, name="Studio", role=Member.ROLE_ADMIN)], default_workspace_id=5,
        )  # fmt: skip
        running.services.answers |= {
            "GetProfile": profile,
            "List": listed,
            "ListKinds": ListKindsResponse(kinds=[KindInfo(id=4, title="Trips report", options_schema="{}")]),
            "ListMembers": ListMembersResponse(members=people),
            "GetSchedule": rpc.GetScheduleResponse(schedule=schedule()),
            "ListRuns": rpc.ListRunsResponse(runs=[run()], total_count=1),
        }
        yield running


async def shown(gateway: Any, path: str, status: int = 200, **headers: str) -> str:
    async with gateway.client.get(path, headers={**COOKIE, **headers}, allow_redirects=False) as response:
        text = await response.text()
        assert status == response.status, text
        return text


async def sent(gateway: Any, path: str, body: Any, status: int = 200, method: str = "POST") -> Any:
    return await gateway.json(path, status, method=method, json=body, headers=WRITE)


async def test_the_list_shows_names_in_the_place_of_ids(gateway):
    """Of kinds, trackers and members; whatever they are called is shown as text."""
    gone = pb.Recipient(email="gone@example.com", unsubscribe_time=datetime(2026, 5, 1, tzinfo=UTC))
    first = schedule(next_run_text="Mon 1 June 2026 06:00", recipients=[gone])
    gateway.services.answers["ListSchedules"] = rpc.ListSchedulesResponse(schedules=[first, OF_SAVED])

    text = await shown(gateway, "/page/schedules")

    for expected in ("Trips report", "Mon 1 June 2026 06:00", "gone@example.com", "unsubscribed", "Hours", "Ann Weber"):
        assert expected in text
    assert "&lt;img src=x" in text
    assert "<img src=x" not in text


async def test_a_long_list_has_pages(gateway):
    answers, asked = gateway.services.answers, gateway.services.asked
    answers["ListSchedules"] = rpc.ListSchedulesResponse(schedules=[schedule()], next_page_token="a b")
    assert 'href="/page/schedules?page_token=a%20b"' in await shown(gateway, "/page/schedules")
    answers["ListSchedules"] = rpc.ListSchedulesResponse(schedules=[schedule()])
    last = await shown(gateway, "/page/schedules?page_token=a%20b")

    assert 'class="button" href="/page/schedules">First page' in last
    assert "Next page" not in last
    assert [("", 100), ("a b", 100)] == [(one.page_token, one.page_size) for one in asked["ListSchedules"]]


async def test_a_schedule_that_was_paused_says_why(gateway):
    paused = schedule(enabled=False, paused_reason="No tracker is left")
    gateway.services.answers["GetSchedule"] = rpc.GetScheduleResponse(schedule=paused)

    text = await shown(gateway, "/page/schedules/1")

    assert "Paused after failures" in text
    assert "No tracker is left" in text
    assert "Resume" in text


async def test_the_runs_show_each_try_with_the_servers_words(gateway):
    """A failed delivery can be sent again; one in doubt can be dropped, too."""
    doubtful = pb.Delivery(number=3, address="eve@example.com", state="DELIVERY_STATE_DOUBTFUL")
    gateway.services.answers["ListRuns"] = rpc.ListRunsResponse(
        runs=[run(deliveries=[*run().deliveries, doubtful])], total_count=1
    )

    text = await shown(gateway, "/page/schedules/1/runs")

    for expected in ("Partly sent", "ann@example.com", "451 4.7.1 greylisted", "250 2.0.0 Ok", "550 5.1.1 unknown"):
        assert expected in text
    assert (2, 1) == (text.count('data-resolve="resend"'), text.count('data-resolve="drop"'))


async def test_the_form_begins_with_what_is_stored(gateway):
    text = await shown(gateway, "/page/schedules/1/edit")

    for expected in (
        '<option value="1m" selected>',
        'value="12:00"',
        "email@example.ru",
        "&#34;show_idle_duration&#34;",
    ):
        assert expected in text
    assert [1, 2, 3, 4, 5] == [day for day in range(1, 8) if f'name="weekdays" value="{day}" checked' in text]


async def test_a_new_schedule_may_be_of_a_report_or_of_a_saved_report(gateway):
    """Named in the address; else the form asks for it."""
    report = Report(id=8, title="Trips of May", plugin=Plugin(id=4), tracker_ids=[1])
    gateway.services.answers |= {
        "GetReport": GetReportResponse(report=report),
        "GetSavedReport": saved.GetSavedReportResponse(report=saved_report()),
    }

    assert "No report chosen yet" in await shown(gateway, "/page/schedules/new")
    assert "Trips of May" in await shown(gateway, "/page/schedules/new?report=8")
    of_time = await shown(gateway, "/page/schedules/new?workspace=5&saved=4")
    assert "Week" in of_time
    assert "Ann Weber" in of_time
    assert "bob@example.com" in of_time


async def test_a_form_is_sent_with_all_that_a_schedule_has(gateway):
    gateway.services.answers["CreateSchedule"] = rpc.CreateScheduleResponse(
        schedule=schedule(id=9), webhook_secret="whsec_x"
    )

    made = await sent(gateway, "/page/schedules", {"schedule": {"parameters": FORM}})

    assert {"success": True, "id": 9, "webhook_secret": "whsec_x"} == made
    expected = {
        "enabled": True,
        "trackerReport": {"plugin": {"id": 4, "options": {}}, "trackerIds": ["1"]},
        "period": "previous_week",
        "rule": {"weekdays": {"days": [1]}},
        "sendingTime": "06:00",
        "recipients": [{"email": "ann@example.com"}],
        "webhook": {"url": "https://hooks.example/1"},
        "formats": ["FORMAT_PDF", "FORMAT_CSV"],
        "deliveryForm": "DELIVERY_FORM_LINK",
        "subject": "Trips",
        "message": "Hello,\nhere they are.",
        "skipEmpty": True,
    }
    assert expected == MessageToDict(gateway.services.asked["CreateSchedule"][0].schedule)


async def test_a_form_of_a_saved_report_names_members(gateway):
    gateway.services.answers["CreateSchedule"] = rpc.CreateScheduleResponse(schedule=OF_SAVED)
    form = {name: value for name, value in FORM.items() if name not in ("report", "webhook")}
    form |= {"saved": {"workspace_id": 5, "report_id": 4}, "members": [11], "schedule": {"type": "first_day_of_week"}}
    form |= {"override_saved_period": True}

    await sent(gateway, "/page/schedules", {"schedule": {"parameters": form}})

    asked = gateway.services.asked["CreateSchedule"][0].schedule
    assert (5, 4, True, True) == (
        asked.time_report.workspace_id,
        asked.time_report.report_id,
        asked.rule.first_day_of_week,
        asked.override_saved_period,
    )
    assert [("ann@example.com", 0), ("", 11)] == [(one.email, one.user_id) for one in asked.recipients]


async def test_a_change_is_of_the_whole_schedule_or_of_a_switch(gateway):
    gateway.services.answers["UpdateSchedule"] = rpc.UpdateScheduleResponse(schedule=schedule())

    await sent(gateway, "/page/schedules/1", {"schedule": {"parameters": FORM}})
    await sent(gateway, "/page/schedules/1", {"enabled": False})
    await sent(gateway, "/page/schedules/1", {"webhook": "https://example.com/hook", "new_webhook_secret": True})

    whole, paused, renewed = gateway.services.asked["UpdateSchedule"]
    assert (1, "previous_week", []) == (whole.schedule.id, whole.schedule.period, list(whole.update_mask.paths))
    assert (["enabled"], False, False) == (
        list(paused.update_mask.paths),
        paused.schedule.enabled,
        paused.new_webhook_secret,
    )
    assert (["webhook"], "https://example.com/hook", True) == (
        list(renewed.update_mask.paths),
        renewed.schedule.webhook.url,
        renewed.new_webhook_secret,
    )


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({}, "schedule"),
        ({"schedule": {}}, "schedule.parameters"),
        ({"schedule": {"parameters": FORM | {"report": None}}}, "schedule.parameters.report"),
        ({"schedule": {"parameters": FORM | {"schedule": []}}}, "schedule.parameters.schedule"),
    ],
)
async def test_a_form_without_a_part_that_is_needed_is_refused(gateway, body, parameter):
    found = await sent(gateway, "/page/schedules", body, 400)

    assert [parameter] == [one["parameter"] for one in found["errors"]]


def test_a_form_without_a_time_or_a_file_says_so():
    """They are not taken for midnight and PDF."""
    parameters = Parameters({"schedule": {"parameters": FORM | {"sending_time": "", "formats": []}}})
    schedule_of(parameters)

    assert ["sending_time", "email_format"] == [one.parameter.rpartition(".")[2] for one in parameters.faults]


async def test_a_delivery_is_resolved_by_its_run_and_number(gateway):
    gateway.services.answers["ResolveDelivery"] = rpc.ResolveDeliveryResponse()
    path = "/page/schedules/1/runs/7/deliveries/2"

    await sent(gateway, path, {"resolution": "resend"})
    await sent(gateway, path, {"resolution": "maybe"}, 400)
    await sent(gateway, "/page/schedules/1/runs/7/deliveries/2147483648", {"resolution": "drop"}, 404)

    [asked] = gateway.services.asked["ResolveDelivery"]
    assert (7, 2, "RESOLUTION_RESEND") == (asked.run_id, asked.number, asked.Resolution.Name(asked.resolution))


async def test_runs_by_hand_and_tests_answer_the_run(gateway):
    gateway.services.answers |= {
        "RunNow": rpc.RunNowResponse(run_id=7),
        "SendTest": rpc.SendTestResponse(run_id=8),
        "DeleteSchedule": rpc.DeleteScheduleResponse(),
    }

    assert 7 == (await sent(gateway, "/page/schedules/1/run", {}))["run_id"]
    assert 8 == (await sent(gateway, "/page/schedules/1/test", {"emails": ["a@b.example"]}))["run_id"]
    assert ["a@b.example"] == list(gateway.services.asked["SendTest"][0].emails)
    assert {"success": True} == await sent(gateway, "/page/schedules/1", {}, method="DELETE")


@pytest.mark.parametrize(("error", "status", "code"), [(errors.NotFound(), 404, 204), (AdminNeeded(), 403, 13)])
async def test_a_refused_change_has_the_envelope_of_the_api(gateway, error, status, code):
    gateway.services.answers["UpdateSchedule"] = error

    found = await sent(gateway, "/page/schedules/1", {"enabled": True}, status)

    assert code == found["status"]["code"]


async def test_saved_reports_are_listed_by_workspace(gateway):
    one = saved_report()
    one.public, one.expire_date = True, "2026-12-31"
    one.scheduled_user_ids.extend([11, 12])
    gateway.services.answers["ListSavedReports"] = saved.ListSavedReportsResponse(reports=[one])

    text = await shown(gateway, "/page/saved")

    for expected in ("Week", "By link", "until Dec 31, 2026", "2 members"):
        assert expected in text
    assert 5 == gateway.services.asked["ListSavedReports"][0].workspace_id


async def test_a_saved_report_is_shared_renewed_and_ended(gateway):
    """Each by itself; what is not named stays."""
    gateway.services.answers["UpdateSavedReports"] = saved.UpdateSavedReportsResponse(reports=[saved_report()])

    for change in ({"public": True}, {"regenerate_token": True}, {"expire_date": ""}, {"expire_date": "2027-01-31"}):
        assert TOKEN == (await sent(gateway, "/page/saved/4", {"workspace_id": 5, **change}))["token"]
    await sent(gateway, "/page/saved/4", {"public": True}, 400)

    changes = [MessageToDict(asked.reports[0]) for asked in gateway.services.asked["UpdateSavedReports"]]
    assert [
        {"id": "4", "public": True},
        {"id": "4", "regenerateToken": True},
        {"id": "4", "expireDate": ""},
        {"id": "4", "expireDate": "2027-01-31"},
    ] == changes


@pytest.mark.parametrize("query", ["", "?workspace=0", "?workspace=x", "?workspace=99999999999999999999"])
async def test_a_saved_report_needs_its_workspace_in_the_address(gateway, query):
    await shown(gateway, f"/page/saved/4{query}", 404)


async def test_unsubscribing_asks_first_and_is_the_same_for_any_token(gateway):
    """GET changes nothing and names what the mail names; a POST needs neither cookie nor origin, in whatever form."""
    answers, path = gateway.services.answers, f"/u/{HASH}"
    answers["Unsubscribe"] = rpc.UnsubscribeResponse()
    answers["LookUpUnsubscription"] = rpc.LookUpUnsubscriptionResponse(sender="ann", title="<b>Trips", locale="ru_RU")
    known = await asked(gateway, path)
    assert 'lang="ru"' in known
    assert "<bdi>&lt;b&gt;Trips</bdi>" in known
    assert "<bdi>ann</bdi>" in known
    assert 'lang="de"' in await asked(gateway, f"{path}?lang=de")
    answers["LookUpUnsubscription"] = rpc.LookUpUnsubscriptionResponse()
    assert "<dl" not in await asked(gateway, path)
    assert "Unsubscribe" not in gateway.services.asked
    answers["LookUpUnsubscription"] = rpc.LookUpUnsubscriptionResponse(sender="ann", unsubscribed=True)
    assert 'value="all"' in await asked(gateway, path)

    one_click = {"List-Unsubscribe": "One-Click"}
    for body in (one_click, {"scope": "all"}, b"\xff\xfe%zz=;;&", ""):
        async with gateway.client.post(path, data=body) as response:
            assert 200 == response.status
            assert "Set-Cookie" not in response.headers
    assert [False, True, False, False] == [one.from_all for one in gateway.services.asked["Unsubscribe"]]
    assert {HASH} == {one.token for one in gateway.services.asked["Unsubscribe"]}
    assert "authorization" not in gateway.services.metadata


async def asked(gateway, path):
    """Return the page of a link in a mail."""
    async with gateway.client.get(path) as response:
        assert 200 == response.status
        return await response.text()


async def test_a_body_past_the_limit_unsubscribes_nobody(gateway):
    async with gateway.client.post(f"/u/{HASH}", data=BytesIO(bytes(2**21))) as response:
        assert 412 == response.status
    assert "Unsubscribe" not in gateway.services.asked


async def test_no_cookie_is_read_where_a_mail_leads_to(gateway):
    gateway.services.answers["Unsubscribe"] = rpc.UnsubscribeResponse()

    async with gateway.client.post(f"/u/{HASH}", headers=COOKIE, data="") as response:
        assert 200 == response.status
    assert "authorization" not in gateway.services.metadata
