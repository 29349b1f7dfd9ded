"""Checks of schedules as their owners wish them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from services.errors import DaybookError, InvalidParameters, SpanTooLong, Violation, named_once
from services.generation.accounts.authentication import Principal
from services.generation.accounts.user import User
from services.generation.domain.plain_text import has_plain_lines, is_plain
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.reporting.period import EARLIEST_YEAR, TIME
from services.generation.reporting.report_request import ReportRequest
from services.generation.reporting.request_checks import RequestChecks
from services.generation.schedules.due import PERIOD_FORM, ReportPeriod, Rule, Window
from services.generation.schedules.receiver_checks import AddressChecks, distinct_text, url_fault
from services.generation.schedules.schedule import FORMATS, TIME_FORMATS, Recipient, SavedReportRef, ScheduleSpec
from services.generation.timetracking.named_periods import MAX_DAYS
from services.generation.timetracking.saved_report_service import SavedReportService
from services.runtime.time_spans import isoformat_days

MAX_SUBJECT = 200
MAX_MESSAGE = 2_000
MONTH_DAYS, WEEKDAYS = range(1, 32), range(1, 8)
PARAMETERS = "schedule.parameters"
TIME_FORM = "must be HH:mm, or HH:mm:00"
HOURS, MINUTES = 24, 60


@dataclass(frozen=True, slots=True)
class ScheduleDraft:
    """Wishes as they came; `unreadable` are fields that came in a form that cannot be read.

    A change that does not name the report or its period keeps the report: it is not checked anew, for what has gone
    since is left out of it. One that does not name the webhook does not switch it on again.
    """

    spec: ScheduleSpec
    sending_time: str = ""
    has_report: bool = True
    unreadable: Sequence[Violation] = ()
    keeps_report: bool = False
    keeps_webhook: bool = False


class ScheduleChecks:
    """Checks of everything that a schedule says, by the rules that its report will meet."""

    def __init__(
        self,
        requests: RequestChecks,
        saved_reports: SavedReportService,
        members: WorkspaceMembers,
        addresses: AddressChecks,
        *,
        with_http: bool = False,
    ) -> None:
        self._requests = requests
        self._saved_reports = saved_reports
        self._members = members
        self._addresses = addresses
        self._with_http = with_http

    async def spec(self, caller: Principal, owner: User, draft: ScheduleDraft) -> ScheduleSpec:
        """Return checked wishes, with repeats of recipients and formats dropped.

        Raises InvalidParameters naming each bad field, what GenerateReport and SavedReportService.get raise about the
        report, and SpanTooLong when the longest period of a run passes the limit of the report.
        """
        found = [*draft.unreadable]
        spec = self._own_fields(draft, found)
        if not draft.keeps_report:
            spec = await self._named(caller, spec)
        recipients = await self._recipients(spec, found)
        period = ReportPeriod.read(spec.period)
        if not draft.has_report:
            found.append(Violation(f"{PARAMETERS}.report", "must be given"))
        elif period is not None and not draft.keeps_report:
            await self._check_report(owner, spec.report, period.longest(), found)
        if found:
            raise InvalidParameters(named_once(found))
        return replace(spec, recipients=recipients)

    async def _named(self, caller: Principal, spec: ScheduleSpec) -> ScheduleSpec:
        """Return wishes with the name of their saved report, which comes first: others learn nothing of a workspace."""
        if not isinstance(spec.report, SavedReportRef):
            return spec
        saved = await self._saved_reports.get(spec.report.workspace_id, caller, spec.report.report_id)
        return replace(spec, report=replace(spec.report, name=saved.name))

    async def _check_report(
        self, owner: User, report: ReportRequest | SavedReportRef, longest: Window, found: list[Violation]
    ) -> None:
        """Check a report over the longest period; its bad fields are told beside the others."""
        try:
            if not isinstance(report, SavedReportRef):
                await self._requests.report(owner, dated(report, longest))
            elif longest.days > MAX_DAYS + 1:
                raise SpanTooLong(isoformat_days(timedelta(days=MAX_DAYS + 1)))
        except InvalidParameters as error:
            found += [replace(one, field=f"{PARAMETERS}.report.{one.field}") for one in error.violations]
        except DaybookError as error:
            if found:
                raise InvalidParameters(named_once(found)) from error
            error.violations = tuple(replace(one, field=f"{PARAMETERS}.report.{one.field}") for one in error.violations)
            raise

    def _own_fields(self, draft: ScheduleDraft, found: list[Violation]) -> ScheduleSpec:
        spec = draft.spec
        if ReportPeriod.read(spec.period) is None:
            found.append(Violation(f"{PARAMETERS}.period", PERIOD_FORM))
        found += _rule_violations(spec.rule)
        sending_time = read_time(draft.sending_time)
        if sending_time is None:
            found.append(Violation(f"{PARAMETERS}.sending_time", TIME_FORM))
        allowed = TIME_FORMATS if isinstance(spec.report, SavedReportRef) else FORMATS
        if set(spec.formats) - set(allowed):
            found.append(Violation(f"{PARAMETERS}.email_format", f"must be one of {', '.join(allowed)}"))
        if len(spec.subject) > MAX_SUBJECT or not is_plain(spec.subject):
            found.append(Violation("schedule.subject", f"must have at most {MAX_SUBJECT} characters in one line"))
        if len(spec.message) > MAX_MESSAGE or not has_plain_lines(spec.message):
            found.append(Violation("schedule.message", f"must have at most {MAX_MESSAGE} plain characters"))
        if spec.webhook_url and (wrong := url_fault(spec.webhook_url, with_http=self._with_http)):
            found.append(Violation("schedule.webhook.url", wrong))
        rule = replace(
            spec.rule,
            weekdays=tuple(sorted(set(spec.rule.weekdays))),
            month_days=tuple(sorted(set(spec.rule.month_days))),
        )
        formats = tuple(dict.fromkeys(spec.formats)) or ("pdf",)
        return replace(spec, rule=rule, sending_time=sending_time or time(0), formats=formats)

    async def _recipients(self, spec: ScheduleSpec, found: list[Violation]) -> Sequence[Recipient]:
        """Return the recipients without repeats, their addresses normalised; none where they are too many."""
        distinct = {(one.user_id, distinct_text(one.email)) for one in spec.recipients}
        if self._addresses.are_too_many(distinct, f"{PARAMETERS}.emails", found):
            return ()
        emails = {place: one.email for place, one in enumerate(spec.recipients) if not one.user_id}
        addresses = self._addresses.checked(emails.values(), f"{PARAMETERS}.emails", found)
        kept = [Recipient(email=address) for address in addresses]
        workspace_id = spec.report.workspace_id if isinstance(spec.report, SavedReportRef) else 0
        for place, one in enumerate(spec.recipients):
            if not one.user_id:
                continue
            member = await self._members.active_member(workspace_id, one.user_id) if workspace_id else None
            if member is None or not self._addresses.is_address(member.email):
                wanted = "must be an active member of the workspace with an e-mail address"
                found.append(Violation(f"schedule.recipients[{place}].user_id", wanted))
            kept.append(Recipient(user_id=one.user_id))
        return tuple(dict.fromkeys(kept))


def read_time(text: str) -> time | None:
    """Return a time of day in whole minutes, None for another form; empty for midnight."""
    match = TIME.fullmatch(text.strip() or "00:00:00")
    if match is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    return time(hour, minute) if hour < HOURS and minute < MINUTES and second == 0 else None


def dated(request: ReportRequest, window: Window) -> ReportRequest:
    """Return a request over whole local days; nothing is recorded before the earliest year of periods."""
    first = max(window.first, date(EARLIEST_YEAR, 1, 1))
    return replace(request, period_start=f"{first} 00:00:00", period_end=f"{window.last} 23:59:59")


def require_undated(request: ReportRequest) -> list[Violation]:
    """Return the violations of a schedule's request that names dates or a request id of its own."""
    named = {"from": request.period_start, "to": request.period_end, "request_id": request.request_id}
    field = f"{PARAMETERS}.report"
    return [Violation(f"{field}.{name}", "must be left out") for name, value in named.items() if value]


def _rule_violations(rule: Rule) -> Iterator[Violation]:
    kinds = sum(map(bool, (rule.weekdays, rule.month_days, rule.first_day_of_week)))
    if kinds != 1:
        yield Violation(f"{PARAMETERS}.schedule", "must name weekdays or month_days, at least one")
    if set(rule.weekdays) - set(WEEKDAYS):
        yield Violation(f"{PARAMETERS}.schedule.weekdays", "must be some of 1 (Monday) to 7 (Sunday)")
    if set(rule.month_days) - set(MONTH_DAYS):
        yield Violation(f"{PARAMETERS}.schedule.month_days", "must be some of 1 to 31")
