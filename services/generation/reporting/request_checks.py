"""Checks of requests for new reports: parameters, limits, and the records that they name."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from hashlib import sha256
from itertools import chain

from google.protobuf.message import Message
from pydantic import ValidationError

from services.errors import InvalidParameters, NonexistentEntities, SpanTooLong, Violation
from services.errors.reports import FeatureUnavailable, PluginNotFound, TooManyTrackers
from services.generation.accounts.user import User
from services.generation.domain.plain_text import ids_text, is_plain
from services.generation.inputs.employees import EMPLOYEES
from services.generation.inputs.input_kind import Owner
from services.generation.inputs.input_store import InputStore
from services.generation.inputs.registry import find_by_noun
from services.generation.inputs.trackers import TRACKERS
from services.generation.kinds import AnyKind, find_kind
from services.generation.kit.kind import Entity
from services.generation.kit.option_conditions import RecordNames
from services.generation.kit.option_violations import violations
from services.generation.kit.options import NamedRecord, Options, named_records
from services.generation.reporting.period import Period, read_period, read_time_filter
from services.generation.reporting.report import Report
from services.generation.reporting.report_conditions import Subjects, name_of, named_conditions
from services.generation.reporting.report_request import Limits, ReportRequest
from services.generation.words.language import Language
from services.generation.words.locales import is_locale
from services.runtime import tracing
from services.runtime.time_spans import isoformat_days

MAX_TITLE = 100
MAX_REQUEST_ID = 255
UNDIGESTED = {"id", "create_time", "request_id", "request_digest", "trace_parent"}  # what two equal requests differ in


class RequestChecks:
    """Checks that make a report of a request."""

    def __init__(self, inputs: InputStore, limits: Limits, now: Callable[[], datetime]) -> None:
        self._inputs = inputs
        self._limits = limits
        self._now = now

    async def report(self, user: User, request: ReportRequest) -> Report:
        """Return the report that a request asks for, with its conditions.

        Raises InvalidParameters naming each bad parameter, PluginNotFound, SpanTooLong, TooManyTrackers,
        NonexistentEntities, FeatureUnavailable.
        """
        report, options = self._parsed(user, request)
        entities = await self._check_entities(user, report)
        names = await self._check_named(user, list(named_records(options)))
        subjects, language = Subjects(user.login, entities, names), Language.of(report.locale)
        return replace(report, conditions=tuple(named_conditions(report, options, subjects, language)))

    def _parsed(self, user: User, request: ReportRequest) -> tuple[Report, Options]:
        """Return the report without its conditions, and its options."""
        found = _violations(request)
        locale = replace(user.locale, locale=request.locale) if request.locale else user.locale
        period = read_period(request.period_start, request.period_end, user.locale.time_zone, found)
        time_filter = read_time_filter(request.time_filter, found)
        kind, options = _kind(request, found)
        if found or kind is None or options is None or period is None:
            raise InvalidParameters(_named_once(found))
        self._check_span(period, kind)
        entity_ids = kind.entity_ids(options, request.tracker_ids, request.employee_ids)
        by_employees = kind.entity is Entity.EMPLOYEE
        self._check_count(max(len(request.tracker_ids), len(entity_ids)), kind)
        report = Report(
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
            geocoder=request.geocoder,
            include_places_in_address=request.include_places_in_address,
            include_zones_in_address=request.include_zones_in_address,
            type=request.type or "user",
            request_id=request.request_id,
            trace_parent=tracing.trace_parent(),
        )
        return replace(report, request_digest=_digest(report)), options

    def _check_span(self, period: Period, kind: AnyKind) -> None:
        longest = min(self._limits.max_time_span, kind.max_time_span or self._limits.max_time_span)
        if period.civil_length > longest:
            raise SpanTooLong(isoformat_days(longest))

    def _check_count(self, count: int, kind: AnyKind) -> None:
        most = min(self._limits.max_trackers, kind.max_entities or self._limits.max_trackers)
        if count > most:
            field = "employees" if kind.entity is Entity.EMPLOYEE else "trackers"
            raise TooManyTrackers(max_count=str(most)).naming(field, f"must be at most {most}")

    async def _check_entities(self, user: User, report: Report) -> Mapping[int, Message]:
        """Return the entities of a report in their order."""
        if report.employee_ids:
            known = await self._inputs.some(EMPLOYEES, user.account_id, report.employee_ids)
            if missing := set(report.employee_ids) - known.keys():
                raise _nonexistent({"employees": missing})
            return {one: known[one] for one in report.employee_ids}
        trackers = await self._inputs.some(TRACKERS, user.account_id, report.tracker_ids)
        if missing := set(report.tracker_ids) - trackers.keys():
            raise _nonexistent({"trackers": missing})
        if without_reports := ids_text(id_ for id_, tracker in trackers.items() if tracker.no_reports):
            raise FeatureUnavailable(ids=without_reports).naming("trackers", f"are without reports: {without_reports}")
        return {one: trackers[one] for one in report.tracker_ids}

    async def _check_named(self, user: User, named: Sequence[NamedRecord]) -> RecordNames:
        """Return the names of records.

        Raises NonexistentEntities for a record that the account does not have, or that belongs to another one.
        """
        names: dict[tuple[str, int], str] = {}
        for entity in dict.fromkeys(one.entity for one in named):
            kind = find_by_noun(entity)
            if kind is None or kind.owner is not Owner.ACCOUNT:
                continue
            some = [one for one in named if one.entity == entity]
            known = await self._inputs.some(kind, user.account_id, {one.id for one in some})
            if missing := [one for one in some if one.id not in known or not _belongs(known[one.id], one.beside)]:
                raise _nonexistent({f"plugin.{one.option}": _ids_at(missing, one.option) for one in missing})
            names.update({(entity, id_): name_of(record) for id_, record in known.items()})
        return names


def _ids_at(named: Iterable[NamedRecord], option: str) -> list[int]:
    return [one.id for one in named if one.option == option]


def _nonexistent(missing: Mapping[str, Iterable[int]]) -> NonexistentEntities:
    """Return the error that names ids by their parameters."""
    error = NonexistentEntities(ids=ids_text(chain.from_iterable(missing.values())))
    for field, ids in missing.items():
        error = error.naming(field, f"do not exist: {ids_text(ids)}")
    return error


def _digest(report: Report) -> str:
    """Return a digest of what is asked for: the same for the same report however its request was written."""
    asked = {name: value for name, value in asdict(report).items() if name not in UNDIGESTED}
    return sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()


def _belongs(record: Message, beside: Mapping[str, int]) -> bool:
    """Return whether a record has these ids in its fields of these names, as far as it has such fields."""
    fields = record.DESCRIPTOR.fields_by_name
    return all(getattr(record, name) == id_ for name, id_ in beside.items() if name in fields)


def _violations(request: ReportRequest) -> list[Violation]:
    checks = {
        "title": (
            len(request.title) <= MAX_TITLE and is_plain(request.title),
            f"must have at most {MAX_TITLE} plain characters",
        ),
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
    """Return the complaint that a report names no entity, or more than one; sensors are named by its options."""
    name, ids = "trackers", request.tracker_ids
    if kind.entity is Entity.EMPLOYEE:
        name, ids = "employees", request.employee_ids
    if not ids and kind.entity is not Entity.SENSOR:
        return [Violation(name, "must name at least one")]
    return [Violation(name, "must name exactly one")] if kind.max_entities == 1 and len({*ids}) > 1 else []
