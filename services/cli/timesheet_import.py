"""`daybook import timesheet`: an exported CSV file of tracked time into a workspace."""

import sys
from dataclasses import replace

import typer
from daybook.input.v1.workspace_pb2 import Workspace
from grpc.aio import Channel

from services.cli.client import Access, service_at
from services.cli.errors import CommandFailed
from services.cli.output import Bar
from services.cli.records import Owner, Records, workspaces_named
from services.cli.timesheets.csv_form import Form, read_form
from services.cli.timesheets.csv_source import open_csv
from services.cli.timesheets.plan import CHANGED
from services.cli.timesheets.replacement import Summary
from services.cli.timesheets.run import SURVEY_SHARE, ImportRun, Rehearsal
from services.cli.timesheets.survey import Survey
from services.cli.timesheets.wanted import Import, Outcome


async def store(access: Access, wanted: Import, *, yes: bool = True) -> Outcome:
    """Store what a file holds. Nothing is created when none of its lines can be read. Raises CommandFailed.

    What a replacement, or a dry run, does is told first; at a terminal it is asked for unless `yes`.
    """
    correction = wanted.correction
    async with service_at(access, "generation") as channel:
        with Bar(wanted.file.name, total=1.0) as bar:
            known = await workspaces_named(channel, access, wanted.workspace, wanted.owner)
            form, survey = read_through(wanted, bar)
            if correction.replace and wanted.problems.refused:
                raise CommandFailed(f"{wanted.title}: nothing is stored or removed, as not every line can be read")
            if not survey.people and wanted.problems.refused:
                return wanted.outcome
            run = ImportRun(channel, access, wanted, form, survey, bar)
            if correction.dry_run or correction.replace:
                workspace = known[0] if known else Workspace(name=wanted.workspace, owner_login=wanted.owner)
                rehearsal = await run.planned(workspace, is_new=not known, dry=True)
                await _rehearse(run, rehearsal)
                if correction.dry_run:
                    return wanted.outcome
            if not correction.replace:
                return await _carry_out(run, known)
        _ask(wanted, yes=yes)
        with Bar(wanted.file.name, total=1.0) as bar:
            return await _carry_out(replace(run, bar=bar), known)


async def _carry_out(run: ImportRun, known: list[Workspace]) -> Outcome:
    """Store what the file holds in the workspace of its name, which is created if there is none."""
    wanted = run.wanted
    chosen = known[0] if known else await _create(run.channel, run.access, wanted, run.survey)
    wanted.outcome.created = 0
    await run.carry_out(await run.planned(chosen, is_new=not known, dry=False))
    run.bar.show(1.0)
    return wanted.outcome


def read_through(wanted: Import, bar: Bar) -> tuple[Form, Survey]:
    """Read a file for the first time. Raises CommandFailed when it cannot be read or is no timesheet."""
    with open_csv(wanted.file) as source:
        form = read_form(source.header, decimal_comma=source.decimal_comma, owner=wanted.owner)
        survey = Survey(has_amounts=form.has_amounts)
        for number, line in enumerate(wanted.lines(form, source, wanted.problems)):
            survey.take(line, wanted.problems)
            if not number % 1000:
                bar.show(SURVEY_SHARE * source.share_read())
    return form, survey


async def _rehearse(run: ImportRun, rehearsal: Rehearsal) -> None:
    """Print the entries, hours and amounts to be created, updated and removed, by member."""
    wanted, plan = run.wanted, rehearsal.plan
    outcome, summary = wanted.outcome, Summary(plan.comparison)
    outcome.created = summary.add("created", (entry for _, entry in run.new(rehearsal)))
    run.survey.repeats.counts.clear()
    if wanted.correction.updates:
        outcome.updated = summary.add("updated", (entry for _, entry in plan.corrections))
    else:
        outcome.changed = plan.count(CHANGED)
    if wanted.correction.replace:
        outcome.removed = summary.add("removed", plan.removals())
    members = {one.user_id: one.email or one.name for one in (await rehearsal.book.members()).values()}
    wanted.members[:] = summary.rows(members)
    summary.tell(members)


def _ask(wanted: Import, *, yes: bool) -> None:
    """Raise CommandFailed when the person at the terminal does not confirm."""
    outcome = wanted.outcome
    told = f"create {outcome.created}, update {outcome.updated} and remove {outcome.removed} entries"
    wanted.outcome.updated = wanted.outcome.removed = 0
    if not yes and sys.stdin.isatty() and not typer.confirm(f"{told}?".capitalize(), err=True):
        wanted.outcome.created = wanted.outcome.unchanged = 0
        raise CommandFailed("nothing was stored or removed")


async def _create(channel: Channel, access: Access, wanted: Import, survey: Survey) -> Workspace:
    """Create the workspace; when all amounts are in one currency, it is the workspace's."""
    currency = next(iter(survey.currencies)) if len(survey.currencies) == 1 else ""
    made = Workspace(name=wanted.workspace, owner_login=wanted.owner, currency_code=currency)
    (made.id,) = await Records(channel, access, Owner(wanted.owner)).upsert("workspaces", [made])
    return made
