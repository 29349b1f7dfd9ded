"""Reports of runs: how each family is begun, and how far it has come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC

from services.errors import DaybookError, NonexistentEntities, NotFound, RequestIdReused
from services.errors.workspaces import OwnerGone, WorkspaceNotFound
from services.generation.accounts.authentication import Principal
from services.generation.accounts.user import REPORTS_RIGHT, User
from services.generation.inputs.employees import EMPLOYEES
from services.generation.inputs.input_store import InputStore
from services.generation.inputs.trackers import TRACKERS
from services.generation.kinds import find_kind
from services.generation.kit.kind import Entity
from services.generation.reporting.report_request import ReportRequest
from services.generation.reporting.report_service import ReportService
from services.generation.schedules.due import Window
from services.generation.schedules.planning import window_of
from services.generation.schedules.run import Run
from services.generation.schedules.schedule import SavedReportRef, Schedule
from services.generation.schedules.schedule_checks import dated
from services.generation.schedules.schedule_words import (
    CANNOT_BE_MADE,
    NO_TRACKERS_LEFT,
    REPORT_CANCELLED,
    REPORT_DELETED,
    RIGHT_MISSING,
    SAVED_REPORT_GONE,
)
from services.generation.timetracking.named_periods import Today
from services.generation.timetracking.query import Run as Reading
from services.generation.timetracking.query import asked_for
from services.generation.timetracking.saved_report_service import SavedReportService
from services.generation.timetracking.time_report import SavedWindow
from services.generation.timetracking.time_report_service import TimeReportService
from services.generation.words.language import Language


class CannotBeMade(Exception):
    """A run's report cannot be made; the text says why in the owner's language."""


@dataclass(frozen=True, slots=True)
class Made:
    """Report of a run as far as it is, its days, and those of its entities that are gone."""

    title: str
    window: Window
    report_id: int = 0
    missing_ids: Sequence[int] = ()
    is_finished: bool = False
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class ReportSources:
    """Maker of the reports of runs; `queued` is called after a report was queued."""

    reports: ReportService
    inputs: InputStore
    saved_reports: SavedReportService
    time_reports: TimeReportService
    queued: Callable[[], None] = field(default=lambda: None)

    async def begin(self, run: Run, schedule: Schedule, owner: User) -> Made:
        """Begin the report of a run; one that was begun before is the same.

        Raises CannotBeMade, TooManyReports while the owner has too many in the making, and Unavailable.
        """
        if isinstance(schedule.spec.report, SavedReportRef):
            return await self._over_time(run, schedule, schedule.spec.report, owner)
        return await self._of_trackers(run, schedule.spec.report, owner)

    async def _of_trackers(self, run: Run, request: ReportRequest, owner: User) -> Made:
        language = Language.of(owner.locale)
        if not owner.may(REPORTS_RIGHT):
            raise CannotBeMade(language.t(RIGHT_MISSING))
        window = run.window or Window(run.due_day, run.due_day)
        kept, missing = await self._present(request, owner)
        if missing and not kept.tracker_ids and not kept.employee_ids:
            raise CannotBeMade(language.t(NO_TRACKERS_LEFT))
        due = run.due.astimezone(UTC).isoformat().replace("+00:00", "Z")
        wanted = replace(dated(kept, window), type="user", request_id=f"schedule:{run.schedule_id}:{due}")
        try:
            report_id = await self._queue(owner, wanted)
        except DaybookError as error:
            if error.retry_after_s is not None:
                raise
            raise CannotBeMade(language.t(CANNOT_BE_MADE).format(reason=_told(error))) from error
        self.queued()
        report = await self.reports.find(Principal(owner), report_id)
        return Made(report.title, window, report_id, missing)

    async def _queue(self, owner: User, request: ReportRequest) -> int:
        """Queue a report; one whose schedule was changed between two tries has a request id of its own."""
        try:
            return await self.reports.queue_scheduled(owner, request)
        except RequestIdReused:
            return await self.reports.queue_scheduled(owner, replace(request, request_id=f"{request.request_id}:2"))

    async def _present(self, request: ReportRequest, owner: User) -> tuple[ReportRequest, Sequence[int]]:
        """Return a request without the entities that are gone, and their ids."""
        if find_kind(request.plugin_id).entity is Entity.EMPLOYEE:
            ids = request.employee_ids
            known = set(await self.inputs.some(EMPLOYEES, owner.account_id, ids))
            kept = replace(request, employee_ids=[one for one in ids if one in known])
        else:
            ids = request.tracker_ids
            known = set(await self.inputs.some(TRACKERS, owner.account_id, ids))
            kept = replace(request, tracker_ids=[one for one in ids if one in known])
        return kept, tuple(dict.fromkeys(one for one in ids if one not in known))

    async def _over_time(self, run: Run, schedule: Schedule, ref: SavedReportRef, owner: User) -> Made:
        language = Language.of(owner.locale)
        try:
            saved = await self.saved_reports.get(ref.workspace_id, Principal(owner), ref.report_id)
            today = Today(run.due_day, owner.locale.first_weekday)
            window = _saved_window(schedule, saved.params, today, fixed=saved.fixed_daterange)
            is_empty = schedule.spec.skip_empty and await self._is_empty(
                SavedWindow(ref.workspace_id, ref.report_id, window.first, window.last), owner
            )
        except (NotFound, OwnerGone, WorkspaceNotFound) as error:
            raise CannotBeMade(language.t(SAVED_REPORT_GONE)) from error
        except DaybookError as error:
            if error.retry_after_s is not None:
                raise
            raise CannotBeMade(language.t(CANNOT_BE_MADE).format(reason=_told(error))) from error
        return Made(saved.name, window, is_finished=True, is_empty=is_empty)

    async def _is_empty(self, source: SavedWindow, owner: User) -> bool:
        async with self.time_reports.opened(source, Principal(owner), "totals", f"account {owner.account_id}") as found:
            return found.totals is not None and found.totals.entry_count == 0

    async def progress(self, run: Run, owner: User) -> Made | None:
        """Return the finished report of a run, None while it is made. Raises CannotBeMade."""
        language = Language.of(owner.locale)
        try:
            report = await self.reports.find(Principal(owner), run.report_id)
        except NotFound as error:
            raise CannotBeMade(language.t(REPORT_DELETED)) from error
        if report.state == "failed":
            raise CannotBeMade(report.failure)
        if report.state == "cancelled":
            raise CannotBeMade(language.t(REPORT_CANCELLED))
        if report.state != "finished":
            return None
        window = run.window or Window(run.due_day, run.due_day)
        return Made(report.title, window, report.id, run.missing_ids, is_finished=True, is_empty=report.is_empty)


def _saved_window(schedule: Schedule, params: dict[str, object], today: Today, *, fixed: bool) -> Window:
    """Return the days of a saved report: its fixed dates, its named period as of the due day, or the schedule's period.

    Raises PeriodNotSupported for a period of an unknown name.
    """
    has_dates = params.get("start_date") is not None or params.get("end_date") is not None
    is_named = params.get("period") is not None and not has_dates
    if fixed or (is_named and not schedule.spec.override_saved_period):
        days = asked_for(params, {}, Reading(today)).days
        return Window(days.first, days.last)
    return window_of(schedule.spec, today.day)


def _told(error: DaybookError) -> str:
    """Return an error's text with its bad fields."""
    fields = "; ".join(f"{one.field} {one.description}" for one in error.violations)
    is_plain = not fields or isinstance(error, NonexistentEntities)
    return str(error) if is_plain else f"{error}: {fields}"
