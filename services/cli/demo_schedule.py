"""Schedule of the demo account: the trips of its vans, mailed every Monday morning."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from daybook.account.v1.account_service_pb2 import LogInRequest, LogOutRequest
from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub
from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_PDF
from daybook.report.v1.report_pb2 import Plugin
from daybook.schedule.v1.schedule_pb2 import Recipient, Rule, Schedule, Weekdays

from services.cli.client import DEADLINE_S, Access, Metadata, as_account, service_at, without_account
from services.cli.schedules import create, fetch_all

TITLE = "Trips of the week"
RECEIVER = "fleet@example.com"
TRIPS, MONDAY = 4, 1


async def add_schedule(access: Access, login: str, password: str, trackers: Sequence[int]) -> None:
    """Schedule a report of an account's trackers unless the account has a schedule."""
    async with _session(access, login, password) as caller:
        if await fetch_all(access, caller):
            return
        report = GenerateReportRequest(title=TITLE, plugin=Plugin(id=TRIPS), tracker_ids=trackers)
        schedule = Schedule(
            enabled=True,
            tracker_report=report,
            period="previous_week",
            rule=Rule(weekdays=Weekdays(days=[MONDAY])),
            sending_time="06:00",
            recipients=[Recipient(email=RECEIVER)],
            formats=[FORMAT_PDF],
        )
        await create(access, caller, schedule)


@asynccontextmanager
async def _session(access: Access, login: str, password: str) -> AsyncIterator[Metadata]:
    """Give the metadata of an account's calls in a session that ends with the context."""
    async with service_at(access, "generation") as channel:
        stub = AccountServiceStub(channel)
        request = LogInRequest(login=login, password=password)
        begun = await stub.LogIn(request, metadata=without_account(), timeout=DEADLINE_S)
        caller = as_account(begun.hash)
        try:
            yield caller
        finally:
            await stub.LogOut(LogOutRequest(), metadata=caller, timeout=DEADLINE_S)
