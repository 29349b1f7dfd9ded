"""`daybook user remove`: an account erased with all its data."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.client import Access, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import DataDirOption
from services.cli.output import Bar, print_json
from services.cli.tables import Column, Kind, print_table

if TYPE_CHECKING:
    from daybook.account.v1.account_service_pb2 import DeleteUserResponse, KindCount

REMOVED_WITHIN_S = 86_400.0
COLUMNS = (Column("Kind", Kind.WHOLE), Column("Erased", Kind.NUMBER), Column("Left", Kind.NUMBER))
KEPT = {"members": "members without name and email", "time_entries": "time entries in workspaces of others"}


def remove_user(
    login: Annotated[str, typer.Argument(help="Login of the account or sub-user.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Erase an account and everything of it, and print by kind what was erased and what a second look found.

    When it breaks off, run it again.
    """
    access = find_access(data_dir)
    if not yes:
        _ask(login)
    removal = run(remove(access, login))
    if as_json:
        counts = {name: _counts(getattr(removal, name)) for name in ("erased", "kept", "left")}
        print_json({"login": login, "done": removal.done, **counts})
    else:
        _show(removal)
    if not removal.done:
        left = sum(_counts(removal.left).values())
        raise CommandFailed(f"{left} things are left, somebody goes on writing: run it again")


async def remove(access: Access, login: str) -> DeleteUserResponse:
    """Remove an account behind a progress bar and return the last message about it."""
    from daybook.account.v1.account_service_pb2 import DeleteUserRequest, DeleteUserResponse
    from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub

    last = DeleteUserResponse()
    with Bar(f"removing {login}", total=None) as bar:
        async with service_at(access, "generation") as channel:
            call = AccountServiceStub(channel).DeleteUser(
                DeleteUserRequest(login=login), metadata=access.as_operator(), timeout=REMOVED_WITHIN_S
            )
            async for last in call:
                bar.show(min(sum(_counts(last.erased).values()), last.total_count), last.total_count)
    return last


def _ask(login: str) -> None:
    """Raise CommandFailed unless the person at the terminal confirms."""
    if not sys.stdin.isatty():
        raise CommandFailed("--yes is needed where nobody can be asked")
    if not typer.confirm(f"Erase {login} with all trackers, points, reports and workspaces of it for good?", err=True):
        raise CommandFailed("nothing was erased")


def _show(removal: DeleteUserResponse) -> None:
    erased, left = _counts(removal.erased), _counts(removal.left)
    print_table(COLUMNS, [(kind, erased.get(kind, 0), left.get(kind, 0)) for kind in sorted(erased | left)])
    for kind, count in _counts(removal.kept).items():
        if count:
            print(f"kept: {count} {KEPT.get(kind, kind)}")


def _counts(counts: Sequence[KindCount]) -> dict[str, int]:
    return {count.kind: count.count for count in counts}
