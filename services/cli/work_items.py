"""`daybook client` and `daybook project`: clients and projects of a workspace by name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.client import find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import DataDirOption, flag_option, flag_value
from services.cli.output import print_json
from services.cli.record_commands import DetachOption, JsonOption, YesOption, confirm_deletion, tell_count
from services.cli.tables import Column, Kind, print_table
from services.runtime.shown_text import shown

if TYPE_CHECKING:
    from daybook.input.v1.workspace_pb2 import Client, Project

    from services.cli.records import Records

clients = typer.Typer(help="Clients of a workspace.", no_args_is_help=True)
projects = typer.Typer(help="Projects of a workspace.", no_args_is_help=True)

NamesArgument = Annotated[list[str], typer.Argument(metavar="NAME...", help="Names, exactly as listed.")]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name, exactly as listed.")]
WorkspaceOption = Annotated[str, typer.Option(metavar="NAME", help="Name of the workspace.")]
OwnerOption = Annotated[str, typer.Option(metavar="LOGIN", help="Login of the account that owns the workspace.")]
ClientOption = Annotated[
    str, typer.Option(metavar="NAME", help="Name of the client, where several have such projects.")
]
HoursOption = Annotated[str | None, typer.Option("--budget-hours", metavar="H", help="Budget in hours, such as 12.5.")]
AmountOption = Annotated[
    str | None, typer.Option("--budget-amount", metavar="A", help="Budget in money, in the project's currency.")
]
NoBudgetOption = Annotated[bool, typer.Option("--no-budget", help="Take the budget away.")]
BUDGETS = ("estimated_seconds", "budget_cents")
HOUR_S, CENTS, MOST = 3600, 100, 10**12
ArchivedOption = Annotated[str, flag_option("--archived", "Whether no more work is done for it.")]


@clients.callback()
def client_group() -> None:
    """List, archive and delete clients; `daybook import clients` stores them."""


@projects.callback()
def project_group() -> None:
    """List, change and delete projects; `daybook import projects` stores them."""


@dataclass(frozen=True)
class Named:
    """Clients or projects of a workspace that are found by name, projects by that of their client too."""

    kind: str
    workspace: str
    owner: str
    data_dir: Path | None
    client: str = ""

    @asynccontextmanager
    async def records(self) -> AsyncIterator[Records]:
        """Open the records of the workspace."""
        from services.cli.records import Owner, Records, workspace_of

        access = find_access(self.data_dir)
        async with service_at(access, "generation") as channel:
            found = await workspace_of(channel, access, self.workspace, self.owner)
            yield Records(channel, access, Owner(workspace_id=found.id))

    async def all(self, records: Records, name: str = "") -> list[Any]:
        """Return the records, those of the client alone where one is named, and of a name where one is given."""
        found: list[Any] = [one async for one in records.all(self.kind, name)]
        if self.client:
            ids = [(await Named("clients", *self._where()).one(records, self.client)).id]
            found = [one for one in found if one.client_id in ids]
        return [one for one in found if name in ("", one.name)]

    async def one(self, records: Records, name: str) -> Any:
        """Return the record of a name. Raises CommandFailed when there is none, or several."""
        found = await self.all(records, name)
        noun = self.kind.removesuffix("s")
        if not found:
            raise CommandFailed(f"there is no {noun} {shown(repr(name))}")
        if len(found) > 1:
            raise CommandFailed(f"several {self.kind} are called {shown(repr(name))}: name their --client")
        return found[0]

    async def change(self, name: str, values: dict[str, Any], unset: tuple[str, ...] = ()) -> Any:
        """Change fields of the record of a name and return it."""
        async with self.records() as records:
            found = await self.one(records, name)
            changed = type(found)(id=found.id, **values)
            return await records.change(self.kind, changed, [*values, *unset])

    async def delete(self, names: list[str], *, detach: bool) -> int:
        """Delete the records of names, all or none, and return how many."""
        async with self.records() as records:
            found = [await self.one(records, name) for name in names]
            return await records.delete(self.kind, found, detach=detach)

    async def listed(self) -> list[Any]:
        """Return the records by key."""
        async with self.records() as records:
            return await self.all(records)

    def _where(self) -> tuple[str, str, Path | None]:
        return self.workspace, self.owner, self.data_dir


def _print(record: Client | Project) -> None:
    from services.cli.json_records import object_of

    print_json(object_of(record))


def _list(named: Named, *, as_json: bool) -> None:
    from services.cli.json_records import object_of

    found = [object_of(one) for one in run(named.listed())]
    if as_json:
        print_json(found)
        return
    columns = (Column("id", Kind.NUMBER), Column("name"), Column("archived"))
    print_table(columns, ((one["id"], one["name"], "yes" if one["archived"] else "no") for one in found))


def _delete(named: Named, names: list[str], *, detach: bool, yes: bool, as_json: bool) -> None:
    confirm_deletion(f"Delete {len(names)} of the {named.kind} for good?", yes=yes)
    tell_count(run(named.delete(names, detach=detach)), "deleted", as_json=as_json)


@clients.command("list")
def list_clients(
    workspace: WorkspaceOption, owner: OwnerOption, *, as_json: JsonOption = False, data_dir: DataDirOption = None
) -> None:
    """List the clients of a workspace."""
    _list(Named("clients", workspace, owner, data_dir), as_json=as_json)


@clients.command("set")
def set_client(
    name: NameArgument,
    workspace: WorkspaceOption,
    owner: OwnerOption,
    archived: ArchivedOption,
    data_dir: DataDirOption = None,
) -> None:
    """Archive a client, or take it out of the archive, and print it as JSON."""
    named = Named("clients", workspace, owner, data_dir)
    _print(run(named.change(name, {"archived": flag_value(archived)})))


@clients.command("delete")
def delete_clients(
    names: NamesArgument,
    workspace: WorkspaceOption,
    owner: OwnerOption,
    *,
    detach: DetachOption = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Delete clients, all or none; those that projects refer to only with --detach."""
    named = Named("clients", workspace, owner, data_dir)
    _delete(named, names, detach=detach, yes=yes, as_json=as_json)


@projects.command("list")
def list_projects(
    workspace: WorkspaceOption,
    owner: OwnerOption,
    *,
    client: ClientOption = "",
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """List the projects of a workspace."""
    _list(Named("projects", workspace, owner, data_dir, client), as_json=as_json)


@projects.command("set")
def set_project(
    name: NameArgument,
    workspace: WorkspaceOption,
    owner: OwnerOption,
    *,
    client: ClientOption = "",
    archived: ArchivedOption = "",
    budget_hours: HoursOption = None,
    budget_amount: AmountOption = None,
    no_budget: NoBudgetOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Change a project, and print it as JSON. A budget in hours takes the place of one in money, and the other way."""
    if sum((budget_hours is not None, budget_amount is not None, no_budget)) > 1:
        raise CommandFailed("--budget-hours, --budget-amount and --no-budget exclude each other")
    values: dict[str, Any] = {"archived": flag_value(archived)} if archived else {}
    unset: tuple[str, ...] = ()
    if budget_hours is not None:
        values["estimated_seconds"], unset = _whole(budget_hours, HOUR_S, "--budget-hours"), ("budget_cents",)
    if budget_amount is not None:
        values["budget_cents"], unset = _whole(budget_amount, CENTS, "--budget-amount"), ("estimated_seconds",)
    if no_budget:
        unset = BUDGETS
    if not values and not unset:
        raise CommandFailed("nothing is to be changed: name a field")
    _print(run(Named("projects", workspace, owner, data_dir, client).change(name, values, unset)))


def _whole(text: str, units: int, option: str) -> int:
    """Return a decimal number in smaller units. Raises CommandFailed for one that is none or below 0."""
    from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

    try:
        number = (Decimal(text) * units).to_integral_value(ROUND_HALF_UP)
        is_right = 0 <= number <= MOST
    except InvalidOperation:
        is_right = False
    if not is_right:
        raise CommandFailed(f"{option}: must be a number from 0, such as 12.5")
    return int(number)


@projects.command("delete")
def delete_projects(
    names: NamesArgument,
    workspace: WorkspaceOption,
    owner: OwnerOption,
    *,
    client: ClientOption = "",
    detach: DetachOption = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Delete projects with their tasks, all or none; those that time entries refer to only with --detach."""
    named = Named("projects", workspace, owner, data_dir, client)
    _delete(named, names, detach=detach, yes=yes, as_json=as_json)
