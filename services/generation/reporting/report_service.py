"""Reports: queueing them after every check, finding, listing and deleting them."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from daybook.report.v1.sheet_pb2 import SheetPart
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
from services.generation.inputs.fleet_store import Fleet
from services.generation.kinds import AnyKind, find_kind
from services.generation.kit.kind import Entity
from services.generation.kit.options import Options, violations
from services.generation.reporting.period import Period, isoformat_days, read_period, read_time_filter
from services.generation.reporting.report import UNFINISHED, Report, TimeFilter
from services.generation.reporting.report_store import Reports
from services.generation.words.language import Language
from services.generation.words.locales import is_locale
from services.runtime import tracing

MAX_TITLE = 100
MAX_REQUEST_ID = 255
GEOCODERS = ("google", "yandex", "progorod", "osm", "locationiq", "offline")
TYPES = ("user", "service")


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a new report, as it came; empty texts stand for defaults."""

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
    unreadable: Sequence[Violation] = ()  # what came in a form that could not even be read


@dataclass(frozen=True, slots=True)
class Limits:
    """What a report may ask for."""

    max_time_span: timedelta
    max_trackers: int
    default_geocoder: str


class ReportService:
    """The use cases around reports."""

    def __init__(self, reports: Reports, fleet: Fleet, limits: Limits, now: Callable[[], datetime]) -> None:
        self._reports = reports
        self._fleet = fleet
        self._limits = limits
        self._now = now

    async def queue(self, user: User, ask: Ask) -> int:
        """Check everything, queue the report and return its id.

        Raises InvalidParameters naming each bad parameter, PluginNotFound, SpanTooLong, TooManyTrackers,
        NonexistentEntities, FeatureUnavailable, TooManyReports.
        """
        with audited("generate", user_id=user.id, plugin_id=ask.plugin_id) as known:
            report = self._report(user, ask)
            await self._check_entities(user, report)
            known["report_id"] = report_id = await self._reports.queue(report)
        return report_id

    def _report(self, user: User, ask: Ask) -> Report:
        found = _violations(ask)
        locale = replace(user.locale, locale=ask.locale) if ask.locale else user.locale
        period = read_period(ask.period_start, ask.period_end, user.locale.time_zone, found)
        time_filter = read_time_filter(ask.time_filter, found)
        kind, options = _kind(ask, found)
        if found or kind is None or options is None or period is None:
            raise InvalidParameters(_named_once(found))
        self._check_span(period, kind)
        entity_ids = kind.entity_ids(options, ask.tracker_ids, ask.employee_ids)
        most = min(self._limits.max_trackers, kind.max_entities or self._limits.max_trackers)
        if max(len(ask.tracker_ids), len(entity_ids)) > most:
            raise TooManyTrackers
        by_employees = kind.entity is Entity.EMPLOYEE
        return Report(
            id=0,
            owner_id=user.id,
            account_id=user.account_id,
            title=ask.title if ask.title.strip() else Language.of(locale).t(kind.title),
            create_time=self._now(),
            from_time=period.from_time,
            to_time=period.to_time,
            time_filter=time_filter,
            plugin_id=kind.id,
            options=options.model_dump(mode="json"),
            locale=locale,
            tracker_ids=() if by_employees else entity_ids,
            employee_ids=entity_ids if by_employees else (),
            geocoder=ask.geocoder or self._limits.default_geocoder,
            include_places_in_address=ask.include_places_in_address,
            include_zones_in_address=ask.include_zones_in_address,
            type=ask.type or "user",
            request_id=ask.request_id,
            trace_parent=tracing.trace_parent(),
        )

    def _check_span(self, period: Period, kind: AnyKind) -> None:
        longest = min(self._limits.max_time_span, kind.max_time_span or self._limits.max_time_span)
        if period.civil_length > longest:
            raise SpanTooLong(isoformat_days(longest))

    async def _check_entities(self, user: User, report: Report) -> None:
        if report.employee_ids:
            known = await self._fleet.employees(user.account_id, report.employee_ids)
            if set(report.employee_ids) - known.keys():
                raise NonexistentEntities
            return
        trackers = await self._fleet.trackers(user.account_id, report.tracker_ids)
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
        """Return a report that can be fetched. Raises NotFound, NotNow while it is made, ReportFailed."""
        with audited("download", user_id=user.id, report_id=report_id):
            report = await self.find(user, report_id)
            if report.state in UNFINISHED:
                raise NotNow
            if report.state == "failed":
                raise ReportFailed(report.failure)
        return report

    async def parts(self, report: Report) -> AsyncGenerator[SheetPart, None]:
        """Yield all parts of a finished report in order. Raises NotFound when it is deleted meanwhile."""
        count = 0
        async with aclosing(self._reports.parts(report)) as parts:
            async for part in parts:
                count += 1
                yield part
        if count != report.part_count:
            raise NotFound

    async def delete(self, user: User, report_id: int) -> None:
        """Delete a report; one in the making is cancelled. Raises NotFound, DemoAccount."""
        with audited("delete", user_id=user.id, report_id=report_id):
            forbid_demo(user)
            if not await self._reports.remove(user.id, report_id):
                raise NotFound


def _violations(ask: Ask) -> list[Violation]:
    checks = {
        "title": (
            len(ask.title) <= MAX_TITLE and is_plain(ask.title),
            f"must have at most {MAX_TITLE} plain characters",
        ),
        "geocoder": (ask.geocoder in ("", *GEOCODERS), f"must be one of {', '.join(GEOCODERS)}"),
        "type": (ask.type in ("", *TYPES), f"must be one of {', '.join(TYPES)}"),
        "locale": (
            not ask.locale or is_locale(ask.locale),
            "must be language or language_COUNTRY, such as ru or en_US",
        ),
        "request_id": (len(ask.request_id) <= MAX_REQUEST_ID, f"must have at most {MAX_REQUEST_ID} characters"),
    }
    return [*ask.unreadable, *(Violation(name, wanted) for name, (right, wanted) in checks.items() if not right)]


def _named_once(found: Sequence[Violation]) -> list[Violation]:
    """Return the first complaint about each parameter; one about an object covers what is in it."""
    named: dict[str, Violation] = {}
    for violation in found:
        parents = violation.field.split(".")
        if not any(".".join(parents[:depth]) in named for depth in range(1, len(parents) + 1)):
            named[violation.field] = violation
    return list(named.values())


def _kind(ask: Ask, found: list[Violation]) -> tuple[AnyKind | None, Options | None]:
    """Return the kind of report and its options, adding what is wrong with them to `found`."""
    if not ask.plugin_id:
        found.append(Violation("plugin.plugin_id", "must name a kind of report"))
        if not ask.tracker_ids and not ask.employee_ids:
            found.append(Violation("trackers", "must name at least one"))
        return None, None
    try:
        kind = find_kind(ask.plugin_id)
    except PluginNotFound:
        if found:
            return None, None
        raise
    found += _unnamed(ask, kind)
    try:
        return kind, kind.Options.model_validate(ask.options)
    except ValidationError as error:
        found += violations(error, kind.Options)
    return kind, None


def _unnamed(ask: Ask, kind: AnyKind) -> list[Violation]:
    """Return the complaint that a report names no entity; sensors are named by its options."""
    match kind.entity:
        case Entity.EMPLOYEE if not ask.employee_ids:
            return [Violation("employees", "must name at least one")]
        case Entity.TRACKER if not ask.tracker_ids:
            return [Violation("trackers", "must name at least one")]
    return []
