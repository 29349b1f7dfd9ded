"""Saved reports that schedules mail, found among the stored schedules."""

from collections import defaultdict

from services.generation.domain.paging import Page
from services.generation.schedules.schedule import SavedReportRef
from services.generation.schedules.schedule_store import ScheduleFilter, Schedules

PAGE = 100


class ScheduledMembers:
    """Fills the port MailedReports."""

    def __init__(self, schedules: Schedules) -> None:
        self._schedules = schedules

    async def members_by_report(self, workspace_id: int) -> dict[int, list[int]]:
        """Return the members who get mails by saved report of a workspace that has a schedule."""
        found: dict[int, set[int]] = defaultdict(set)
        wanted, page = ScheduleFilter(workspace_id=workspace_id, kind="time"), Page(PAGE)
        while some := await self._schedules.page(wanted, page):
            for one in some:
                if isinstance(one.spec.report, SavedReportRef):
                    found[one.spec.report.report_id] |= {to.user_id for to in one.spec.recipients if to.user_id}
            page = Page(PAGE, (some[-1].id,))
        return {report_id: sorted(members) for report_id, members in found.items()}
