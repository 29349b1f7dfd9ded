"""Service of saved reports: create, read, list, change, delete, open by token."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from daybook.input.v1.workspace_pb2 import Member, Workspace

from services.errors import DaybookError, InvalidParameters, NonexistentEntities, NotAuthenticated, NotFound
from services.errors.workspaces import OwnerGone, TokenInvalid
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.audit import audited
from services.generation.accounts.authentication import Principal, forbid_demo
from services.generation.domain.paging import Page
from services.generation.domain.plain_text import is_plain
from services.generation.inputs.member_rights import MemberRights, members_see_others
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.timetracking.memberships import Memberships
from services.generation.timetracking.saved_report_changes import (
    MAX_BATCH,
    MAX_NAME,
    SavedChange,
    blank,
    changed,
    check_batch,
)
from services.generation.timetracking.time_report import SavedWindow
from services.generation.timetracking.time_store import MailedReports, SavedReport, SavedReportQuery, SavedReports

MAX_SKIP = 1_000_000
TOKEN = re.compile(r"[0-9a-fA-F]{32}")
Reader = Literal[
    "manager",  # its owner, an admin or operator
    "member",  # another active member
    "stranger",  # all others
    "recipient",  # of what its owner sends: the owner's view, without the addresses of members unless they are shown
]


@dataclass(frozen=True, slots=True)
class Opened:
    """A saved report that may be run, its workspace, the member who owns the report, and what its reader is to it."""

    report: SavedReport
    workspace: Workspace
    owner: Member
    reader: Reader

    @property
    def is_viewer(self) -> bool:
        """Return whether the reader's filters only narrow what was saved."""
        return self.reader not in {"manager", "recipient"}

    @property
    def shows_emails(self) -> bool:
        """Return whether the reader may see the addresses of members: those who see others of the workspace, or all."""
        is_member = self.reader == "member" and members_see_others(self.workspace)
        return self.report.show_emails or self.reader == "manager" or is_member


class SavedReportService:
    """Members have their own saved reports, admins all of the workspace; an operator acts as an admin."""

    def __init__(
        self,
        reports: SavedReports,
        schedules: MailedReports,
        members: WorkspaceMembers,
        accounts: AccountService,
        now: Callable[[], datetime],
    ) -> None:
        self._reports = reports
        self._schedules = schedules
        self._members = members
        self._memberships = Memberships(members, accounts)
        self._now = now

    async def membership(self, workspace_id: int, caller: Principal | None) -> Member:
        """Return the caller as an active member of a workspace; an operator is its owner, and an admin.

        Raises NotAuthenticated without a caller, and WorkspaceNotFound for one that is no active member.
        """
        return await self._memberships.of(workspace_id, caller)

    async def rights(self, workspace_id: int, caller: Principal | None) -> tuple[Member, MemberRights]:
        """Return the caller as an active member, and what that member sees. Raises like `membership`."""
        return await self._memberships.rights(workspace_id, caller)

    async def create(
        self, workspace_id: int, caller: Principal | None, new: SavedChange, owner_login: str = ""
    ) -> SavedReport:
        """Save a report under a new token and return it. Only operators name another owner than themselves.

        Raises like `membership`, and InvalidParameters, ReportTypeMissing and AdminNeeded.
        """
        with audited("create_saved_report", workspace_id=workspace_id, **_who(caller)) as known:
            member, owner = await self._memberships.named(workspace_id, caller, owner_login)
            now = self._now()
            wanted = replace(new, regenerate_token=False)
            report = _signed(changed(blank(workspace_id, owner, now), wanted, member, now), caller, member)
            report = await self._reports.add(report)
            known["report_id"] = report.id
        return report

    async def get(self, workspace_id: int, caller: Principal | None, report_id: int) -> SavedReport:
        """Return a saved report. Raises like `membership`, and NotFound with its `report_id`."""
        member = await self.membership(workspace_id, caller)
        found = await self._visible(workspace_id, member, [report_id])
        if report_id not in found:
            raise NotFound(report_id=str(report_id))
        return found[report_id]

    async def page(self, caller: Principal | None, wanted: SavedReportQuery, page: Page) -> list[SavedReport]:
        """Return saved reports in the order asked for. Raises like `membership`, and InvalidParameters."""
        member = await self.membership(wanted.workspace_id, caller)
        if not 0 <= wanted.skip <= MAX_SKIP:
            raise InvalidParameters.one("skip", f"must be 0 to {MAX_SKIP}")
        if len(wanted.name) > MAX_NAME or not is_plain(wanted.name):
            raise InvalidParameters.one(
                "name", f"must have at most {MAX_NAME} characters, none of them control characters"
            )
        if member.role != Member.ROLE_ADMIN:
            if wanted.user_id not in (None, member.user_id):
                return []
            wanted = replace(wanted, user_id=member.user_id)
        mailed = await self._schedules.members_by_report(wanted.workspace_id)
        if wanted.scheduled is not None:
            ids = frozenset(mailed)
            wanted = replace(wanted, among=ids) if wanted.scheduled else replace(wanted, apart_from=ids)
        return [_told(report, mailed) for report in await self._reports.page(wanted, page)]

    async def update(
        self, workspace_id: int, caller: Principal | None, changes: Sequence[SavedChange]
    ) -> list[SavedReport]:
        """Change saved reports, all or none, and return them in the order given.

        Raises like `create` and `get`; `report_id` of the metadata names the report that is at fault.
        """
        ids = [change.id for change in changes]
        with audited("update_saved_reports", workspace_id=workspace_id, report_ids=ids[:MAX_BATCH], **_who(caller)):
            member = await self.membership(workspace_id, caller)
            check_batch("reports", ids)
            found = await self._visible(workspace_id, member, ids)
            now, pairs = self._now(), []
            for change in changes:
                try:
                    if change.id not in found:
                        raise NotFound
                    before = found[change.id]
                    pairs.append((before, _signed(changed(before, change, member, now), caller, member)))
                except DaybookError as error:
                    error.metadata["report_id"] = str(change.id)
                    raise
            await self._reports.change(pairs)
        return [after for _, after in pairs]

    async def delete(self, workspace_id: int, caller: Principal | None, ids: Sequence[int]) -> list[SavedReport]:
        """Delete saved reports, all or none, and return them as they were.

        Raises like `membership`, DemoAccount, InvalidParameters, and NonexistentEntities with `found_count` and
        `asked_count`.
        """
        named = list(ids[:MAX_BATCH])
        with audited("delete_saved_reports", workspace_id=workspace_id, report_ids=named, **_who(caller)):
            member = await self.membership(workspace_id, caller)
            if caller and caller.user:
                forbid_demo(caller.user)
            check_batch("report_ids", ids)
            found = await self._visible(workspace_id, member, ids)
            if len(found) < len(ids):
                raise NonexistentEntities(found_count=str(len(found)), asked_count=str(len(ids)))
            now = self._now()
            await self._reports.delete(ids, now)
        return [replace(found[one], delete_time=now) for one in ids]

    async def opened(self, token: str, caller: Principal | None) -> Opened:
        """Return the report of a token if the caller may run it (reference section 2).

        Raises TokenInvalid for a malformed token and for a private report of another member, NotFound for an unknown,
        deleted or expired one, NotAuthenticated for a private one without a caller, and OwnerGone when the workspace is
        gone or the owner has left it.
        """
        with audited("run_saved_report", **_who(caller)) as known:
            report = await self._by_token(token)
            known["report_id"] = report.id
            return await self._opened(report, caller)

    async def published(self, token: str) -> Opened:
        """Return the report of a token as a caller without credentials may run it. Raises what `opened` raises."""
        return await self._opened(await self._by_token(token), None)

    async def in_window(self, window: SavedWindow) -> Opened:
        """Return the report of a window as its owner runs it, but with addresses of members where others see them.

        Raises NotFound for a deleted or expired one, and OwnerGone.
        """
        found = await self._reports.by_ids(window.workspace_id, [window.saved_report_id])
        if window.saved_report_id not in found:
            raise NotFound
        opened = await self._opened(found[window.saved_report_id], Principal(None, operator=True))
        return replace(opened, reader="recipient")

    async def _by_token(self, token: str) -> SavedReport:
        if not TOKEN.fullmatch(token):
            raise TokenInvalid
        report = await self._reports.by_token(token.lower())
        if report is None:
            raise NotFound
        return report

    async def _opened(self, report: SavedReport, caller: Principal | None) -> Opened:
        workspace, owner = await asyncio.gather(
            self._members.workspace(report.workspace_id),
            self._members.member(report.workspace_id, user_id=report.user_id),
        )
        if self._is_over(report, owner):
            raise NotFound
        reader = await self._reader(report, caller)
        if not report.public and reader != "manager":
            raise NotAuthenticated if caller is None else TokenInvalid
        if workspace is None or owner is None or owner.inactive:
            raise OwnerGone
        return Opened(report, workspace, owner, reader)

    def _is_over(self, report: SavedReport, owner: Member | None) -> bool:
        zone = ZoneInfo(owner.time_zone) if owner else UTC
        return report.expire_date is not None and self._now().astimezone(zone).date() > report.expire_date

    async def _reader(self, report: SavedReport, caller: Principal | None) -> Reader:
        if caller is None:
            return "stranger"
        if caller.operator:
            return "manager"
        member = await self._members.member(report.workspace_id, user_id=caller.member_id)
        if member is None or (member.inactive and member.user_id != report.user_id):
            return "stranger"
        is_manager = member.role == Member.ROLE_ADMIN or member.user_id == report.user_id
        return "manager" if is_manager else "member"

    async def _visible(self, workspace_id: int, member: Member, ids: Sequence[int]) -> dict[int, SavedReport]:
        found, mailed = await asyncio.gather(
            self._reports.by_ids(workspace_id, ids), self._schedules.members_by_report(workspace_id)
        )
        is_admin = member.role == Member.ROLE_ADMIN
        return {
            one: _told(report, mailed) for one, report in found.items() if is_admin or report.user_id == member.user_id
        }


def _told(report: SavedReport, mailed: Mapping[int, Sequence[int]]) -> SavedReport:
    """Return a report with the members to whom its schedules mail it."""
    return replace(report, scheduled_user_ids=tuple(mailed.get(report.id, ())))


def _signed(report: SavedReport, caller: Principal | None, member: Member) -> SavedReport:
    return replace(report, updated_by=0 if caller and caller.operator else member.user_id)


def _who(caller: Principal | None) -> dict[str, object]:
    """Return the caller for an audit line."""
    if caller is None or caller.user is None:
        return {"operator": caller is not None}
    return {"user_id": caller.user.id}
