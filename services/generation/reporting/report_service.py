"""Use cases of reports: queueing them after every check, finding, listing, reading and deleting them."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from services.errors import (
    FeatureUnavailable,
    InvalidParameters,
    NonexistentEntities,
    NotFound,
    NotNow,
    PluginNotFound,
    ReportFailed,
    SpanTooLong,
    TooManyTrackers,
    Violation,
)
from services.generation.accounts.audit import audited
from services.generation.accounts.authentication import forbid_demo
from services.generation.accounts.user import User
from services.generation.domain.paging import Page
from services.generation.domain.plain_text import is_plain
from services.generation.inputs.employees import EMPLOYEES
from services.generation.inputs.input_store import InputStore
from services.generation.inputs.trackers import TRACKERS
from services.generation.kinds import AnyKind, find_kind
from services.generation.kit.kind import Entity
from services.generation.kit.options import Options, violations
from services.generation.reporting.period import Period, isoformat_days, read_period, read_time_filter
from services.generation.reporting.report import (
    EVERYTHING,
    UNFINISHED,
    PartSelection,
    Progress,
    Report,
    StoredPart,
    TimeFilter,
)
from services.generation.reporting.report_store import Reports
from services.generation.words.language import Language
from services.generation.words.locales import is_locale
from services.runtime import tracing

MAX_TITLE = 100
MAX_REQUEST_ID = 255
GEOCODERS = ("google", "yandex", "progorod", "osm", "locationiq", "offline")
TYPES = ("user", "service")


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """Request for a new report as it came; empty texts stand for defaults."""

    period_start: str
    period_end: str
    title: str
    plugin_id: int
    options: Mapping[str, Any]
    tracker_ids: Sequence[int]
    employee_ids: Sequence[int]
    time_filter: TimeFilter | None
    geocoder: str
    include_places_in_address: bool
    include_zones_in_address: bool
    type: str
    locale: str
    request_id: str
    unreadable: Sequence[Violation] = ()  # fields that came in a form that cannot be read


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a report's parameters, and the default geocoder."""

    max_time_span: timedelta
    max_trackers: int
    default_geocoder: str


class ReportService:
    """Use cases around reports."""

    def __init__(self, reports: Reports, inputs: InputStore, limits: Limits, now: Callable[[], datetime]) -> None:
        self._reports = reports
        self._inputs = inputs
        self._limits = limits
        self._now = now

    async def queue(self, user: User, request: ReportRequest) -> int:
        """Check everything, queue the report and return its id.

        Raises InvalidParameters naming each bad parameter, PluginNotFound, SpanTooLong, TooManyTrackers,
        NonexistentEntities, FeatureUnavailable, TooManyReports.
        """
        with audited("generate", user_id=user.id, plugin_id=request.plugin_id) as known:
            report = self._report(user, request)
            await self._check_entities(user, report)
            known["report_id"] = report_id = await self._reports.queue(report)
        return report_id

    def _report(self, user: User, request: ReportRequest) -> Report:
        found = _violations(request)
        locale = replace(user.locale, locale=request.locale) if request.locale else user.locale
        period = read_period(request.period_start, request.period_end, user.locale.time_zone, found)
        time_filter = read_time_filter(request.time_filter, found)
        kind, options = _kind(request, found)
        if found or kind is None or options is None or period is None:
            raise InvalidParameters(_named_once(found))
        self._check_span(period, kind)
        entity_ids = kind.entity_ids(options, request.tracker_ids, request.employee_ids)
        most = min(self._limits.max_trackers, kind.max_entities or self._limits.max_trackers)
        if max(len(request.tracker_ids), len(entity_ids)) > most:
            raise TooManyTrackers
        by_employees = kind.entity is Entity.EMPLOYEE
        return Report(
            id=0,
            owner_id=user.id,
            account_id=user.account_id,
            title=request.title if request.title.strip() else Language.of(locale).t(kind.title),
            create_time=self._now(),
            from_time=period.from_time,
            to_time=period.to_time,
            time_filter=time_filter,
            plugin_id=kind.id,
            options=options.model_dump(mode="json"),
            locale=locale,
            tracker_ids=() if by_employees else entity_ids,
            employee_ids=entity_ids if by_employees else (),
            geocoder=request.geocoder or self._limits.default_geocoder,
            include_places_in_address=request.include_places_in_address,
            include_zones_in_address=request.include_zones_in_address,
            type=request.type or "user",
            request_id=request.request_id,
            trace_parent=tracing.trace_parent(),
        )

    def _check_span(self, period: Period, kind: AnyKind) -> None:
        longest = min(self._limits.max_time_span, kind.max_time_span or self._limits.max_time_span)
        if period.civil_length > longest:
            raise SpanTooLong(isoformat_days(longest))

    async def _check_entities(self, user: User, report: Report) -> None:
        if report.employee_ids:
            known = await self._inputs.some(EMPLOYEES, user.account_id, report.employee_ids)
            if set(report.employee_ids) - known.keys():
                raise NonexistentEntities
            return
        trackers = await self._inputs.some(TRACKERS, user.account_id, report.tracker_ids)
        if set(report.tracker_ids) - trackers.keys():
            raise NonexistentEntities
        if any(tracker.no_reports for tracker in trackers.values()):
            raise FeatureUnavailable

    async def find(self, user: User, report_id: int) -> Report:
        """Return one of the user's reports. Raises NotFound."""
        report = await self._reports.find(user.id, report_id)
        if report is None:
            raise NotFound
        return report

    async def page(self, user: User, page: Page) -> list[Report]:
        """Return the user's reports, newest first."""
        return await self._reports.page(user.id, page)

    async def finished(self, user: User, report_id: int) -> Report:
        """Return a report that can be fetched. Raises NotFound, NotNow while it is unfinished, ReportFailed."""
        with audited("download", user_id=user.id, report_id=report_id):
            report = await self.find(user, report_id)
            if report.state in UNFINISHED:
                raise NotNow
            if report.state == "failed":
                raise ReportFailed(report.failure)
        return report

    async def progress(self, user: User, report_id: int) -> Progress:
        """Return the state and the percentage of one of the user's reports. Raises NotFound."""
        progress = await self._reports.progress(user.id, report_id)
        if progress is None:
            raise NotFound
        return progress

    async def parts(
        self, user: User, report: Report, selection: PartSelection = EVERYTHING
    ) -> AsyncGenerator[StoredPart, None]:
        """Yield parts of a finished report in order. Raises NotFound when it is deleted meanwhile, UnknownSchema."""
        count = 0
        async with aclosing(self._reports.parts(report, selection)) as parts:
            async for part in parts:
                count += 1
                yield part
        if selection.sheet_index is None and selection.rows is None:
            if count != report.part_count:
                raise NotFound
        else:
            await self.progress(user, report.id)

    async def delete(self, user: User, report_id: int) -> None:
        """Delete a report; an unfinished one is cancelled. Raises NotFound, DemoAccount."""
        with audited("delete", user_id=user.id, report_id=report_id):
            forbid_demo(user)
            if not await self._reports.remove(user.id, report_id):
                raise NotFound


def _violations(request: ReportRequest) -> list[Violation]:
    checks = {
        "title": (
            len(request.title) <= MAX_TITLE and is_plain(request.title),
            f"must have at most {MAX_TITLE} plain characters",
        ),
        "geocoder": (request.geocoder in ("", *GEOCODERS), f"must be one of {', '.join(GEOCODERS)}"),
        "type": (request.type in ("", *TYPES), f"must be one of {', '.join(TYPES)}"),
        "locale": (
            not request.locale or is_locale(request.locale),
            "must be language or language_COUNTRY, such as ru or en_US",
        ),
        "request_id": (len(request.request_id) <= MAX_REQUEST_ID, f"must have at most {MAX_REQUEST_ID} characters"),
    }
    return [*request.unreadable, *(Violation(name, wanted) for name, (right, wanted) in checks.items() if not right)]


def _named_once(found: Sequence[Violation]) -> list[Violation]:
    """Return the first violation of each parameter; that of an object covers its fields."""
    named: dict[str, Violation] = {}
    for violation in found:
        parents = violation.field.split(".")
        if not any(".".join(parents[:depth]) in named for depth in range(1, len(parents) + 1)):
            named[violation.field] = violation
    return list(named.values())


def _kind(request: ReportRequest, found: list[Violation]) -> tuple[AnyKind | None, Options | None]:
    """Return the kind of report and its options, adding what is wrong with them to `found`."""
    if not request.plugin_id:
        found.append(Violation("plugin.plugin_id", "must name a kind of report"))
        if not request.tracker_ids and not request.employee_ids:
            found.append(Violation("trackers", "must name at least one"))
        return None, None
    try:
        kind = find_kind(request.plugin_id)
    except PluginNotFound:
        if found:
            return None, None
        raise
    found += _unnamed(request, kind)
    try:
        return kind, kind.Options.model_validate(request.options)
    except ValidationError as error:
        found += violations(error, kind.Options)
    return kind, None


def _unnamed(request: ReportRequest, kind: AnyKind) -> list[Violation]:
    """Return the complaint that a report names no entity; sensors are named by its options."""
    match kind.entity:
        case Entity.EMPLOYEE if not request.employee_ids:
            return [Violation("employees", "must name at least one")]
        case Entity.TRACKER if not request.tracker_ids:
            return [Violation("trackers", "must name at least one")]
    return []
