"""Budgets that a report shows, and what of them is used up to its last day."""

from collections.abc import Iterable
from dataclasses import replace

from services.generation.timetracking.budget import Budget, Budgets
from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entries import Rows
from services.generation.timetracking.entry_reader import EntryReader
from services.generation.timetracking.filters import Choice, Filter
from services.generation.timetracking.periods import Days, Span, spans_of
from services.generation.timetracking.preparation import Rounding
from services.generation.timetracking.prices import Currencies
from services.generation.timetracking.query import TimeReportQuery
from services.generation.timetracking.tally import Tally
from services.runtime.fair_threads import in_thread

BY_CLIENTS = ("clients", "projects")


def shows_budgets(query: TimeReportQuery) -> bool:
    """Return whether a report shows budgets: a summary by projects, or by clients and projects, that asks for them."""
    if query.report_type != "summary" or not query.summary.show_budgets:
        return False
    return query.summary.grouping == "projects" or (query.summary.grouping, query.summary.sub_grouping) == BY_CLIENTS


def planned(directory: Directory, query: TimeReportQuery) -> Budgets:
    """Return the budgets of projects that a report shows, of which nothing is used yet."""
    if not shows_budgets(query):
        return {}
    found = dict[int, Budget]()
    for project in directory.projects.values():
        if project.HasField("estimated_seconds"):
            found[project.id] = Budget(project.estimated_seconds)
        elif project.HasField("budget_cents") and not query.hide_amounts:
            currency = project.currency_code or directory.workspace.currency_code
            found[project.id] = Budget(project.budget_cents, currency)
    return found


async def used(reading: EntryReader, query: TimeReportQuery, budgets: Budgets) -> Budgets:
    """Return budgets with all that is used up to the last day of a report, filters and rounding apart.

    Raises ReportTooBig.
    """
    if not budgets:
        return budgets
    members = reading.directory.members.values()
    wanted = Filter(
        workspace_id=reading.directory.workspace.id,
        spans=tuple(_since_ever(spans_of(Days(query.days.last, query.days.last), members))),
        all_members=not query.only_user_id,
        projects=Choice(frozenset(budgets)),
    )
    fold = BudgetFold()
    whole = replace(reading, wanted=wanted, rounding=Rounding(), groups=None, adjustments=None)
    await whole.fold([fold])
    return await in_thread(fold.result, budgets)


def _since_ever(spans: Iterable[Span]) -> Iterable[Span]:
    """Yield spans, the first of each zone from the beginning of time on."""
    seen = set[int]()
    for span in spans:
        is_first = seen.isdisjoint(span.user_ids)
        seen.update(span.user_ids)
        yield replace(span, from_s=0) if is_first else span


class BudgetFold:
    """Adds up the time and the money of projects."""

    columns = frozenset({"project_id"})

    def __init__(self) -> None:
        self._currencies = Currencies()
        self._tally = Tally()

    def add(self, rows: Rows) -> None:
        """Add a run of entries."""
        keys = rows.entries.project_id, self._currencies.column(rows)
        self._tally.add(keys, (rows.seconds, rows.amount_cents))

    def result(self, budgets: Budgets) -> Budgets:
        """Return budgets with what is used: time, or the money in the currency of each."""
        sums = dict[tuple[int, str], int]()
        for project, currency, seconds, cents in self._tally.rows():
            name = self._currencies.name(currency)
            for key, value in (((project, ""), seconds), ((project, name), cents)):
                sums[key] = sums.get(key, 0) + value
        return {one: replace(budget, used=sums.get((one, budget.currency), 0)) for one, budget in budgets.items()}
