"""Query of a report over time entries: its parameters, saved and given ones in one, and its days."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from services.errors import InvalidParameters, Violation
from services.errors.workspaces import ReportTypeMissing
from services.generation.inputs.member_rights import MemberRights
from services.generation.timetracking.named_periods import Today, days_of
from services.generation.timetracking.parameters import (
    DetailedParams,
    Params,
    ReportType,
    SummaryParams,
    WeeklyParams,
    checked,
)
from services.generation.timetracking.periods import Days
from services.generation.timetracking.saved_dates import moved, saved_range, within
from services.generation.timetracking.viewer_parameters import FILTERS, in_effect, viewers_body

DATES = ("start_date", "end_date")
TIMES = (*DATES, "period")
HIDING = ("hide_amounts", "hide_rates")
PAGING = ("page_size", "first_id", "first_row_number", "first_timestamp")
SAVED_TYPES: tuple[ReportType, ...] = ("detailed", "summary", "weekly")


@dataclass(frozen=True, slots=True)
class TimeReportQuery:
    """Checked parameters of a report, and the days that they stand for."""

    params: Params
    days: Days
    enriched: bool = True  # names beside ids
    sent: tuple[str, ...] = ()  # parameters of the body that hold other values than the saved ones
    narrowings: tuple[Params, ...] = ()  # whose filters must all keep an entry, in place of those of `params`
    viewer: bool = False  # neither the owner of the saved report nor an admin reads it
    judged: "TimeReportQuery | None" = None  # as saved, by which a saved audit chooses groups
    only_user_id: int = 0  # of the only member whose entries are kept, where the one that is asked sees no others

    @property
    def report_type(self) -> ReportType:
        """Return the kind of report."""
        return self.params.report_type

    @property
    def filters(self) -> tuple[Params, ...]:
        """Return the parameters whose filters must all keep an entry."""
        own = (Params().model_copy(update={"user_ids": (self.only_user_id,)}),) if self.only_user_id else ()
        return (*(self.narrowings or (self.params,)), *own)

    @property
    def detailed(self) -> DetailedParams:
        """Return the parameters of a detailed report."""
        return cast("DetailedParams", self.params)

    @property
    def summary(self) -> SummaryParams:
        """Return the parameters of a summary."""
        return cast("SummaryParams", self.params)

    @property
    def weekly(self) -> WeeklyParams:
        """Return the parameters of a weekly report."""
        return cast("WeeklyParams", self.params)

    @property
    def in_money(self) -> bool:
        """Return whether a week shows amounts in the place of time."""
        return isinstance(self.params, WeeklyParams) and self.params.calculate == "amounts" and not self.hide_amounts

    @property
    def hide_amounts(self) -> bool:
        """Return whether amounts are hidden."""
        return self.params.hide_amounts

    @property
    def hide_rates(self) -> bool:
        """Return whether rates are hidden."""
        return isinstance(self.params, SummaryParams) and self.params.hide_rates

    @property
    def effective_params(self) -> dict[str, Any]:
        """Return the parameters as JSON has them, with defaults and the days really used."""
        dumped = self.params.model_dump(exclude_none=True)
        values = {name: list(value) if isinstance(value, tuple) else value for name, value in dumped.items()}
        days = {"start_date": self.days.first.isoformat(), "end_date": self.days.last.isoformat()}
        return {"report_type": self.report_type, **values, **days}


@dataclass(frozen=True, slots=True)
class Run:
    """Circumstances of a run: what is run, by whom, and when."""

    today: Today
    report_type: ReportType | None = None  # of a workspace's report; a saved one says its own
    fixed_daterange: bool = False
    viewer: bool = False
    export: bool = False
    rights: MemberRights | None = None  # of the owner of a saved report, else of the caller; None for all


def _all_checked(kind: ReportType, *given: Mapping[str, Any]) -> list[Params]:
    """Return the parameters of each mapping. Raises InvalidParameters naming all that are wrong in any."""
    found, wrong = [], list[Violation]()
    for values in given:
        try:
            found.append(checked(kind, values))
        except InvalidParameters as error:
            wrong += error.violations
    if wrong:
        raise InvalidParameters(wrong)
    return found


def resolve(saved: Mapping[str, Any] | None, body: Mapping[str, Any], run: Run) -> TimeReportQuery:
    """Return what `asked_for` returns, within the rights of the member whose view of the workspace a report shows."""
    query = asked_for(saved, body, run)
    return query if run.rights is None else _within(query, run.rights)


def _within(query: TimeReportQuery, rights: MemberRights) -> TimeReportQuery:
    """Return a query without amounts, or for the member's own entries only, where the member sees no others."""
    params = query.params if rights.amounts else query.params.model_copy(update={"hide_amounts": True})
    judged = query.judged and _within(query.judged, rights)
    return replace(query, params=params, judged=judged, only_user_id=0 if rights.others else rights.user_id)


def asked_for(saved: Mapping[str, Any] | None, body: Mapping[str, Any], run: Run) -> TimeReportQuery:
    """Return what is asked for by parameters: defaults, over them the saved ones, over them those of the body.

    The report type is the one given (a workspace's report), else the saved one. A null in the body takes a saved value
    away, but what was saved as hidden stays hidden; unknown parameters and those of other kinds of reports are ignored.
    With `fixed_daterange` the dates of the body are, too, unless it is a viewer's: then they must lie within. The
    filters of a viewer narrow the saved ones. An export has all rows, so that it ignores paging.

    Raises ReportTypeMissing, InvalidParameters naming all that are wrong or "params" when none came for a workspace's
    report, PeriodNotSupported, and StartDateMissing for an export without a first day or period.
    """
    under = saved or {}
    kind = run.report_type or _saved_type(under)
    if run.report_type is not None and all(value is None for value in body.values()):
        raise InvalidParameters.one("params", "At least one parameter must be set")
    given = viewers_body(under, body) if run.viewer else body
    filters = {name: given[name] for name in FILTERS if name in given} if run.viewer else {}
    over = {name: value for name, value in given.items() if name not in filters}
    values = _merged(under, over, fixed_daterange=run.fixed_daterange)
    if run.export:
        values = {name: value for name, value in values.items() if name not in PAGING}
    params, narrowing = _all_checked(kind, values, filters)
    dates = _dates(under, over, run, kind)
    if dates is not None:
        params = params.model_copy(update={"start_date": dates.first, "end_date": dates.last, "period": None})
    days = days_of(
        params.start_date,
        params.end_date,
        params.period,
        run.today,
        export=run.export,
        weekly=kind == "weekly",
    )
    enriched = run.report_type is None or run.export or (isinstance(params, DetailedParams) and params.enrich_response)
    if not run.viewer:
        return TimeReportQuery(params, days, enriched, _sent(saved, body, values))
    shown = params.model_copy(update=in_effect(params, narrowing))
    sent = _sent(under, over, values)
    sent += tuple(name for name in sorted(filters) if getattr(shown, name) != getattr(params, name))
    return TimeReportQuery(
        shown, days, enriched, sent, narrowings=(params, narrowing), viewer=True, judged=_judged(under, kind, days)
    )


def _judged(saved: Mapping[str, Any], kind: ReportType, days: Days) -> TimeReportQuery | None:
    """Return a summary as it was saved with its audit, over the days of the run; None without an audit."""
    if kind != "summary" or saved.get("audit") is None:
        return None
    return TimeReportQuery(checked(kind, _without_nulls(saved)), days)


def _dates(saved: Mapping[str, Any], given: Mapping[str, Any], run: Run, kind: ReportType) -> Days | None:
    """Return the days that the body's dates and the saved ones make together; None where each holds by itself."""
    sent = checked(kind, _without_nulls(_only(given, TIMES)))
    stored = checked(kind, _without_nulls(_only(saved, TIMES)))
    is_dated = any(value is not None for value in (sent.start_date, sent.end_date))
    if run.fixed_daterange:
        if not run.viewer or not (is_dated or sent.period):
            return None
        known = saved_range(stored, run.today) or days_of(None, None, None, run.today, export=False, weekly=False)
        return within(known, sent, weekly=kind == "weekly", today=run.today)
    if not is_dated or any(name in given and given[name] is None for name in TIMES):
        return None
    if sent.period or None not in (sent.start_date, sent.end_date):
        return None
    found = saved_range(stored, run.today)
    return found and moved(found, sent.start_date, sent.end_date)


def _only(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _without_nulls(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def check_saved(params: Mapping[str, Any]) -> None:
    """Check parameters that are to be saved. Whether the API knows a named period is found out when they are run.

    Raises ReportTypeMissing, and InvalidParameters with names such as `params.rounding`.
    """
    checked(_saved_type(params), _without_nulls(params), "params.")


def _saved_type(saved: Mapping[str, Any]) -> ReportType:
    found = saved.get("report_type")
    for known in SAVED_TYPES:
        if found == known:
            return known
    raise ReportTypeMissing


def _sent(saved: Mapping[str, Any] | None, body: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the parameters of the body that changed what was saved, by name; none without a saved report."""
    if saved is None:
        return ()
    return tuple(sorted(name for name in body if values.get(name) != saved.get(name)))


def _merged(saved: Mapping[str, Any], body: Mapping[str, Any], *, fixed_daterange: bool) -> dict[str, Any]:
    """Return the parameters that hold, without nulls. Dates win over a named period, and the body's over the saved."""
    fixed = {name for name in HIDING if saved.get(name) is True} | ({*TIMES} if fixed_daterange else set())
    given = {name: value for name, value in body.items() if name not in fixed}
    under = dict(saved)
    if given.get("period") is not None:
        under = {name: value for name, value in under.items() if name not in DATES}
    merged = {name: value for name, value in {**under, **given}.items() if value is not None}
    if any(name in merged for name in DATES):
        merged.pop("period", None)
    return merged
