"""Context of a sheet: a report with its totals, the names in it and its language."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from daybook.input.v1.workspace_pb2 import Client, Project

from services.generation.timetracking.group_keys import BILLABLE_TITLES, PERIODS
from services.generation.timetracking.query import TimeReportQuery
from services.generation.timetracking.sheets.entity_labels import MARK_COLUMNS, EntityLabels, Names
from services.generation.timetracking.sheets.value_format import Calendar
from services.generation.timetracking.time_report import TimeReport
from services.generation.timetracking.totals import Totals
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language
from services.generation.words.period_texts import day_text, month_text, week_text

WITHOUT = {  # labels where there is no name
    "time_entries": _("Without description"),
    "tasks": _("Without task"),
    "projects": _("Without project"),
    "clients": _("Without client"),
    "users": _("Without a name"),
    "tags": _("Without tags"),
}
BILLABLE_WORDS = dict(zip(BILLABLE_TITLES, (_("Billable"), _("Non-billable")), strict=True))
PERIOD_TEXTS = {"days": day_text, "weeks": week_text}


ARCHIVED = _("{name} (archived)")


@dataclass(frozen=True, slots=True)
class ReportContext:
    """Report with everything that a sheet of it needs."""

    report: TimeReport
    totals: Totals
    names: Names
    language: Language
    labels: EntityLabels

    @classmethod
    def of(cls, report: TimeReport) -> Self:
        """Return the context of a report. Raises ValueError without totals, which every sheet shows."""
        if report.totals is None:
            raise ValueError("sheets need the totals of a report")
        names = Names.of(report.directory)
        labels = EntityLabels.of_report(names, report.query, report.totals, report.directory)
        return cls(report, report.totals, names, Language.of(report.locale), labels)

    @property
    def calendar(self) -> Calendar:
        """Return the formats of dates and times for people."""
        return Calendar.for_paper(self.query.params, self.report.locale)

    @property
    def query(self) -> TimeReportQuery:
        """Return the query of the report."""
        return self.report.query

    @property
    def t(self) -> Callable[[str], str]:
        """Return the translation of msgids into the reader's language."""
        return self.language.t

    def labelled(self, by: str, one: int | None, title: str, beside: Collection[str] = ()) -> str:
        """Return the title of a summary's group; equal names are told apart as in `EntityLabels.of`."""
        return self.labels.of(by, beside).get(one or 0, title) if by in MARK_COLUMNS else title

    def titled(self, by: str, one: int | None, title: str) -> str:
        """Return the title of a summary's group for people: time in their language, a name and what marks it."""
        if by in PERIODS:
            if by == "months":
                return month_text(date.fromisoformat(f"{title}-01"), self.language.locale)
            return PERIOD_TEXTS[by](date.fromisoformat(title), self.language.locale)
        if by == "billable":
            return self.t(BILLABLE_WORDS[title])
        return self.marked(by, one, title or self.t(WITHOUT[by]))

    def marked(self, by: str, one: int | None, name: str) -> str:
        """Return the name of a group for people: it says of a project or a client that it is archived."""
        directory = self.report.directory
        known: Mapping[int, Client | Project] = directory.projects if by == "projects" else directory.clients
        found = known.get(one or 0) if by in ("projects", "clients") else None
        is_archived = found is not None and found.archived
        return self.t(ARCHIVED).format(name=name) if is_archived else name

    @property
    def shows_amounts(self) -> bool:
        """Return whether paper has a column of amounts: not where they are hidden, nor where there are none."""
        return bool(self.totals.amounts) and not self.query.hide_amounts

    @property
    def currencies(self) -> Sequence[str]:
        """Return the currencies that have a column for programs: none where amounts are hidden, else at least one."""
        if self.query.hide_amounts:
            return ()
        return self.totals.currencies or (self.report.directory.workspace.currency_code,)
