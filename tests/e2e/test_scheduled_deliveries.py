"""Scheduled reports over a real stack: from a schedule to mails and webhooks, and what the run says of each."""

import codecs
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from daybook.generation.v1.generation_service_pb2 import OpenLinkRequest
from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_CSV, FORMAT_PDF, FORMAT_XLSX, Format
from daybook.schedule.v1.schedule_pb2 import (
    RUN_STATE_SENT,
    Recipient,
    Rule,
    SavedReportRef,
    Schedule,
    Webhook,
    Weekdays,
)
from daybook.schedule.v1.schedule_service_pb2 import (
    CreateScheduleRequest,
    GetRunRequest,
    GetScheduleRequest,
    RunNowRequest,
    UpdateScheduleRequest,
)
from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub
from pymongo import MongoClient
from pypdf import PdfReader

from tests.e2e.mail_host import MailHost, until
from tests.e2e.office import Office
from tests.e2e.saved import keep
from tests.e2e.stack import Client, Stack
from tests.fakes.webhook_receiver import is_signed

PLUGIN = {"plugin_id": 4, "hide_empty_tabs": False, "include_summary_sheet_only": False, "split": True}
OVER = {"sent", "partly", "failed", "skipped", "doubtful"}


class Schedules:
    """Schedules of a client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def create(self, emails: Sequence[str], **more: Any) -> int:
        """Schedule trips of the client's tracker for each Monday, and return the id."""
        report = {"trackers": [self._client.tracker], "title": "Trip report", "plugin": PLUGIN}
        parameters = {
            "period": "1w",
            "schedule": {"type": "weekdays", "weekdays": [1]},
            "report": report,
            "emails": list(emails),
            "email_format": "pdf",
            **more,
        }
        answer = self._client.post("report/schedule/create", schedule={"enabled": True, "parameters": parameters})
        assert answer.ok, answer.text
        return int(answer.json()["id"])

    def run(self, schedule_id: int) -> int:
        """Run a schedule now and return the run's id."""
        answer = self._client.post("report/schedule/run", schedule_id=schedule_id)
        assert answer.ok, answer.text
        return int(answer.json()["run_id"])

    def state(self, schedule_id: int) -> Mapping[str, Any]:
        """Return the newest run."""
        answer = self._client.post("report/schedule/runs/list", schedule_id=schedule_id)
        assert answer.ok, answer.text
        return dict(answer.json()["list"][0])

    def attempts(self, schedule_id: int) -> Sequence[Mapping[str, Any]]:
        """Return the tries of all deliveries of the newest run."""
        return [one for delivery in self.state(schedule_id)["deliveries"] for one in delivery["attempts"]]

    def over(self, schedule_id: int) -> Mapping[str, Any]:
        """Return the newest run once it is over."""
        until(lambda: self.state(schedule_id)["state"] in OVER, f"the run of schedule {schedule_id}")
        return self.state(schedule_id)


@pytest.fixture
def schedules(moscow: Client) -> Schedules:
    """Give schedules of the account with the tracker of the published example."""
    return Schedules(moscow)


def test_a_run_brings_a_pdf_that_opens(schedules: Schedules, mails: MailHost) -> None:
    """Within seconds, with a body that says what it is; the history says who got it and what the server said."""
    to = "first@example.com"
    schedule = schedules.create([to])
    schedules.run(schedule)
    (mail,) = mails.mails(to)
    run = schedules.over(schedule)

    assert "Trip report" in mail["Subject"]
    assert to == mail["To"]
    (file,) = mail.iter_attachments()
    assert "application/pdf" == file.get_content_type()
    assert "Trip report" in PdfReader(io.BytesIO(file.get_content())).pages[0].extract_text()
    assert "Trip report" in mail.get_body(("plain",)).get_content()
    (delivery,) = run["deliveries"]
    assert ("sent", "sent", False) == (run["state"], delivery["state"], delivery["sent_as_link"])
    assert ["sent"] == [one["outcome"] for one in delivery["attempts"]]
    assert (250, "taken") == (delivery["attempts"][0]["code"], delivery["attempts"][0]["text"])
    assert mail["Message-ID"] == delivery["message_id"]
    (recorded,) = run["files"]
    assert len(file.get_content()) == recorded["bytes"]


def test_one_refused_recipient_of_three_harms_no_other(schedules: Schedules, mails: MailHost) -> None:
    """Two are sent, one has failed for good, and the run is partly sent."""
    good, bad, other = (f"{name}.partly@example.com" for name in ("good", "bad", "other"))
    mails.server.answers_with(f"rcpt {bad}", "550 no such user")
    schedule = schedules.create([good, bad, other])
    schedules.run(schedule)
    run = schedules.over(schedule)

    said = {one["address"]: one for one in run["deliveries"] if one["purpose"] == "report"}
    assert "partly" == run["state"]
    assert {good: "sent", bad: "failed", other: "sent"} == {to: one["state"] for to, one in said.items()}
    assert (550, "no such user") == (said[bad]["attempts"][0]["code"], said[bad]["attempts"][0]["text"])
    assert [1, 0, 1] == [len(mails.server.messages(to)) for to in (good, bad, other)]


def test_a_refusal_for_now_is_tried_again(stack: Stack, schedules: Schedules, mails: MailHost) -> None:
    """The history tells the try and when the next one is; the recipient gets one mail in the end."""
    to = "greylisted@example.com"
    mails.server.answers_with(f"rcpt {to}", "451 try again")
    schedule = schedules.create([to])
    schedules.run(schedule)
    until(lambda: bool(schedules.attempts(schedule)), "the first try")
    waiting = schedules.state(schedule)["deliveries"][0]
    assert ("waiting", "retry", 451) == (
        waiting["state"],
        waiting["attempts"][0]["outcome"],
        waiting["attempts"][0]["code"],
    )
    assert waiting["next_try"]
    try_now(stack, schedules.state(schedule)["id"])
    (delivery,) = schedules.over(schedule)["deliveries"]

    assert ["retry", "sent"] == [one["outcome"] for one in delivery["attempts"]]
    assert 1 == len(mails.server.messages(to))


def try_now(stack: Stack, run_id: int) -> None:
    """Let the next try of a run be due, as if the time until then had passed."""
    due = {"next_try": datetime.now(UTC), "deliveries.0.next_try": datetime.now(UTC)}
    with MongoClient(stack.mongodb_uri) as client:
        runs = client[stack.database_name].schedule_runs
        assert runs.update_one({"_id": run_id}, {"$set": due, "$inc": {"version": 1}}).modified_count


@pytest.fixture(params=["size", "552"])
def small_mailbox(request: pytest.FixtureRequest, mails: MailHost) -> Iterator[str]:
    """Give an address whose server tells a low limit, or takes everything and then refuses it."""
    to = f"{request.param}.limit@example.com"
    if request.param == "552":
        mails.server.answers_with(f"end {to}", "552 5.3.4 message too big for system")
    else:
        mails.server.told_size = 20_000
    yield to
    mails.server.told_size = 0


def test_a_mail_that_is_too_large_brings_a_link(
    small_mailbox: str, stack: Stack, schedules: Schedules, mails: MailHost
) -> None:
    """By the limit that the server tells, or by its 552: a link takes its place, which opens the report for anybody."""
    to = small_mailbox
    schedule = schedules.create([to])
    schedules.run(schedule)
    (mail,) = mails.mails(to)
    (delivery,) = schedules.over(schedule)["deliveries"]

    assert ("sent", True) == (delivery["state"], delivery["sent_as_link"])
    assert [] == list(mail.iter_attachments())
    (link,) = {word for word in mail.get_body(("plain",)).get_content().split() if "/share/" in word}
    assert link.startswith(f"{stack.addresses['gateway']}/share/")
    with grpc.insecure_channel(stack.addresses["generation"]) as channel:
        opened = GenerationServiceStub(channel).OpenLink(OpenLinkRequest(token=link.rpartition("/")[2]))
    assert "Trip report" == opened.report.title


def test_a_webhook_is_signed_with_the_secret_that_was_shown(
    stack: Stack, moscow: Client, schedules: Schedules, mails: MailHost
) -> None:
    """It is told of a run that is ready, with links that open; 410 switches it off."""
    schedule = schedules.create([])
    receiver = mails.webhook
    secret = with_webhook(stack, moscow, schedule, receiver.url)
    schedules.run(schedule)
    until(lambda: bool(receiver.posted), "the notice")
    run = schedules.over(schedule)
    ((headers, body),) = receiver.posted
    told = json.loads(body)

    assert "sent" == run["state"]
    assert is_signed(headers, body, secret)
    assert ("report.ready", schedule, run["id"]) == (told["type"], told["data"]["schedule_id"], told["data"]["run_id"])
    (file,) = told["data"]["files"]
    assert {"format": "pdf", "url": f"{told['data']['link']}.pdf"} == file

    receiver.answers_with(410)
    schedules.run(schedule)
    until(lambda: len(receiver.posted) > 1, "the second notice")
    schedules.over(schedule)
    assert webhook_of(stack, moscow, schedule).off_reason


def with_webhook(stack: Stack, client: Client, schedule_id: int, url: str) -> str:
    """Let a schedule have a webhook, and return its secret."""
    with grpc.insecure_channel(stack.addresses["generation"]) as channel:
        changed = UpdateScheduleRequest(schedule=Schedule(id=schedule_id, webhook=Webhook(url=url)))
        changed.update_mask.paths.append("webhook")
        answer = ScheduleServiceStub(channel).UpdateSchedule(changed, metadata=as_caller(client))
    return str(answer.webhook_secret)


def webhook_of(stack: Stack, client: Client, schedule_id: int) -> Webhook:
    """Return the webhook of a schedule."""
    with grpc.insecure_channel(stack.addresses["generation"]) as channel:
        request = GetScheduleRequest(schedule_id=schedule_id)
        return ScheduleServiceStub(channel).GetSchedule(request, metadata=as_caller(client)).schedule.webhook


def as_caller(client: Client) -> Sequence[tuple[str, str]]:
    return [("authorization", f"NVX {client.hash}")]


def test_the_mail_server_is_tested_by_a_command(stack: Stack, mails: MailHost) -> None:
    """It goes the whole way, and prints what the server says."""
    assert "sent" == stack.command("mail", "test", "operator@example.com", "--json")["deliveries"][0]["state"]
    mails.server.answers_with("rcpt wrong@example.com", "550 no such user")
    refused = stack.refused("mail", "test", "wrong@example.com")

    assert "error: not sent to wrong@example.com: 550 no such user" == refused
    assert "Test mail of Daybook" == mails.mails("operator@example.com")[0]["Subject"]


@pytest.mark.parametrize(("format_", "start"), [(FORMAT_PDF, b"%PDF"), (FORMAT_XLSX, b"PK"), (FORMAT_CSV, b'"User"')])
def test_a_saved_report_over_time_entries_is_delivered(
    stack: Stack, office: Office, mails: MailHost, format_: Format.ValueType, start: bytes
) -> None:
    """It is not stored: rendering reads it by the claim's token, for the mail's table and for its file."""
    to = f"hours-{format_}@example.com"
    saved = keep(office, "detailed", name="Hours of a week", fixed_daterange=True)
    metadata = [("authorization", f"NVX {office.ann.key}")]
    schedule = Schedule(
        enabled=True,
        time_report=SavedReportRef(workspace_id=office.workspace_id, report_id=saved["id"]),
        period="1w",
        rule=Rule(weekdays=Weekdays(days=[1])),
        recipients=[Recipient(email=to)],
        formats=[format_],
    )
    with grpc.insecure_channel(stack.addresses["generation"]) as channel:
        stub = ScheduleServiceStub(channel)
        made = stub.CreateSchedule(CreateScheduleRequest(schedule=schedule), metadata=metadata).schedule
        run_id = stub.RunNow(RunNowRequest(schedule_id=made.id), metadata=metadata).run_id
        (mail,) = mails.mails(to)
        wanted = GetRunRequest(run_id=run_id)
        until(lambda: stub.GetRun(wanted, metadata=metadata).run.HasField("finish_time"), "the end of the run")
        run = stub.GetRun(wanted, metadata=metadata).run

    assert RUN_STATE_SENT == run.state
    (file,) = mail.iter_attachments()
    assert file.get_payload(decode=True).removeprefix(codecs.BOM_UTF8).startswith(start)
    assert "Hours of a week" in mail.get_body(("plain",)).get_content()
    assert "Acme" in mail.get_body(("plain",)).get_content()
