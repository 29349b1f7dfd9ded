"""Columns of detailed reports by name: for programs, or for people where they were chosen."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Column, Total

from services.generation.timetracking.detailed_rows import NO_ROWS, DetailedRows
from services.generation.timetracking.parameters import COLUMNS
from services.generation.timetracking.sheets import value_columns as columns
from services.generation.timetracking.sheets.entity_labels import each
from services.generation.timetracking.sheets.report_context import ReportContext
from services.generation.timetracking.sheets.value_format import Calendar, ValueFormat, offset_text
from services.generation.words.catalogue import mark as _

TITLES = {
    "user": _("User"),
    "email": _("Email"),
    "client": _("Client"),
    "project": _("Project"),
    "task": _("Task"),
    "description": _("Description"),
    "billable": _("Billable"),
    "start_date": _("Start date"),
    "start_time": _("Start time"),
    "end_date": _("End date"),
    "end_time": _("End time"),
    "duration": _("Duration"),
    "tags": _("Tags"),
    "amount": _("Amount"),
    "entry_id": _("Entry ID"),
    "utc_offset": _("UTC offset"),
}
YES, NO = _("Yes"), _("No")
USUAL = tuple(name for name in COLUMNS if name != "entry_id")
CLOCKS = ("start_time", "end_time")


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns that were chosen, else those of the published file (reference section 11).

    For programs titles and words are English in all languages; for people they are in theirs.
    """

    context: ReportContext
    value_format: ValueFormat
    for_programs: bool = True

    @property
    def shows_ids(self) -> bool:
        """Return whether a column has the ids of entries."""
        return "entry_id" in self._names

    def columns(self, rows: DetailedRows) -> list[Column]:
        """Return the columns of some rows; one of several entries begins with its first and ends with its last."""
        names = self._names
        return [column for name in names for column in self._named(name, rows, names)]

    def total(self) -> Total:
        """Return the total of all rows, in the columns that are shown."""
        whole = columns.data_total(self.context, self.value_format)
        shown = {column.field for column in self.columns(NO_ROWS)}
        cells = [cell for cell in whole.cells if cell.field in shown]
        return Total(text=self._t(whole.text), cells=cells)

    @property
    def _names(self) -> Sequence[str]:
        """Return the columns by name; offsets from UTC follow the last clock where clocks of the report differ."""
        chosen = [*(self.context.query.detailed.columns or USUAL)]
        if not self.for_programs:
            chosen = [name for name in chosen if name not in self._empty] or chosen
        clocks = [place for place, name in enumerate(chosen) if name in CLOCKS]
        if clocks and self.context.totals.several_offsets:
            chosen.insert(clocks[-1] + 1, "utc_offset")
        return chosen

    @property
    def _empty(self) -> Collection[str]:
        """Return the columns in which no row of the report has anything."""
        names, totals = self.context.names, self.context.totals
        values: Mapping[str, Iterable[object]] = {
            "email": (names.emails.get(one) for one in totals.user_seconds),
            "client": (names.clients.get(one) for one in totals.project_seconds),
            "project": (names.projects.get(one) for one in totals.project_seconds),
            "task": (names.tasks.get(one) for one in totals.task_seconds),
            "tags": totals.tag_seconds or [True],  # where they were not read
            "amount": totals.amounts.values(),
        }
        return {name for name, some in values.items() if not any(some)}

    def _t(self, text: str) -> str:
        return text if self.for_programs else self.context.t(text)

    def _named(self, name: str, rows: DetailedRows, beside: Sequence[str]) -> list[Column]:
        if name == "amount":
            return [self._amounts(rows, currency) for currency in self.context.currencies]
        if name in _MOMENTS:
            return [self._moment(name, rows)]
        if name == "duration":
            return [columns.duration(self.value_format, name, self._t(TITLES[name]), rows.seconds.tolist())]
        column = columns.text(name, self._t(TITLES[name]), self._texts(name, rows, beside))
        column.not_in_csv = name == "utc_offset"  # which the published file has not
        return [column]

    def _texts(self, name: str, rows: DetailedRows, beside: Sequence[str]) -> Sequence[str]:
        names, labels = self.context.names, self.context.labels
        made: Mapping[str, Callable[[], Sequence[str]]] = {
            "user": lambda: each(labels.of("users", beside), rows.values("user_id")),
            "email": lambda: each(names.emails, rows.values("user_id")),
            "client": lambda: each(names.clients, rows.values("project_id")),
            "project": lambda: each(labels.of("projects", beside), rows.values("project_id")),
            "task": lambda: each(labels.of("tasks", beside), rows.values("task_id")),
            "description": lambda: rows.values("description"),
            "billable": lambda: [self._t(YES if one else NO) for one in rows.values("billable")],
            "tags": lambda: [names.tags(ids) for ids in rows.values("tag_ids")],
            "entry_id": lambda: rows.entry_id_texts,
            "utc_offset": lambda: [offset_text(ahead) for ahead in rows.start_offset_s.tolist()],
        }
        return made[name]()

    def _moment(self, name: str, rows: DetailedRows) -> Column:
        which, is_start = _MOMENTS[name]
        head = name, self._t(TITLES[name])
        wall_s = rows.start_s if is_start else rows.stop_s
        calendar = self.context.calendar
        if not self.for_programs:
            return columns.moment(calendar, which, head, wall_s)
        return columns.moment(Calendar.for_programs(), which, head, wall_s, calendar.with_seconds)

    def _amounts(self, rows: DetailedRows, currency: str) -> Column:
        priced = zip(rows.shown_cents, rows.currencies, strict=True)
        cents = [number if own == currency else None for number, own in priced]
        title = f"{self._t(TITLES['amount'])} ({currency})"
        return columns.money(self.value_format, f"amount_{currency}", title, cents, currency)


_MOMENTS: Mapping[str, tuple[columns.Which, bool]] = {
    "start_date": ("date", True),
    "start_time": ("time", True),
    "end_date": ("date", False),
    "end_time": ("time", False),
}
