"""Claims as workers get them: a run with everything that its deliveries need."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from services.errors import NotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Principal
from services.generation.accounts.user import User
from services.generation.reporting.report_service import ReportService
from services.generation.schedules.mail_receivers import Unsubscriptions
from services.generation.schedules.mail_words import MailText, mail_test_text, notice_text, report_text
from services.generation.schedules.run import Delivery, Run
from services.generation.schedules.schedule import SavedReportRef, Schedule
from services.generation.schedules.schedule_store import Runs
from services.generation.schedules.stored_changes import changed
from services.generation.timetracking.time_report import SavedWindow

TIME_REPORT_LINK = timedelta(days=30)  # a link to a report over time entries, which is not stored, works so long


class DeliveryLinks(Protocol):
    """Links that the service makes for its own deliveries. A target is a report's id or a saved report over days."""

    async def access(self, owner_id: int, target: int | SavedWindow, expire_time: datetime) -> tuple[int, str]:
        """Return the id and the token of a new link that only a worker knows."""

    async def share(self, owner_id: int, target: int | SavedWindow, expire_time: datetime, token: str) -> None:
        """Let a token open the public page of a report; one that does already stays so."""

    async def extend(self, link_id: int, expire_time: datetime) -> None:
        """Let a link end at another moment; one that is gone stays so."""

    async def end(self, link_id: int) -> None:
        """End a link; one that is gone stays so."""


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """Delivery with its words, the secrets that sign it, and the token that unsubscribes from it."""

    delivery: Delivery
    text: MailText | None = None
    secrets: tuple[str, ...] = ()
    unsubscribe_token: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """Claimed run. `target` is its report, None where there is none."""

    run: Run
    lease_end_time: datetime
    locale: str
    deliveries: tuple[ClaimedDelivery, ...]
    schedule: Schedule | None = None
    target: int | SavedWindow | None = None
    access_token: str = ""
    share_token: str = ""
    share_expire_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """Maker of claims."""

    runs: Runs
    accounts: AccountService
    reports: ReportService
    unsubscriptions: Unsubscriptions
    links: DeliveryLinks
    now: Callable[[], datetime]
    secret: str = ""  # kept out of the store, so that share tokens cannot be made from a copy of it

    async def of(self, run: Run, schedule: Schedule | None) -> Claim:
        """Return the claim of a run whose lease names its deliveries. Raises NotFound when its owner is gone."""
        lease = run.lease
        if lease is None:
            raise NotFound
        if schedule is None:
            text = mail_test_text()
            deliveries = tuple(ClaimedDelivery(run.delivery(number), text) for number in lease.numbers)
            return Claim(run, lease.end_time, "en", deliveries)
        owner = await self.accounts.by_id(run.owner_id)
        target, share_end = await self._target(run, schedule, owner)
        claim = Claim(run, lease.end_time, owner.locale.locale, (), schedule, target)
        if target is not None and share_end is not None:
            claim = await self._with_links(claim, owner, target, share_end)
        deliveries = tuple([await self._claimed(claim, run.delivery(number), owner) for number in lease.numbers])
        return replace(claim, deliveries=deliveries)

    async def _target(
        self, run: Run, schedule: Schedule, owner: User
    ) -> tuple[int | SavedWindow | None, datetime | None]:
        """Return the report of a run and when links to it end."""
        if run.making_failed or run.window is None:
            return None, None
        ref = schedule.spec.report
        if isinstance(ref, SavedReportRef):
            window = SavedWindow(ref.workspace_id, ref.report_id, run.window.first, run.window.last)
            return window, (run.finish_time or run.create_time) + TIME_REPORT_LINK
        try:
            report = await self.reports.find(Principal(owner), run.report_id)
        except NotFound:  # it was deleted: the worker fails to open it, and says so
            return run.report_id, run.create_time + TIME_REPORT_LINK
        return report.id, report.expire_time or run.create_time + TIME_REPORT_LINK

    async def _with_links(self, claim: Claim, owner: User, target: int | SavedWindow, share_end: datetime) -> Claim:
        run = claim.run
        link_id, access_token = await self.links.access(owner.id, target, claim.lease_end_time)
        share_token = await self.unsubscriptions.derived(f"share\n{run.id}\n{self.secret}")
        await self.links.share(owner.id, target, share_end, share_token)

        def noted(one: Run) -> Run:
            if one.lease is None or one.fence != run.fence:
                return one
            return replace(one, lease=replace(one.lease, link_id=link_id))

        run = await changed(self.runs, run.id, noted)
        return replace(claim, run=run, access_token=access_token, share_token=share_token, share_expire_time=share_end)

    async def _claimed(self, claim: Claim, delivery: Delivery, owner: User) -> ClaimedDelivery:
        run, schedule = claim.run, claim.schedule
        if schedule is None:
            raise NotFound
        if delivery.channel == "webhook":
            webhook = schedule.webhook
            return ClaimedDelivery(delivery, secrets=tuple(webhook.secrets(self.now()) if webhook else ()))
        if delivery.purpose == "owner_notice":
            return ClaimedDelivery(delivery, notice_text(run, schedule, owner))
        text = report_text(run, schedule, owner, claim.share_expire_time)
        if run.kind == "test":
            return ClaimedDelivery(delivery, replace(text, unsubscribe_label=""))
        token = await self.unsubscriptions.token(run.owner_id, run.schedule_id, delivery.address)
        return ClaimedDelivery(delivery, text, unsubscribe_token=token)

    async def extend(self, run: Run) -> None:
        """Let the access of a claim end with its extended lease."""
        if run.lease is not None and run.lease.link_id:
            await self.links.extend(run.lease.link_id, run.lease.end_time)

    async def end(self, run: Run) -> None:
        """End the access of a claim whose deliveries are all finished."""
        if run.lease is not None and run.lease.link_id:
            await self.links.end(run.lease.link_id)
