"""Access to schedules: whose a caller may see, and whose it may change."""

from dataclasses import dataclass

from daybook.input.v1.workspace_pb2 import Member

from services.errors import NotAuthenticated, NotFound, NotPermitted, WrongCredentials
from services.errors.workspaces import AdminNeeded
from services.generation.accounts.authentication import USER_CREDENTIALS, Principal
from services.generation.accounts.user import REPORTS_RIGHT, User
from services.generation.schedules.schedule import SavedReportRef, Schedule
from services.generation.schedules.schedule_store import Schedules
from services.generation.timetracking.saved_report_service import SavedReportService


@dataclass(frozen=True, slots=True)
class ScheduleAccess:
    """Users see their own schedules, members those of a workspace's saved reports, operators all."""

    schedules: Schedules
    saved_reports: SavedReportService

    async def visible(self, caller: Principal, schedule_id: int) -> Schedule:
        """Return a schedule that a caller may see.

        Raises NotFound, and NotPermitted for reports by trackers of a user without the right.
        """
        found = await self.schedules.find(schedule_id)
        if found is None:
            raise NotFound
        if caller.operator:
            return found
        user, report = user_of(caller), found.spec.report
        if found.owner_id != user.id:
            if not isinstance(report, SavedReportRef):
                raise NotFound
            try:
                await self.saved_reports.membership(report.workspace_id, caller)
            except NotFound as error:  # not that there is such a workspace
                raise NotFound from error
        elif not isinstance(report, SavedReportRef):
            require_reports_right(user)
        return found

    async def changeable(self, caller: Principal, schedule_id: int) -> Schedule:
        """Return a schedule that a caller may change: its own, one of a workspace that it administers, an operator any.

        Raises like `visible`, and AdminNeeded.
        """
        found = await self.visible(caller, schedule_id)
        report = found.spec.report
        if not caller.operator and found.owner_id != user_of(caller).id and isinstance(report, SavedReportRef):
            member = await self.saved_reports.membership(report.workspace_id, caller)
            if member.role != Member.ROLE_ADMIN:
                raise AdminNeeded
        return found


def user_of(caller: Principal | None) -> User:
    """Return the account that calls. Raises WrongCredentials for an operator, NotAuthenticated without a caller."""
    if caller is None:
        raise NotAuthenticated
    if caller.user is None:
        raise WrongCredentials(USER_CREDENTIALS)
    return caller.user


def require_reports_right(user: User) -> None:
    """Raise NotPermitted for a user who may not make reports."""
    if not user.may(REPORTS_RIGHT):
        raise NotPermitted(right=REPORTS_RIGHT)
