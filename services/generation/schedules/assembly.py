"""Assembly of scheduled reports from their stores and the services they use."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.generation.accounts.account_service import AccountService
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.reporting.request_checks import RequestChecks
from services.generation.schedules.claims import Claims, DeliveryLinks
from services.generation.schedules.delivery_plan import DeliveryPlan
from services.generation.schedules.delivery_service import DeliveryService, DeliveryStores
from services.generation.schedules.mail_receivers import Unsubscriptions
from services.generation.schedules.mail_test import MailTests
from services.generation.schedules.planner import Planner
from services.generation.schedules.receiver_checks import AddressChecks
from services.generation.schedules.report_sources import ReportSources
from services.generation.schedules.run_maker import MakerStores, RunMaker
from services.generation.schedules.run_results import RunResults
from services.generation.schedules.run_service import RunService
from services.generation.schedules.schedule import ScheduleLimits
from services.generation.schedules.schedule_access import ScheduleAccess
from services.generation.schedules.schedule_answers import ScheduleAnswers
from services.generation.schedules.schedule_checks import ScheduleChecks
from services.generation.schedules.schedule_service import ScheduleService, ScheduleStores
from services.generation.schedules.schedule_store import MailCounts, MailReceivers, Runs, Schedules


@dataclass(frozen=True, slots=True)
class SchedulePorts:
    """Stores of scheduled reports."""

    schedules: Schedules
    runs: Runs
    receivers: MailReceivers
    counts: MailCounts
    links: DeliveryLinks


@dataclass(frozen=True, slots=True)
class ScheduleParts:
    """Services that scheduled reports use, their limits, and the clock."""

    accounts: AccountService
    members: WorkspaceMembers
    requests: RequestChecks
    sources: ReportSources
    limits: ScheduleLimits
    now: Callable[[], datetime]
    secret: str = ""  # that tokens of public pages are made with, beside that of the store


@dataclass(frozen=True, slots=True)
class ScheduledReports:
    """Use cases of scheduled reports, and the work that goes on behind them."""

    schedules: ScheduleService
    runs: RunService
    unsubscriptions: Unsubscriptions
    mail_tests: MailTests
    deliveries: DeliveryService
    planner: Planner
    maker: RunMaker

    async def run(self) -> None:
        """Plan what is due and make its runs until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.planner.run(self.maker.wake))
            tasks.create_task(self.maker.run())


def scheduled_reports(ports: SchedulePorts, parts: ScheduleParts) -> ScheduledReports:
    """Return the use cases over some stores."""
    accounts, sources, limits, now = parts.accounts, parts.sources, parts.limits, parts.now
    unsubscriptions = Unsubscriptions(ports.receivers, ports.counts, ports.schedules, accounts, now)
    addresses = AddressChecks(limits.recipients, limits.domains)
    checks = ScheduleChecks(
        parts.requests, sources.saved_reports, parts.members, addresses, with_http=limits.http_webhooks
    )
    access = ScheduleAccess(ports.schedules, sources.saved_reports)
    answers = ScheduleAnswers(accounts, parts.members, unsubscriptions)
    stores = ScheduleStores(ports.schedules, ports.runs, accounts, access, answers)
    claims = Claims(ports.runs, accounts, sources.reports, unsubscriptions, ports.links, now, parts.secret)
    delivery_stores = DeliveryStores(ports.runs, ports.schedules, accounts, ports.counts, unsubscriptions, claims)
    maker_woken = asyncio.Event()
    deliveries = DeliveryService(delivery_stores, limits, now, maker_woken.set)
    plan = DeliveryPlan(parts.members, unsubscriptions, ports.counts, limits.mails_per_day, now)
    results = RunResults(ports.schedules, accounts, addresses.is_address, now)
    maker_stores = MakerStores(ports.schedules, ports.runs, accounts, sources, plan, results)
    maker = RunMaker(maker_stores, now, deliveries.wake, maker_woken)
    return ScheduledReports(
        schedules=ScheduleService(stores, checks, limits.per_account, now),
        runs=RunService(stores, addresses, now, maker.wake),
        unsubscriptions=unsubscriptions,
        mail_tests=MailTests(ports.runs, addresses, now, deliveries.wake),
        deliveries=deliveries,
        planner=Planner(ports.schedules, ports.runs, accounts, now, limits.catch_up),
        maker=maker,
    )
