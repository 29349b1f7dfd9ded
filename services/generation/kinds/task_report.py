"""Tasks report: kind 42 (reference 7.17)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any, ClassVar, Literal

import numpy as np
from daybook.input.v1.field_service_pb2 import Task
from daybook.report.v1.sheet_pb2 import Column, MapRow, Quantity, Section

from services.generation.domain.columnar import Flags, Floats, Ints
from services.generation.domain.windows import windows_of
from services.generation.inputs.tasks import TASKS
from services.generation.kit import measures
from services.generation.kit.columns import address, full_moment, text
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure, count_of
from services.generation.kit.form_lookup import forms_of_tasks
from services.generation.kit.form_values import answer_columns
from services.generation.kit.groups import Groups
from services.generation.kit.kind import Group, SheetContext, SummaryRow, TrackerKind
from services.generation.kit.landmark_columns import landmark_columns
from services.generation.kit.options import Flag, Options, option
from services.generation.kit.sections import lines_table, table
from services.generation.kit.spots import spots_at
from services.generation.words.catalogue import mark as _
from services.generation.words.numbers import UNKNOWN

TaskStatus = Literal["unassigned", "assigned", "done", "failed", "delayed", "arrived", "faulty"]

TASKS_HEADER = _("Tasks")
STATUSES: Mapping[str, str] = {
    "unassigned": _("Unassigned"),
    "assigned": _("Assigned"),
    "done": _("Done"),
    "failed": _("Failed"),
    "delayed": _("Delayed"),
    "arrived": _("Arrived"),
    "faulty": _("Faulty"),
}
BEHIND_ALL_MS = 4_133_980_800_000  # 2101-01-01, after the latest planned time
NUMBER_QUANTITY = Quantity(kind=Quantity.KIND_NUMBER)
WORDS = {number: name.removeprefix("STATUS_").lower() for name, number in Task.Status.items()}


@dataclass(frozen=True, slots=True)
class TaskRows:
    """Tasks in the order of their planned beginning."""

    tasks: Sequence[Task]

    def __len__(self) -> int:
        return len(self.tasks)

    @property
    def start_ms(self) -> Ints:
        """Planned beginnings."""
        return np.array([one.start_time.ToMilliseconds() for one in self.tasks], np.int64)

    @property
    def end_ms(self) -> Ints:
        """Planned ends."""
        return np.array([one.end_time.ToMilliseconds() for one in self.tasks], np.int64)

    @property
    def arrival_ms(self) -> Floats:
        """Moments of arrival, NaN where unknown."""
        known = (one.arrival_date.ToMilliseconds() if one.HasField("arrival_date") else nan for one in self.tasks)
        return np.fromiter(known, np.float64, len(self))

    @property
    def stay_s(self) -> Floats:
        """Lengths of the stays in seconds, NaN where unknown."""
        known = (one.stay_duration if one.HasField("stay_duration") else nan for one in self.tasks)
        return np.fromiter(known, np.float64, len(self))

    @property
    def statuses(self) -> list[str]:
        """Words of the states."""
        return [WORDS[one.status] for one in self.tasks]


def _count_of_status(status: str, title: str) -> Figure[TaskRows]:
    def values(rows: TaskRows) -> Floats:
        return np.array([one == status for one in rows.statuses], np.float64)

    return Figure(status, title, values, in_rows=False)


NUMBER = Figure[TaskRows]("id", _("Number"), lambda rows: [float(one.id) for one in rows.tasks], whole="none")
STAY = Figure[TaskRows](
    "stay_duration", _("Stay duration"), lambda rows: rows.stay_s, measures.DURATION, "known_sum", in_summary=False
)
COUNT = count_of(TASKS_HEADER)
BY_STATUS = [_count_of_status(status, title) for status, title in STATUSES.items()]


class TaskOptions(Options):
    """Options of the tasks report."""

    statuses: list[TaskStatus] = option(
        [], _("Statuses"), _("Show tasks of these statuses only; of all without any."), labels=STATUSES
    )
    show_external_id: Flag = option(
        False, _("External number"), _("Show the number of each task in another system."), layout=True
    )
    show_description: Flag = option(False, _("Description"), _("Show the description of each task."), layout=True)
    show_forms: Flag = option(False, _("Forms"), _("Show the values of the submitted forms."), layout=True)
    show_places_and_zones: Flag = option(
        False, _("Places and zones"), _("Show the places and the zones that contain the point."), layout=True
    )

    def has_summary(self, entity_count: int) -> bool:
        """Return whether there are two trackers or more."""
        return entity_count > 1


class TaskReport(TrackerKind[TaskOptions, TaskRows]):
    """Tasks of a tracker by the day of their planned beginning, and how many there are of each status."""

    id: ClassVar[int] = 42
    title: ClassVar[str] = _("Tasks report")
    description: ClassVar[str] = _("Tasks by day: what was planned, when and where it was done, and by whom.")
    group: ClassVar[Group] = Group.BUSINESS
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.task"
    ui_module: ClassVar[str] = "Task"
    Options = TaskOptions
    inputs: ClassVar[tuple[str, ...]] = (
        "trackers",
        "tasks",
        "forms",
        "employees",
        "assignments",
        "places",
        "zones",
    )
    all_rows: ClassVar[str] = _("All tasks")

    def figures(self, options: TaskOptions) -> Sequence[Figure[Any]]:
        """Return the counts of the summary sheet."""
        del options
        return [COUNT, *BY_STATUS]

    def rows(self, context: SheetContext[TaskOptions], data: TrackerData) -> TaskRows:
        """Return the tasks whose planned time meets the period, and begins in the daily window."""
        if context.start_ms >= context.end_ms:
            return TaskRows([])
        found = TaskRows(
            sorted(
                data.records(
                    TASKS,
                    tracker_id=data.entity_id,
                    start_time=(0, context.end_ms),
                    end_time=(context.start_ms, BEHIND_ALL_MS),
                ),
                key=lambda one: (one.start_time.ToMilliseconds(), one.id),
            )
        )
        wanted = {*(context.options.statuses or STATUSES)}
        kept = _meets_period(context, found) & np.array([one in wanted for one in found.statuses], np.bool_)
        return TaskRows([found.tasks[place] for place in np.flatnonzero(kept).tolist()])

    def sections(self, context: SheetContext[TaskOptions], data: TrackerData, rows: TaskRows) -> Sequence[Section]:
        """Return the table by day and the number of tasks of each status."""
        language = context.language
        days = Groups.by_day(language, rows.start_ms)
        numbers = [_line(status, language.t(title), rows.statuses.count(status)) for status, title in STATUSES.items()]
        return [
            table(language, language.t(TASKS_HEADER), _columns(context, data, rows), rows, days),
            lines_table(language.t(_("Number of tasks by status")), numbers),
        ]

    def summary_sections(self, context: SheetContext[TaskOptions], rows: Sequence[SummaryRow]) -> Sequence[Section]:
        """Return the table of trackers."""
        return super().summary_sections(context, rows)[:1]


def _meets_period(context: SheetContext[TaskOptions], rows: TaskRows) -> Flags:
    """Return of each task, begun before the period's end, whether it reaches into the period and the daily window."""
    if not len(rows):
        return np.zeros(0, np.bool_)
    start_ms, end_ms = rows.start_ms, rows.end_ms
    reaches = (end_ms > context.start_ms) | (start_ms >= context.start_ms)
    windows = windows_of(int(start_ms[0]), int(start_ms[-1]), context.daily, context.zone)
    met: Flags = reaches & (windows.at(start_ms) >= 0)
    return met


def _line(field: str, name: str, count: int) -> MapRow:
    text = str(count) if count else UNKNOWN
    return MapRow(field=field, name=name, text=text, raw=count, quantity=NUMBER_QUANTITY)


def _columns(context: SheetContext[TaskOptions], data: TrackerData, rows: TaskRows) -> list[Column | Figure[TaskRows]]:
    language, options, tasks = context.language, context.options, rows.tasks
    spots = spots_at(context, data, rows.start_ms, [one.location for one in tasks])
    columns: list[Column | Figure[TaskRows]] = [
        NUMBER,
        text(language, "label", _("Task"), [one.label for one in tasks]),
        text(language, "status", _("Status"), [language.t(STATUSES[one]) for one in rows.statuses]),
        full_moment(language, "from", _("Planned start"), rows.start_ms),
        full_moment(language, "to", _("Planned end"), rows.end_ms),
        full_moment(language, "arrival_date", _("Arrival"), rows.arrival_ms),
        STAY,
        address(language, "address", _("Address"), spots),
        text(language, "employee", _("Employee"), data.employee_names(data.driver_ids_at(rows.start_ms).tolist())),
    ]
    if options.show_external_id:
        external = [one.external_id or UNKNOWN for one in tasks]
        columns.append(text(language, "external_id", _("External number"), external))
    if options.show_description:
        columns.append(text(language, "description", _("Description"), [one.description or UNKNOWN for one in tasks]))
    if options.show_places_and_zones:
        columns += landmark_columns(language, data, spots.lat, spots.lng)
    if options.show_forms:
        forms = forms_of_tasks(data, tasks)
        columns += answer_columns(language, "form_", [forms[one.id] for one in tasks], lambda field: field.label)
    return columns
