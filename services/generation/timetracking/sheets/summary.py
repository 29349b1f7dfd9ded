"""Tables of summaries: for programs a row for each pair of group and sub-group, for people by groups."""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import ClassVar

from daybook.report.v1.sheet_pb2 import Column, Quantity, RowGroup, Table, Total

from services.generation.kit.parts import MAX_ROWS
from services.generation.timetracking.budget import Budget
from services.generation.timetracking.budgets import shows_budgets
from services.generation.timetracking.entries import NONE
from services.generation.timetracking.parameters import SummaryParams
from services.generation.timetracking.sheets import value_columns as columns
from services.generation.timetracking.sheets.budget_columns import budget_cells, budget_columns
from services.generation.timetracking.sheets.part_stream import Body
from services.generation.timetracking.sheets.report_context import ReportContext
from services.generation.timetracking.sheets.value_columns import TOTAL, Sum, data_total, paper_total
from services.generation.timetracking.sheets.value_format import ValueFormat
from services.generation.timetracking.summary_groups import SubGroup, SummaryGroup
from services.generation.words.catalogue import mark as _
from services.runtime.fair_threads import in_thread

DURATION, AMOUNT = _("Duration"), _("Amount")
CLIENT_PROJECT, ENTRIES = _("Client / project"), _("Entries")
BY = {
    "time_entries": _("Description"),
    "tasks": _("Task"),
    "users": _("User"),
    "projects": _("Project"),
    "clients": _("Client"),
    "days": _("Day"),
    "weeks": _("Week"),
    "months": _("Month"),
    "tags": _("Tags"),
    "billable": _("Billable"),
}
BELOW = {"clients": ("client",), "projects": ("project",)}  # groups that tell equal names below them apart
DATA_TITLES = {**BY, "time_entries": "Title"}


@dataclass(frozen=True, slots=True)
class Line:
    """A row: a part of a group, or the group itself where it is not cut or empty. `place` counts its rows from 0."""

    group: SummaryGroup
    part: SubGroup | SummaryGroup
    place: int = 0

    @property
    def is_whole(self) -> bool:
        """Return whether the row is the group itself."""
        return self.part is self.group

    @property
    def is_last(self) -> bool:
        """Return whether no row of the same group follows."""
        return self.is_whole or self.place + 1 == len(self.group.sub_groups)

    @property
    def budget(self) -> Budget | None:
        """Return the budget of the row's project; that of a group stands in its first row."""
        return self.part.budget or (self.group.budget if self.place == 0 else None)


@dataclass(frozen=True, slots=True)
class Data:
    """The columns for programs (reference section 11); their titles are English in all languages."""

    for_programs: ClassVar[bool] = True

    context: ReportContext
    value_format: ValueFormat

    def table(self, lines: Sequence[Line]) -> Table:
        """Return rows as a table."""
        query = self.context.query
        params = query.summary
        made = [columns.text("group", DATA_TITLES[params.grouping], [self._named(line.group) for line in lines])]
        if params.grouping == "projects":
            clients = self.context.names.clients
            made.append(columns.text("client", "Client", [clients.get(line.group.id or 0, "") for line in lines]))
        if not query.summary.collapse:
            made.append(
                columns.text(
                    "title",
                    DATA_TITLES[params.sub_grouping],
                    ["" if line.is_whole else _part_label(self.context, line.part) for line in lines],
                )
            )
        made.append(columns.duration(self.value_format, "duration", "Duration", [line.part.seconds for line in lines]))
        made.extend(self._amounts(lines, currency) for currency in self.context.currencies)
        if shows_budgets(query):
            made.extend(budget_columns(self.value_format, [line.budget for line in lines], str))
        return Table(columns=made, groups=[RowGroup(row_count=len(lines))])

    def total(self) -> Total:
        """Return the total of all rows."""
        return data_total(self.context, self.value_format)

    def _named(self, group: SummaryGroup) -> str:
        """Return a group's name; a project's client stands beside it."""
        return self.context.labelled(self.context.query.summary.grouping, group.id, group.title, ["client"])

    def _amounts(self, lines: Sequence[Line], currency: str) -> Column:
        cents = [line.part.amounts.get(currency) for line in lines]
        return columns.money(self.value_format, f"amount_{currency}", f"Amount ({currency})", cents, currency)


@dataclass(frozen=True, slots=True)
class Paper:
    """The columns for people, in their language: parts under the name of their group, or groups alone."""

    for_programs: ClassVar[bool] = False

    context: ReportContext
    value_format: ValueFormat
    entry_counts: Mapping[int, int] | None = None  # of projects, which are shown beside them
    has_budgets: bool = True  # else the columns of budgets would be empty

    def table(self, lines: Sequence[Line]) -> Table:
        """Return rows as a table."""
        query, t = self.context.query, self.context.t
        if query.summary.collapse:
            title = columns.text("title", t(BY[query.summary.grouping]), [self._named(line.group) for line in lines])
            groups = [RowGroup(row_count=len(lines))]
        else:
            titles = ["" if line.is_whole else self._titled(line.part) for line in lines]
            title = columns.text("title", t(self._parts_title), titles)
            groups = list(self._groups(lines))
        made = [
            title,
            *self._entries(lines),
            columns.duration(self.value_format, "duration", t(DURATION), [line.part.seconds for line in lines]),
        ]
        if self.context.shows_amounts:
            texts = [self.value_format.priced(line.part.amounts) for line in lines]
            made.append(columns.prices("amount", t(AMOUNT), texts))
        if shows_budgets(query) and self.has_budgets:
            in_rows = query.summary.collapse or query.summary.grouping == "clients"
            budgets = [line.budget if in_rows else None for line in lines]
            made.extend(budget_columns(self.value_format, budgets, t))
        return Table(columns=made, groups=groups)

    def total(self) -> Total:
        """Return the total of all rows."""
        return self._total(self.context.totals, self.context.totals.entry_count)

    def _total(self, whole: Sum, entry_count: int) -> Total:
        """Return a total; how many entries it is of stands before the sums."""
        made = paper_total(self.context, self.value_format, TOTAL, whole)
        counted = [] if self.entry_counts is None else [columns.total_number("entries", entry_count)]
        return Total(text=made.text, cells=[*counted, *made.cells])

    @property
    def _parts_title(self) -> str:
        return BY[self.context.query.summary.sub_grouping] if self.entry_counts is None else CLIENT_PROJECT

    def _entries(self, lines: Sequence[Line]) -> Iterator[Column]:
        if self.entry_counts is not None:
            counts = [self.entry_counts.get(line.part.id or NONE, 0) for line in lines]
            number = Quantity(kind=Quantity.KIND_NUMBER)
            yield columns.numbers("entries", self.context.t(ENTRIES), number, map(str, counts), counts)

    def _groups(self, lines: Sequence[Line]) -> Iterator[RowGroup]:
        for _key, some in groupby(lines, key=lambda line: id(line.group)):
            rows = list(some)
            group, last = rows[0].group, rows[-1]
            made = RowGroup(header=self._named(group), row_count=len(rows))
            made.continued, made.unfinished = rows[0].place > 0, not last.is_last
            if last.is_last:
                made.total.CopyFrom(self._total(group, self._entry_count(group)))
                made.total.cells.extend(budget_cells(self.value_format, group.budget))
            yield made

    def _entry_count(self, group: SummaryGroup) -> int:
        counts = self.entry_counts
        return sum(counts.get(part.id or NONE, 0) for part in group.sub_groups) if counts else 0

    def _titled(self, part: SubGroup | SummaryGroup) -> str:
        return self.context.titled(self.context.query.summary.sub_grouping, part.id, _part_label(self.context, part))

    def _named(self, group: SummaryGroup) -> str:
        """Return a group's name, a project's with its client."""
        by = self.context.query.summary.grouping
        label = self.context.labelled(by, group.id, group.title)
        client = self.context.names.clients.get(group.id or 0, "") if by == "projects" else ""
        return self.context.titled(by, group.id, f"{label} ({client})" if client and label == group.title else label)


def _part_label(context: ReportContext, part: SubGroup | SummaryGroup) -> str:
    """Return the name of a part; projects of a client and tasks of a project stand below it."""
    params = context.query.summary
    return context.labelled(params.sub_grouping, part.id, part.title or "", BELOW.get(params.grouping, ()))


def summary(groups: Sequence[SummaryGroup], layout: Data | Paper) -> Body:
    """Return the groups of a summary; there are columns without rows for programs only."""
    if isinstance(layout, Paper):
        has_budgets = any(group.budget or any(part.budget for part in group.sub_groups) for group in groups)
        layout = replace(layout, has_budgets=has_budgets)
    collapse = layout.context.query.summary.collapse
    count = len(groups) if collapse else sum(len(group.sub_groups) or 1 for group in groups)
    return Body(_tables(groups, layout), [layout.total()], count * len(layout.table(()).columns))


def client_table(groups: Sequence[SummaryGroup], context: ReportContext, value_format: ValueFormat) -> Table:
    """Return clients with their projects for people, whatever kind of report the context is of."""
    params = SummaryParams(grouping="clients", sub_grouping="projects", hide_amounts=context.query.hide_amounts)
    report = replace(context.report, query=replace(context.query, params=params))
    layout = Paper(replace(context, report=report), value_format, context.totals.project_entries)
    table = layout.table([*_lines(groups, collapse=False)])
    table.groups.add(total=layout.total())
    table.is_summary = True
    return table


async def _tables(groups: Sequence[SummaryGroup], layout: Data | Paper) -> AsyncGenerator[Table, None]:
    lines = _lines(groups, collapse=layout.context.query.summary.collapse)
    some = list(islice(lines, MAX_ROWS))
    if some or layout.for_programs:
        yield await in_thread(layout.table, some)
    while some := list(islice(lines, MAX_ROWS)):
        yield await in_thread(layout.table, some)


def _lines(groups: Sequence[SummaryGroup], *, collapse: bool) -> Iterator[Line]:
    for group in groups:
        if collapse or not group.sub_groups:
            yield Line(group, group)
        else:
            yield from (Line(group, part, place) for place, part in enumerate(group.sub_groups))
