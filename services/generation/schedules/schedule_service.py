"""Use cases of schedules: creating, listing, changing and deleting them."""

import secrets
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from services.errors import InvalidParameters, NotFound, Unavailable
from services.errors.reports import TooManySchedules
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.audit import audited
from services.generation.accounts.authentication import Principal, forbid_demo
from services.generation.accounts.user import REPORTS_RIGHT, User
from services.generation.domain.paging import Page
from services.generation.schedules.planning import planned, replanned
from services.generation.schedules.run import stopped
from services.generation.schedules.schedule import OLD_SECRET, SavedReportRef, Schedule, Webhook
from services.generation.schedules.schedule_access import ScheduleAccess, require_reports_right, user_of
from services.generation.schedules.schedule_answers import ScheduleAnswer, ScheduleAnswers
from services.generation.schedules.schedule_checks import ScheduleChecks, ScheduleDraft
from services.generation.schedules.schedule_store import Runs, ScheduleFilter, Schedules
from services.generation.schedules.schedule_words import SCHEDULE_DELETED
from services.generation.schedules.stored_changes import changed
from services.generation.words.language import Language

TRIES = 10  # of a change that others made at the same time
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class ScheduleStores:
    """Stores and services that schedules and their runs are made with."""

    schedules: Schedules
    runs: Runs
    accounts: AccountService
    access: ScheduleAccess
    answers: ScheduleAnswers


class ScheduleService:
    """Use cases around schedules."""

    def __init__(self, stores: ScheduleStores, checks: ScheduleChecks, limit: int, now: Callable[[], datetime]) -> None:
        self._stores = stores
        self._schedules = stores.schedules
        self._checks = checks
        self._limit = limit
        self._now = now

    async def create(self, caller: Principal, draft: ScheduleDraft) -> ScheduleAnswer:
        """Store a schedule and return it.

        Raises what `ScheduleChecks.spec` raises, NotPermitted, and TooManySchedules.
        """
        owner = user_of(caller)
        with audited("create_schedule", user_id=owner.id) as known:
            _require_right(owner, draft)
            spec = await self._checks.spec(caller, owner, draft)
            now = self._now()
            webhook = _webhook(None, spec.webhook_url, now)
            new = Schedule(owner.id, owner.account_id, spec, create_time=now, update_time=now, webhook=webhook)
            stored = await self._schedules.add(planned(new, owner, now), self._limit)
            if stored is None:
                raise TooManySchedules
            known["schedule_id"] = stored.id
        return await self._answer(stored, webhook.secret if webhook else "")

    async def get(self, caller: Principal, schedule_id: int) -> ScheduleAnswer:
        """Return a schedule. Raises what `ScheduleAccess.visible` raises."""
        return await self._answer(await self._stores.access.visible(caller, schedule_id))

    async def page(
        self, caller: Principal, wanted: ScheduleFilter, page: Page, owner_login: str = ""
    ) -> list[ScheduleAnswer]:
        """Return the caller's schedules by id, or all of a workspace; for an operator those of all, or of an owner.

        Raises InvalidParameters, NotFound, WorkspaceNotFound, NotPermitted.
        """
        if owner_login:
            if not caller.operator:
                raise InvalidParameters.one("owner_login", "is for operators: others list their own schedules")
            wanted = replace(wanted, owner_id=(await self._stores.accounts.by_login(owner_login)).id)
        if wanted.workspace_id is not None:
            await self._stores.access.saved_reports.membership(wanted.workspace_id, caller)
        elif not caller.operator:
            user = user_of(caller)
            wanted = replace(wanted, owner_id=user.id)
            if wanted.kind == "tracker":
                require_reports_right(user)
            elif not user.may(REPORTS_RIGHT):
                wanted = replace(wanted, kind="time")
        answers: list[ScheduleAnswer] = []
        while missing := page.size - len(answers):  # schedules of owners being removed leave gaps
            found = await self._schedules.page(wanted, Page(missing, page.after))
            answers += await self._stores.answers.of(found)
            if len(found) < missing:
                break
            page = replace(page, after=(found[-1].id,))
        return answers

    async def update(
        self,
        caller: Principal,
        schedule_id: int,
        change: Callable[[Schedule], ScheduleDraft],
        *,
        new_secret: bool = False,
    ) -> ScheduleAnswer:
        """Change a schedule to what `change` makes of it, and return it.

        Enabling one that is paused forgets its failures. Raises like `create`, and what `ScheduleAccess.changeable`
        raises.
        """
        with audited("update_schedule", user_id=user_of(caller).id, schedule_id=schedule_id):

            async def updated(before: Schedule, owner: User) -> Schedule:
                draft = change(before)
                if draft.keeps_report:
                    draft = replace(draft, spec=replace(draft.spec, report=before.spec.report))
                _require_right(owner, draft)
                spec = await self._checks.spec(caller, owner, draft)
                webhook = _webhook(before.webhook, spec.webhook_url, self._now(), new_secret=new_secret)
                if webhook is not None and before.webhook is not None and draft.keeps_webhook:
                    webhook = replace(webhook, off_reason=before.webhook.off_reason)
                after = replace(before, spec=spec, webhook=webhook)
                is_begun = spec.enabled and not before.spec.enabled
                return replace(after, paused_reason="", failed_runs=0) if is_begun else after

            before, after = await self._changed(caller, schedule_id, updated)
        return await self._answer(after, _made(before, after.webhook))

    async def pause(self, caller: Principal, schedule_id: int) -> ScheduleAnswer:
        """Stop a schedule, whatever has become of its report, and return it.

        Raises what `ScheduleAccess.changeable` raises.
        """
        with audited("pause_schedule", **caller.audit_fields, schedule_id=schedule_id):

            async def paused(before: Schedule, _: User) -> Schedule:
                return replace(before, spec=replace(before.spec, enabled=False))

            _, after = await self._changed(caller, schedule_id, paused)
        return await self._answer(after)

    async def _changed(
        self, caller: Principal, schedule_id: int, change: Callable[[Schedule, User], Awaitable[Schedule]]
    ) -> tuple[Schedule, Schedule]:
        """Store what `change` makes of a schedule and its owner, planned anew; return it before and after that."""
        for _ in range(TRIES):
            before = await self._stores.access.changeable(caller, schedule_id)
            owner = await self._stores.accounts.by_id(before.owner_id)
            wanted = replace(await change(before, owner), update_time=self._now())
            after = replanned(before, wanted, owner, self._now())
            if await self._schedules.replace(after):
                return before, replace(after, version=after.version + 1)
        raise Unavailable

    async def delete(self, caller: Principal, schedule_id: int, workspace_id: int = 0) -> None:
        """Delete a schedule, and skip what its runs have not begun; with a workspace, one of its saved reports alone.

        Raises what `ScheduleAccess.changeable` raises, DemoAccount, and NotFound for a schedule of something else.
        """
        with audited("delete_schedule", **caller.audit_fields, schedule_id=schedule_id):
            if caller.user is not None:
                forbid_demo(caller.user)
            if workspace_id:
                await self._require_workspace(caller, schedule_id, workspace_id)
            schedule = await self._stores.access.changeable(caller, schedule_id)
            owner = await self._stores.accounts.by_id(schedule.owner_id)
            await self._schedules.remove(schedule_id)
            reason = Language.of(owner.locale).t(SCHEDULE_DELETED)
            for run in await self._stores.runs.unfinished(schedule_id):
                await changed(self._stores.runs, run.id, lambda one: stopped(one, reason, self._now()))

    async def _require_workspace(self, caller: Principal, schedule_id: int, workspace_id: int) -> None:
        """Raise WorkspaceNotFound for a workspace of others, NotFound for a schedule of none of its saved reports."""
        await self._stores.access.saved_reports.membership(workspace_id, caller)
        schedule = await self._stores.access.visible(caller, schedule_id)
        report = schedule.spec.report
        if not isinstance(report, SavedReportRef) or report.workspace_id != workspace_id:
            raise NotFound

    async def _answer(self, schedule: Schedule, new_secret: str = "") -> ScheduleAnswer:
        [answer] = await self._stores.answers.of([schedule])
        return replace(answer, new_secret=new_secret)


def _webhook(before: Webhook | None, url: str, now: datetime, *, new_secret: bool = False) -> Webhook | None:
    """Return the webhook of a schedule; a change that names one switches it on again."""
    if not url:
        return None
    if before is None:
        return Webhook(url, _secret(), now)
    kept = replace(before, url=url, off_reason="")
    if not new_secret:
        return kept
    return replace(kept, secret=_secret(), secret_time=now, old_secret=before.secret, old_secret_end=now + OLD_SECRET)


def _secret() -> str:
    return f"whsec_{b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def _made(before: Schedule, webhook: Webhook | None) -> str:
    """Return the secret of a webhook that a change made, empty when it made none."""
    if webhook is None or (before.webhook is not None and before.webhook.secret == webhook.secret):
        return ""
    return webhook.secret


def _require_right(owner: User, draft: ScheduleDraft) -> None:
    if not isinstance(draft.spec.report, SavedReportRef):
        require_reports_right(owner)
