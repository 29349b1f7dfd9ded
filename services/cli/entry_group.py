"""`daybook entry`: stored time entries of a workspace."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.client import DEADLINE_S, Access, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import DataDirOption, parse_day
from services.cli.output import JsonArray, print_json
from services.cli.tables import Column, Kind, print_table

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import date

    from daybook.input.v1.workspace_pb2 import Member, TimeEntry
    from grpc.aio import Channel

    from services.cli.timesheets.stored_entries import Scope

    Span = tuple[date | None, date | None]
HOUR_S, BATCH = 3600, 1000
COLUMNS = (
    Column("ID", Kind.NUMBER),
    Column("Member", drop_order=1),
    Column("Start", Kind.WHOLE),
    Column("Hours", Kind.NUMBER),
    Column("Description"),
)
entries = typer.Typer(help="Time entries.", no_args_is_help=True)
WorkspaceOption = Annotated[str, typer.Option(metavar="NAME", help="Name of the workspace.")]
OwnerOption = Annotated[str, typer.Option(metavar="LOGIN", help="Login of the account that owns it.")]
FromOption = Annotated[str, typer.Option("--from", metavar="DATE", help="First day, by the clocks of members.")]
ToOption = Annotated[str, typer.Option("--to", metavar="DATE", help="Last day, by the clocks of members.")]
MemberOption = Annotated[list[str] | None, typer.Option(metavar="EMAIL", help="Member; repeatable.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@entries.callback()
def entry() -> None:
    """List and delete time entries."""


@entries.command("list")
def list_entries(  # a command line takes them by name
    workspace: WorkspaceOption,
    owner: OwnerOption,
    first: FromOption = "",
    last: ToOption = "",
    member: MemberOption = None,
    *,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """List the stopped entries of a workspace by start, each with its id."""
    days = parse_day("--from", first), parse_day("--to", last)

    async def work() -> None:
        async with service_at(access, "generation") as channel:
            with JsonArray() as array:
                async for row in _rows(channel, access, (workspace, owner), days, member or ()):
                    array.add(row)

    access = find_access(data_dir)
    if as_json:
        run(work())
    else:
        run(_show(access, (workspace, owner), days, member or ()))


async def _show(access: Access, place: tuple[str, str], days: Span, members: Sequence[str]) -> None:
    rows = []
    async with service_at(access, "generation") as channel:
        async for row in _rows(channel, access, place, days, members):
            seconds = row["seconds"]
            hours = f"{seconds / HOUR_S:.2f}" if isinstance(seconds, int) else ""
            rows.append((row["id"], row["member"], row["start"], hours, row["description"]))
    print_table(COLUMNS, rows)


@entries.command("delete")
def delete_entries(  # noqa: PLR0917  # a command line takes them by name
    workspace: WorkspaceOption,
    owner: OwnerOption,
    ids: Annotated[list[int] | None, typer.Argument(metavar="ID...", help="Ids of entries.")] = None,
    first: FromOption = "",
    last: ToOption = "",
    member: MemberOption = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Delete nothing, print how many it would be.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Delete entries by id, all or none, or those of some days, and print {"deleted": N}."""
    days = parse_day("--from", first), parse_day("--to", last)
    if bool(ids) == bool(first and last) or bool(first) != bool(last) or (ids and member):
        raise CommandFailed("name entries by ids, or by --from and --to")
    access = find_access(data_dir)
    workspace_id, found = run(_found(access, (workspace, owner), ids or (), days, member or ()))
    if not dry_run:
        _ask(f"Delete {len(found)} time entries for good?", yes=yes)
        run(_delete(access, workspace_id, found))
    print_json({"deleted": len(found), "dry_run": True} if dry_run and as_json else {"deleted": len(found)})


def _ask(question: str, *, yes: bool) -> None:
    """Raise CommandFailed unless the person at the terminal confirms."""
    if not yes and not sys.stdin.isatty():
        raise CommandFailed("--yes is needed where nobody can be asked")
    if not yes and not typer.confirm(question, err=True):
        raise CommandFailed("nothing was deleted")


async def _found(
    access: Access, place: tuple[str, str], ids: Sequence[int], days: Span, members: Sequence[str]
) -> tuple[int, list[int]]:
    """Return the id of a workspace and those of its entries. Raises CommandFailed for an id that it does not have."""
    from services.cli.records import Owner, Records, workspace_of

    async with service_at(access, "generation") as channel:
        workspace_id = (await workspace_of(channel, access, *place)).id
        if not ids:
            rows = [row["id"] async for row in _rows(channel, access, place, days, members)]
            return workspace_id, [one for one in rows if isinstance(one, int)]
        records, wanted = Records(channel, access, Owner(workspace_id=workspace_id)), list(dict.fromkeys(ids))
        known: set[int] = set()
        for begin in range(0, len(wanted), BATCH):
            some = [one async for one in records.all("time_entries", ids=wanted[begin : begin + BATCH])]
            known.update(getattr(one, "id", 0) for one in some)
    missing = next((one for one in wanted if one not in known), None)
    if missing is not None:
        raise CommandFailed(f"the workspace has no time entry {missing}")
    return workspace_id, wanted


async def _delete(access: Access, workspace_id: int, ids: Sequence[int]) -> None:
    from daybook.workspace.v1.workspace_service_pb2 import DeleteTimeEntriesRequest
    from daybook.workspace.v1.workspace_service_pb2_grpc import WorkspaceServiceStub

    async with service_at(access, "generation") as channel:
        for begin in range(0, len(ids), BATCH):
            request = DeleteTimeEntriesRequest(workspace_id=workspace_id, ids=ids[begin : begin + BATCH])
            stub = WorkspaceServiceStub(channel)
            await stub.DeleteTimeEntries(request, metadata=access.as_operator(), timeout=10 * DEADLINE_S)


async def _rows(
    channel: Channel, access: Access, place: tuple[str, str], days: Span, members: Sequence[str]
) -> AsyncIterator[dict[str, object]]:
    """Yield the entries of some days and members as JSON."""
    from daybook.input.v1.workspace_pb2 import Member as MemberMessage

    from services.cli.records import Owner, Records, workspace_of
    from services.cli.timesheets.names import zone_of
    from services.cli.timesheets.stored_entries import entries_within

    workspace = await workspace_of(channel, access, *place)
    records = Records(channel, access, Owner(workspace_id=workspace.id))
    people = {one.user_id: one async for one in records.all("members") if isinstance(one, MemberMessage)}
    zones = {user_id: zone_of(one) for user_id, one in people.items()}
    async for found, _ in entries_within(records, _scope(days, members, people), zones):
        yield _row(found, people)


def _scope(days: Span, members: Sequence[str], people: dict[int, Member]) -> Scope:
    """Return days and members. Raises CommandFailed for an email that no member has."""
    from services.cli.timesheets.stored_entries import Scope
    from services.runtime.identity import identity_key

    ids = {identity_key(one.email): user_id for user_id, one in people.items() if one.email}
    for email in members:
        if identity_key(email) not in ids:
            raise CommandFailed(f"--member {email[:40]!r} is no member of the workspace")
    first, last = days
    wanted = frozenset(ids[identity_key(email)] for email in members) if members else None
    return Scope(first, last, wanted)


def _row(found: TimeEntry, people: dict[int, Member]) -> dict[str, object]:
    from services.cli.timesheets.names import zone_of

    member = people.get(found.user_id)
    zone = zone_of(member) if member else UTC
    return {
        "id": found.id,
        "member": (member.email or member.name) if member else str(found.user_id),
        "start": datetime.fromtimestamp(found.start_time.seconds, zone).isoformat(),
        "seconds": found.seconds,
        "description": found.description,
        "billable": found.billable,
        "project_id": found.project_id or None,
    }
