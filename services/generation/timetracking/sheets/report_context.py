"""What a sheet is about: a report with its totals, the names in it and the language it is written in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from services.generation.timetracking.computation.query import TimeReportQuery
from services.generation.timetracking.computation.results import Totals
from services.generation.timetracking.sheets.entity_labels import Names
from services.generation.timetracking.time_report import TimeReport
from services.generation.words.language import Language


@dataclass(frozen=True, slots=True)
class ReportContext:
    """A report on its way to a sheet."""

    report: TimeReport
    totals: Totals
    names: Names
    language: Language

    @classmethod
    def of(cls, report: TimeReport) -> Self:
        """Return a report as a subject. Raises ValueError for one without totals: no sheet can do without them."""
        if report.totals is None:
            raise ValueError("sheets need the totals of a report")
        return cls(report, report.totals, Names.of(report.directory), Language.of(report.locale))

    @property
    def ask(self) -> TimeReportQuery:
        """What was asked for."""
        return self.report.ask

    @property
    def t(self) -> Callable[[str], str]:
        """Turns a msgid into the reader's language."""
        return self.language.t

    @property
    def currencies(self) -> Sequence[str]:
        """The currencies with a column of amounts for programs: none where amounts are hidden, else at least one."""
        if self.ask.hide_amounts:
            return ()
        return self.totals.currencies or (self.report.directory.workspace.currency,)
