"""Conditions of a report over tracks: those that follow from the report itself, and those that need names."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from daybook.input.v1.fleet_pb2 import Tracker
from google.protobuf.message import Message
from pydantic import ValidationError

from services.errors.reports import PluginNotFound
from services.generation.kinds import find_kind
from services.generation.kit.option_conditions import RecordNames, option_conditions
from services.generation.kit.options import Options
from services.generation.kit.sections import NO_DATA
from services.generation.reporting.report import Report, TimeFilter
from services.generation.words.catalogue import mark as _
from services.generation.words.conditions import Condition, days_text, listed, period_conditions
from services.generation.words.file_names import file_stem, kind_name
from services.generation.words.language import Language
from services.generation.words.measurement_systems import DEFAULT_SYSTEM

ACCOUNT, TRACKERS, EMPLOYEES = _("Account"), _("Trackers"), _("Employees")
TIME_FILTER, UNITS = _("Time filter"), _("Units")
SYSTEMS = {
    "imperial": _("imperial"),
    "us": _("US"),
    "metric_gal_us": _("metric, US gallons"),
    "nautical": _("nautical"),
}
SHORTEST_STOP, IDLE_SPEED, LONGEST_SILENCE = _("Shortest stop"), _("Speed of movement"), _("Longest time without data")
BY_IGNITION, STOPS_BY = _("by ignition"), _("Stops")
MINUTES = _("min")
DEFAULT_STOP_MINUTES, DEFAULT_IDLE_KMH = 5, 3.0
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Subjects:
    """Records that a report is about: the account's login, its entities by id, the names of others."""

    account: str
    entities: Mapping[int, Message] = field(default_factory=dict)
    names: RecordNames = field(default_factory=dict)


def conditions_of(report: Report, language: Language) -> Iterator[Condition]:
    """Yield all conditions of a report in its language: period, zone and time filter, then those that were stored."""
    yield from period_conditions(period_text(report, language), language)
    if report.time_filter != TimeFilter():
        yield Condition(language.t(TIME_FILTER), _window(report.time_filter, language))
    yield from report.conditions


def named_conditions(report: Report, options: Options, subjects: Subjects, language: Language) -> Iterator[Condition]:
    """Yield the conditions that are stored with a report, as they hold when it is requested."""
    t, records = language.t, [*subjects.entities.values()]
    yield Condition(t(ACCOUNT), subjects.account, plain=True)
    if records:
        title = EMPLOYEES if report.employee_ids else TRACKERS
        yield Condition(t(title), listed(map(name_of, records), language))
    yield from option_conditions(options, subjects.names, language)
    yield from _parking([one for one in records if isinstance(one, Tracker)], language)
    if report.locale.measurement_system != DEFAULT_SYSTEM:
        yield Condition(t(UNITS), t(SYSTEMS[report.locale.measurement_system]))


def name_of(record: Any) -> str:
    """Return the name of a record for readers."""
    if "label" in record.DESCRIPTOR.fields_by_name:
        return str(record.label)
    if "name" in record.DESCRIPTOR.fields_by_name:
        return str(record.name)
    return " ".join(filter(None, (record.first_name, record.middle_name, record.last_name)))


def period_text(report: Report, language: Language) -> str:
    """Return the period in a few words: the days alone where they are whole, else with times of day."""
    zone = ZoneInfo(language.clock.zone)
    start, end = report.from_time.astimezone(zone), report.to_time.astimezone(zone)
    if start.time() == time.min and (end + SECOND).time() == time.min:
        return days_text(start.date(), end.date(), language.locale)
    return f"{moment_text(report.from_time, language)} \N{EN DASH} {moment_text(report.to_time, language)}"


def no_data_text(report: Report, language: Language) -> str:
    """Return the sentence of a report without sheets, in the words of its kind."""
    try:
        return language.t(find_kind(report.plugin_id).no_rows)
    except PluginNotFound:
        return language.t(NO_DATA)


def file_name(report: Report, language: Language) -> str:
    """Return a name for files without suffix: the kind or the caller's title, the only entity, the days."""
    names = [report.title]
    try:
        kind = find_kind(report.plugin_id)
        if report.title == language.t(kind.title):
            names = [kind_name(kind.title, language.t)]
    except PluginNotFound:
        pass
    if len(report.tracker_ids) + len(report.employee_ids) == 1:
        titles = {language.t(TRACKERS), language.t(EMPLOYEES)}
        names += [one.text for one in report.conditions if one.name in titles]
    zone = ZoneInfo(language.clock.zone)
    return file_stem(names, report.from_time.astimezone(zone).date(), report.to_time.astimezone(zone).date())


def account_name(report: Report, language: Language) -> str:
    """Return the account that a report belongs to, empty where it was not noted."""
    return next((one.text for one in report.conditions if one.name == language.t(ACCOUNT)), "")


def all_rows_text(report: Report, language: Language) -> str:
    """Return the name of the table of all rows, in the words of the report's kind; empty where that is not known."""
    try:
        return language.t(find_kind(report.plugin_id).all_rows)
    except PluginNotFound:
        return ""


def is_summary_only(report: Report) -> bool:
    """Return whether the report was asked for without the sheets of single entities."""
    try:
        options = find_kind(report.plugin_id).Options
        return bool(options.model_validate(report.options).is_summary_only)
    except (PluginNotFound, ValidationError):
        return False


def moment_text(moment: datetime, language: Language) -> str:
    """Return a full moment on the reader's clock."""
    return language.clock.moments([moment.timestamp() * 1000])[0]


def _window(window: TimeFilter, language: Language) -> str:
    days = ", ".join(language.clock.weekdays[day - 1] for day in window.weekdays)
    return f"{window.start_time_of_day} \N{EN DASH} {window.end_time_of_day}, {days}"


def _parking(trackers: Sequence[Tracker], language: Language) -> Iterator[Condition]:
    """Yield the rules of stops that differ from the defaults; with names where they do not hold for all trackers."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for tracker in trackers:
        for name, text in _own_rules(tracker, language):
            found[language.t(name)][text].append(tracker.label)
    for name, texts in found.items():
        shown = [
            text if len(labels) == len(trackers) else f"{text} ({listed(labels, language)})"
            for text, labels in texts.items()
        ]
        yield Condition(name, "; ".join(shown))


def _own_rules(tracker: Tracker, language: Language) -> Iterator[tuple[str, str]]:
    rules, minutes = tracker.parking, language.t(MINUTES)
    if rules.HasField("min_idle_minutes") and rules.min_idle_minutes != DEFAULT_STOP_MINUTES:
        yield SHORTEST_STOP, f"{rules.min_idle_minutes} {minutes}"
    if rules.HasField("idle_speed_kmh") and rules.idle_speed_kmh != DEFAULT_IDLE_KMH:
        (speed,) = language.numbers(language.units.speed([rules.idle_speed_kmh]), 1)
        yield IDLE_SPEED, f"{speed} {language.t(language.units.speed_unit)}"
    if rules.HasField("gap_minutes"):
        yield LONGEST_SILENCE, f"{language.numbers([rules.gap_minutes], 1)[0]} {minutes}"
    if rules.ignition_aware:
        yield STOPS_BY, language.t(BY_IGNITION)
