"""Conditions of reports over time entries: workspace, period, filters by name, rounding and hidden amounts."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from services.generation.timetracking.query import TimeReportQuery
from services.generation.timetracking.sheets.report_context import WITHOUT, ReportContext
from services.generation.timetracking.sheets.value_format import clock_text
from services.generation.words.catalogue import mark as _
from services.generation.words.conditions import Condition, days_text, listed, period_conditions

WORKSPACE = _("Workspace")
FILTERS: Mapping[str, str] = {
    "user_ids": _("Users"),
    "group_ids": _("Groups"),
    "client_ids": _("Clients"),
    "project_ids": _("Projects"),
    "task_ids": _("Tasks"),
    "tag_ids": _("Tags"),
}
WITHOUT_TAGS = _("Without tags")
NAMELESS = {
    "client_ids": WITHOUT["clients"],
    "project_ids": WITHOUT["projects"],
    "task_ids": WITHOUT["tasks"],
    "tag_ids": WITHOUT_TAGS,
}
TIME_ENTRIES, DESCRIPTION = _("Time entries"), _("Description contains")
BILLABLE, BILLABLE_ONLY, OTHERS_ONLY = _("Billable"), _("billable only"), _("non-billable only")
ROUNDED_TO = _("rounded to the nearest {minutes} min")
ROUNDING, ROUNDED_UP, ROUNDED_DOWN = _("Rounding"), _("rounded up to {minutes} min"), _("rounded down to {minutes} min")
EACH_SUM = _("each sum once")
LENGTH, AT_LEAST, AT_MOST = _("Duration"), _("at least {time}"), _("at most {time}")
AMOUNTS, HIDDEN = _("Amounts"), _("amounts hidden")
SENT = _("Other than saved")
PERIOD_PARAMETERS = ("start_date", "end_date", "period")
NAMES: Mapping[str, str] = {  # of parameters in the line about those that the caller sent; files show no others
    **FILTERS,
    **dict.fromkeys(PERIOD_PARAMETERS, _("Period")),
    "time_entry_ids": TIME_ENTRIES,
    "description": DESCRIPTION,
    "billable": BILLABLE,
    "rounding": ROUNDING,
    "rounding_minutes": ROUNDING,
    "rounding_scope": ROUNDING,
    "min_duration_seconds": LENGTH,
    "max_duration_seconds": LENGTH,
    "hide_amounts": AMOUNTS,
    "calculate": _("Values"),
    "columns": _("Columns"),
    **dict.fromkeys(("grouping", "sub_grouping", "grouped", "group_by_task", "collapse"), _("Grouping")),
    **dict.fromkeys(("order_by", "order_dir"), _("Order")),
    **dict.fromkeys(("duration_format", "date_format", "hour_format", "cents_separator", "display_mode"), _("Formats")),
    **dict.fromkeys(("hide_rates", "distinguish_rates"), _("Rates")),
    "show_budgets": _("Budget"),
    "audit": _("Audit"),
}


def conditions_of(context: ReportContext) -> Iterator[Condition]:
    """Yield the conditions of a report in the reader's language; what is at its default is left out."""
    query, t, days = context.query, context.t, context.query.days
    params = query.params
    yield Condition(t(WORKSPACE), context.report.directory.workspace.name, plain=True)
    yield from period_conditions(days_text(days.first, days.last, context.language.locale), context.language)
    if params.billable is not None:
        yield Condition(t(BILLABLE), t(BILLABLE_ONLY if params.billable else OTHERS_ONLY), plain=True)
    yield from _filters(context)
    if params.time_entry_ids:
        yield Condition(t(TIME_ENTRIES), str(len(params.time_entry_ids)))
    if params.description:
        yield Condition(
            t(DESCRIPTION), f"\N{LEFT DOUBLE QUOTATION MARK}{params.description}\N{RIGHT DOUBLE QUOTATION MARK}"
        )
    yield from _durations(query, t)
    if query.hide_amounts:
        yield Condition(t(AMOUNTS), t(HIDDEN), plain=True)
    sent = dict.fromkeys(t(NAMES[name]) for name in query.sent if name in NAMES and name in type(params).model_fields)
    if sent:
        yield Condition(t(SENT), ", ".join(sent))


def _filters(context: ReportContext) -> Iterator[Condition]:
    """Yield the filters by ids, with the names that these have."""
    directory, t = context.report.directory, context.t
    names: Mapping[str, Mapping[int, str]] = {
        "user_ids": context.labels.of("users"),
        "group_ids": _named(directory.groups),
        "client_ids": _named(directory.clients),
        "project_ids": context.labels.of("projects"),
        "task_ids": context.labels.of("tasks"),
        "tag_ids": _named(directory.tags),
    }
    for parameter, title in FILTERS.items():
        ids: tuple[int | None, ...] = getattr(context.query.params, parameter) or ()
        if context.query.viewer:  # who is told no names that the report does not have
            ids = tuple(one for one in ids if one is None or one in names[parameter]) or ids
        shown = (t(NAMELESS[parameter]) if one is None else names[parameter].get(one, str(one)) for one in ids)
        if ids:
            yield Condition(t(title), listed(shown, context.language))


def _named(records: Mapping[int, Any]) -> Mapping[int, str]:
    return {id_: record.name for id_, record in records.items()}


def _durations(query: TimeReportQuery, t: Callable[[str], str]) -> Iterator[Condition]:
    """Yield rounding, where it changes something, and the bounds of durations."""
    params = query.params
    if params.rounding and params.rounding_minutes:
        text = {1: ROUNDED_UP, 2: ROUNDED_TO}.get(params.rounding, ROUNDED_DOWN)
        said = t(text).format(minutes=params.rounding_minutes)
        once = f", {t(EACH_SUM)}" if params.rounding_scope == "group" else ""
        yield Condition(t(ROUNDING), said + once, plain=True)
    bounds = (AT_LEAST, params.min_duration_seconds), (AT_MOST, params.max_duration_seconds)
    texts = [t(words).format(time=clock_text(seconds)) for words, seconds in bounds if seconds is not None]
    if texts:
        yield Condition(t(LENGTH), ", ".join(texts))
