"""Scheduled reports of the whole service over a real channel: from the wish to the outcome of each delivery."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from daybook.account.v1.account_service_pb2 import CreateUserRequest, UpdateUserRequest, User
from daybook.generation.v1 import generation_service_pb2 as generation
from daybook.input.v1.input_service_pb2 import DeleteRequest
from daybook.input.v1.workspace_pb2 import Member, Workspace
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_CSV, FORMAT_PDF
from daybook.report.v1.report_pb2 import Plugin
from daybook.savedreport.v1.saved_report_service_pb2 import RunReportRequest
from daybook.savedreport.v1.time_report_pb2 import Source
from daybook.schedule.v1 import delivery_service_pb2 as delivery
from daybook.schedule.v1 import schedule_pb2 as pb
from daybook.schedule.v1 import schedule_service_pb2 as service
from daybook.schedule.v1.delivery_service_pb2_grpc import DeliveryServiceStub
from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask

from services.runtime.errors import failure_of
from tests.integration.generation.services import OPERATOR, Client, Metadata, failure, generation_on, until_serving
from tests.integration.generation.studio import MEMBER, OWNER, STRANGER, Studio, basic

WORKER: Metadata = (("authorization", "Bearer delivers"),)
MISSING, INVALID = ("NOT_FOUND", "ENTITY_NOT_FOUND"), ("INVALID_ARGUMENT", "INVALID_PARAMETERS")
WRONG = ("UNAUTHENTICATED", "WRONG_HASH")
MONDAYS = pb.Rule(weekdays=pb.Weekdays(days=[1]))


class Office:
    """Account ann@example.com in Berlin with a tracker, and the stubs of schedules and deliveries."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.schedules: Any = ScheduleServiceStub(client.channel)
        self.deliveries: Any = DeliveryServiceStub(client.channel)
        self.who: Metadata = ()
        self.tracker = 0

    async def open(self) -> "Office":
        self.who = await self.client.account("ann@example.com", time_zone="Europe/Berlin")
        (self.tracker,) = await self.client.trackers("ann@example.com", "Van")
        return self

    def wish(self, **changes: Any) -> pb.Schedule:
        """Return a trips report of a week, each Monday to Bob."""
        trips = generation.GenerateReportRequest(title="Trips", plugin=Plugin(id=4), tracker_ids=[self.tracker])
        usual = {
            "enabled": True,
            "tracker_report": trips,
            "period": "w",
            "rule": MONDAYS,
            "sending_time": "06:00",
            "recipients": [pb.Recipient(email="bob@example.org")],
        }
        return pb.Schedule(**usual | changes)

    async def create(self, wish: pb.Schedule, who: Metadata | None = None) -> Any:
        return await self.schedules.CreateSchedule(
            service.CreateScheduleRequest(schedule=wish), metadata=who or self.who
        )

    async def run_now(self, schedule_id: int, who: Metadata | None = None) -> int:
        asked = service.RunNowRequest(schedule_id=schedule_id)
        return int((await self.schedules.RunNow(asked, metadata=who or self.who)).run_id)

    async def run(self, run_id: int, who: Metadata | None = None) -> pb.Run:
        asked = service.GetRunRequest(run_id=run_id)
        run: pb.Run = (await self.schedules.GetRun(asked, metadata=who or self.who)).run
        return run

    async def claim(self) -> delivery.Claim:
        """Return the next claim; the first report of a process takes its time."""
        asked = delivery.ClaimDeliveriesRequest(worker="w", max_wait=Duration(seconds=20))
        found = delivery.Claim()
        for _ in range(6):
            found = (await self.deliveries.ClaimDeliveries(asked, metadata=WORKER)).claim
            if found.run_id:
                break
        return found

    async def send(self, claim: delivery.Claim, outcome: pb.Outcome.ValueType = pb.OUTCOME_SENT) -> None:
        """Start and finish all deliveries of a claim."""
        for one in claim.deliveries:
            held = {"run_id": claim.run_id, "worker": "w", "fence": claim.fence, "number": one.number}
            await self.deliveries.StartDelivery(delivery.StartDeliveryRequest(**held), metadata=WORKER)
            told = delivery.FinishDeliveryRequest(**held, outcome=outcome, code=250, text="taken")
            await self.deliveries.FinishDelivery(told, metadata=WORKER)


@pytest.fixture
async def office(mongodb_uri: str, database: str) -> AsyncIterator[Office]:
    async with generation_on(mongodb_uri, database, delivery_token="delivers") as client:
        await until_serving(client)
        yield await Office(client).open()


def by_link(token: str) -> Metadata:
    return (("authorization", f"Link {token}"),)


async def test_a_schedule_from_the_wish_to_the_delivery(office: Office) -> None:
    """The claim's token opens its report, as long as the lease lasts; the share token goes on."""
    made = (await office.create(office.wish(formats=[FORMAT_PDF, FORMAT_CSV], zip=True))).schedule
    run_id = await office.run_now(made.id)
    claim = await office.claim()
    asked = generation.GetReportRequest(report_id=claim.report_id)
    report = (await office.client.generation.GetReport(asked, metadata=by_link(claim.access_token))).report
    opened = await office.client.generation.OpenLink(generation.OpenLinkRequest(token=claim.share_token))

    assert (run_id, "Trips", [FORMAT_PDF, FORMAT_CSV], True) == (
        claim.run_id,
        report.title,
        list(claim.formats),
        claim.zip,
    )
    assert claim.report_id == opened.report.id
    assert made.next_run_text.endswith("Europe/Berlin, covers " + made.next_run_text.partition("covers ")[2])
    await office.send(claim)
    run = await office.run(run_id)
    assert (pb.RUN_STATE_SENT, pb.RUN_KIND_MANUAL, claim.report_id) == (run.state, run.kind, run.report_id)
    assert [("bob@example.org", pb.DELIVERY_STATE_SENT, 250, "taken")] == [
        (one.address, one.state, one.attempts[0].code, one.attempts[0].text) for one in run.deliveries
    ]
    assert MISSING == await failure(office.client.generation.GetReport(asked, metadata=by_link(claim.access_token)))
    assert (await office.client.generation.OpenLink(generation.OpenLinkRequest(token=claim.share_token))).report.id
    other = generation.GetReportRequest(report_id=claim.report_id + 1)
    assert MISSING == await failure(office.client.generation.GetReport(other, metadata=by_link(claim.share_token)))


async def test_claims_take_the_delivery_token_alone(office: Office) -> None:
    """Neither none, nor the operator's, nor a user's."""
    calls = office.deliveries
    for who in (None, OPERATOR, office.who):
        for call in (
            calls.ClaimDeliveries(delivery.ClaimDeliveriesRequest(worker="w"), metadata=who),
            calls.ExtendLease(delivery.ExtendLeaseRequest(), metadata=who),
            calls.ReleaseClaim(delivery.ReleaseClaimRequest(), metadata=who),
            calls.StartDelivery(delivery.StartDeliveryRequest(), metadata=who),
            calls.FinishDelivery(delivery.FinishDeliveryRequest(outcome=pb.OUTCOME_SENT), metadata=who),
        ):
            assert WRONG == await failure(call)


async def test_what_is_wrong_is_named_as_in_the_public_api(office: Office) -> None:
    """Every field at once."""
    wish = office.wish(
        period="3x",
        rule=pb.Rule(weekdays=pb.Weekdays(days=[8])),
        sending_time="25:00",
        recipients=[pb.Recipient(email="a@b.example"), pb.Recipient(email="a@b\r\nBcc: c@d")],
        webhook=pb.Webhook(url="http://example.com"),
        subject="a\nb",
        message="x" * 2_001,
    )
    found = await _violations(office.create(wish))
    assert {
        "schedule.parameters.period",
        "schedule.parameters.schedule.weekdays",
        "schedule.parameters.sending_time",
        "schedule.parameters.emails[1]",
        "schedule.webhook.url",
        "schedule.subject",
        "schedule.message",
    } == found
    assert {"schedule.parameters.report.trackers"} == await _violations(
        office.create(office.wish(tracker_report=generation.GenerateReportRequest(plugin=Plugin(id=4))))
    )
    unknown = generation.GenerateReportRequest(plugin=Plugin(id=4), tracker_ids=[office.tracker + 1])
    assert ("NOT_FOUND", "NONEXISTENT_ENTITIES") == await failure(office.create(office.wish(tracker_report=unknown)))
    no_kind = generation.GenerateReportRequest(plugin=Plugin(id=999), tracker_ids=[office.tracker])
    assert ("NOT_FOUND", "PLUGIN_NOT_FOUND") == await failure(office.create(office.wish(tracker_report=no_kind)))
    assert ("INVALID_ARGUMENT", "SPAN_TOO_LONG") == await failure(office.create(office.wish(period="3m")))
    assert INVALID == await failure(office.create(office.wish(recipients=_receivers(21))))


def _receivers(count: int) -> list[pb.Recipient]:
    return [pb.Recipient(email=f"r{number}@example.org") for number in range(count)]


async def _violations(call: Any) -> set[str]:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return {one.field for one in failure_of(caught.value).violations}


async def test_a_schedule_of_another_user_is_not_there(office: Office) -> None:
    """For every call."""
    schedule_id = (await office.create(office.wish())).schedule.id
    run_id = await office.run_now(schedule_id)
    eve = await office.client.account("eve@example.com")
    calls, of = office.schedules, {"schedule_id": schedule_id}
    changed = service.UpdateScheduleRequest(schedule=office.wish(id=schedule_id))
    resolved = service.ResolveDeliveryRequest(run_id=run_id, number=1, resolution=1)
    for call in (
        calls.GetSchedule(service.GetScheduleRequest(**of), metadata=eve),
        calls.UpdateSchedule(changed, metadata=eve),
        calls.DeleteSchedule(service.DeleteScheduleRequest(**of), metadata=eve),
        calls.RunNow(service.RunNowRequest(**of), metadata=eve),
        calls.SendTest(service.SendTestRequest(**of), metadata=eve),
        calls.ListRuns(service.ListRunsRequest(**of), metadata=eve),
        calls.GetRun(service.GetRunRequest(run_id=run_id), metadata=eve),
        calls.ResolveDelivery(resolved, metadata=eve),
    ):
        assert MISSING == await failure(call)
    listed = await calls.ListSchedules(service.ListSchedulesRequest(), metadata=eve)
    assert [] == list(listed.schedules)


async def test_a_mask_changes_some_fields_and_another_zone_the_next_due(office: Office) -> None:
    """Fields that the mask does not name stay; without one the whole is replaced."""
    made = (await office.create(office.wish(message="Hello"))).schedule
    paths = FieldMask(paths=["enabled", "recipients"])
    changed = service.UpdateScheduleRequest(schedule=pb.Schedule(id=made.id), update_mask=paths)
    off = (await office.schedules.UpdateSchedule(changed, metadata=office.who)).schedule
    assert (False, [], "Hello", "w") == (off.enabled, list(off.recipients), off.message, off.period)
    assert (False, "") == (off.HasField("next_due_time"), off.next_run_text)
    whole = service.UpdateScheduleRequest(schedule=office.wish(id=made.id))
    on = (await office.schedules.UpdateSchedule(whole, metadata=office.who)).schedule
    assert ("", made.next_due_time) == (on.message, on.next_due_time)
    tokyo = UpdateUserRequest(
        login="ann@example.com", user=User(time_zone="Asia/Tokyo"), update_mask=FieldMask(paths=["time_zone"])
    )
    await office.client.accounts.UpdateUser(tokyo, metadata=OPERATOR)
    asked = service.GetScheduleRequest(schedule_id=made.id)
    moved = (await office.schedules.GetSchedule(asked, metadata=office.who)).schedule

    assert timedelta(hours=7) <= _moment(on.next_due_time) - _moment(moved.next_due_time) <= timedelta(hours=8)
    assert (on.revision + 1, "Asia/Tokyo") == (moved.revision, moved.time_zone)
    wrong = service.UpdateScheduleRequest(schedule=pb.Schedule(id=made.id), update_mask=FieldMask(paths=["owner_id"]))
    assert INVALID == await failure(office.schedules.UpdateSchedule(wrong, metadata=office.who))


def _moment(timestamp: Any) -> datetime:
    return datetime.fromtimestamp(timestamp.seconds, UTC)


async def test_unsubscribing_needs_no_credentials_and_unknown_tokens_learn_nothing(office: Office) -> None:
    """Looking a token up changes nothing."""
    schedule_id = (await office.create(office.wish())).schedule.id
    await office.run_now(schedule_id)
    token = (await office.claim()).deliveries[0].unsubscribe_token
    calls = office.schedules
    for _ in range(2):
        found = await calls.LookUpUnsubscription(service.LookUpUnsubscriptionRequest(token=token))
        assert ("ann@example.com", "Trips", False) == (found.sender, found.title, found.unsubscribed)
    for other in ("0" * 32, "", "x" * 10_000):
        assert not (await calls.LookUpUnsubscription(service.LookUpUnsubscriptionRequest(token=other))).sender
        await calls.Unsubscribe(service.UnsubscribeRequest(token=other))
    await calls.Unsubscribe(service.UnsubscribeRequest(token=token.upper()))
    after = await calls.LookUpUnsubscription(service.LookUpUnsubscriptionRequest(token=token))
    asked = service.GetScheduleRequest(schedule_id=schedule_id)
    [receiver] = (await calls.GetSchedule(asked, metadata=office.who)).schedule.recipients

    assert (True, False) == (after.unsubscribed, after.unsubscribed_from_all)
    assert receiver.HasField("unsubscribe_time")


async def test_a_tracker_that_is_gone_is_named_and_the_key_of_schedules_is_refused(office: Office) -> None:
    """The mail says so; a caller's request id cannot take the place of a schedule's."""
    (other,) = await office.client.trackers("ann@example.com", "Gone")
    both = generation.GenerateReportRequest(plugin=Plugin(id=4), tracker_ids=[office.tracker, other])
    schedule_id = (await office.create(office.wish(tracker_report=both))).schedule.id
    gone = DeleteRequest(owner_login="ann@example.com", kind="trackers", ids=[other])
    await office.client.inputs.Delete(gone, metadata=OPERATOR)
    run_id = await office.run_now(schedule_id)
    claim = await office.claim()

    assert f"Left out, because they are gone: {other}" == claim.deliveries[0].mail.missing
    assert [other] == list((await office.run(run_id)).missing_ids)
    taken = office.client.generate(office.who, office.tracker, request_id="schedule:1:x")
    assert INVALID == await failure(taken)


async def test_a_saved_time_report_is_delivered_in_its_owners_view(office: Office) -> None:
    """The claim's token runs that report over the days of the run; members see the schedule, admins change it."""
    studio = Studio(office.client)
    ann = office.who
    await _furnish(studio, office)
    saved = await studio.save(basic(OWNER))
    ref = pb.SavedReportRef(workspace_id=studio.id, report_id=saved.id)
    wish = pb.Schedule(
        enabled=True,
        time_report=ref,
        period="1w",
        rule=pb.Rule(first_day_of_week=True),
        recipients=[pb.Recipient(user_id=studio.ids["bob"])],
    )
    made = (await office.create(wish, ann)).schedule
    await office.run_now(made.id, ann)
    claim = await office.claim()
    source = RunReportRequest(source=Source(linked=claim.time_report.linked))
    rows = [one async for one in studio.saved.RunReport(source, metadata=by_link(claim.access_token))]
    listed = service.ListSchedulesRequest(workspace_id=studio.id)

    assert (MEMBER, "Hours") == (claim.deliveries[0].address, claim.title)
    assert claim.period_start[:10] == rows[0].info.input_params["start_date"]
    for who in (basic(OWNER), basic(MEMBER)):
        page = await office.schedules.ListSchedules(listed, metadata=who)
        assert [made.id] == [one.id for one in page.schedules]
    stranger = office.schedules.ListSchedules(listed, metadata=basic(STRANGER))
    assert ("NOT_FOUND", "WORKSPACE_NOT_FOUND") == await failure(stranger)
    gone = service.DeleteScheduleRequest(schedule_id=made.id)
    assert ("PERMISSION_DENIED", "ADMIN_NEEDED") == await failure(
        office.schedules.DeleteSchedule(gone, metadata=basic(MEMBER))
    )
    await office.schedules.DeleteSchedule(gone, metadata=basic(OWNER))
    assert MISSING == await failure(office.schedules.DeleteSchedule(gone, metadata=basic(OWNER)))


async def _furnish(studio: Studio, office: Office) -> None:
    """Make the studio's people, of whom Ann is there."""
    for login in (MEMBER, STRANGER):
        await office.client.accounts.CreateUser(CreateUserRequest(login=login, password="secret"), metadata=OPERATOR)
    (studio.id,) = (await office.client.upsert(OWNER, workspaces=[Workspace(name="Studio")])).ids
    (studio.ids["bob"],) = (await studio.put(members=[Member(name="Bob", email=MEMBER, time_zone="UTC")])).ids


async def test_a_test_of_the_mail_server_goes_the_whole_way(office: Office) -> None:
    """For operators; the stream ends with the outcome."""
    asked = service.SendTestMailRequest(address="ops@example.com")
    assert WRONG != await failure(office.schedules.SendTestMail(asked, metadata=office.who))
    stream = office.schedules.SendTestMail(asked, metadata=OPERATOR)
    runs = aiter(stream)
    first = await anext(runs)
    claim = await office.claim()
    assert (first.run.id, "Test mail of Daybook") == (claim.run_id, claim.deliveries[0].mail.subject)
    await office.send(claim, pb.OUTCOME_FAILED)
    last = [one.run async for one in runs][-1]

    assert (pb.RUN_STATE_FAILED, "taken") == (last.state, last.deliveries[0].reason)
