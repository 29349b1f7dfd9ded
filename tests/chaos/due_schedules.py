"""Accounts with many schedules that are due in the same minute, each with one recipient and a webhook."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from daybook.account.v1.account_service_pb2 import CreateApiKeyRequest, CreateUserRequest
from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub
from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.input.v1.input_service_pb2 import Batch, TrackerList, UpsertRequest
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_CSV
from daybook.report.v1.report_pb2 import Plugin
from daybook.schedule.v1.schedule_pb2 import Recipient, Rule, Schedule, Webhook, Weekdays
from daybook.schedule.v1.schedule_service_pb2 import CreateScheduleRequest
from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub
from grpc.aio import Channel

PER_ACCOUNT = 50
FIRST_TRACKER = 1_001  # past those of the seed data
BERLIN, MINUTE = ZoneInfo("Europe/Berlin"), timedelta(minutes=1)
Credentials = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DueSchedules:
    """So many schedules, all of them due at a whole minute, whose notices go to a URL."""

    count: int
    due: datetime
    webhook_url: str

    async def make(self, channel: Channel, operator: Credentials) -> None:
        """Make the accounts with their schedules. Raises TimeoutError when that took until these were due."""
        stub = ScheduleServiceStub(channel)
        for first in range(0, self.count, PER_ACCOUNT):
            caller = await _account(channel, operator, FIRST_TRACKER + first)
            for number in range(first, min(first + PER_ACCOUNT, self.count)):
                request = CreateScheduleRequest(schedule=self._schedule(FIRST_TRACKER + first, number))
                await stub.CreateSchedule(request, metadata=caller)
        if datetime.now(UTC) >= self.due:
            raise TimeoutError("schedules were due before all were made: raise --lead")

    async def until_due(self) -> None:
        """Wait until the minute of all of them."""
        await asyncio.sleep((self.due - datetime.now(UTC)).total_seconds())

    def _schedule(self, tracker_id: int, number: int) -> Schedule:
        report = GenerateReportRequest(title=f"Trips {number}", tracker_ids=[tracker_id], plugin=Plugin(id=4))
        return Schedule(
            enabled=True,
            tracker_report=report,
            period="1d",
            rule=Rule(weekdays=Weekdays(days=range(1, 8))),
            sending_time=f"{self.due.astimezone(BERLIN):%H:%M}",
            recipients=[Recipient(email=f"to{number}@example.com")],
            webhook=Webhook(url=self.webhook_url),
            formats=[FORMAT_CSV],
        )


def whole_minute_after(seconds: float) -> datetime:
    """Return the first whole minute that is so far away."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).replace(second=0, microsecond=0) + MINUTE


async def _account(channel: Channel, operator: Any, tracker_id: int) -> Credentials:
    """Add an account with a tracker and return its credentials."""
    login = f"owner{tracker_id}@example.com"
    accounts = AccountServiceStub(channel)
    user = CreateUserRequest(login=login, password="secret", time_zone="Europe/Berlin")
    await accounts.CreateUser(user, metadata=operator)
    key = (await accounts.CreateApiKey(CreateApiKeyRequest(login=login), metadata=operator)).hash
    trackers = TrackerList(items=[Tracker(id=tracker_id, label="Car")])
    request = UpsertRequest(owner_login=login, batch=Batch(trackers=trackers))
    await InputServiceStub(channel).Upsert(iter([request]), metadata=operator)
    return [("authorization", f"NVX {key}")]
