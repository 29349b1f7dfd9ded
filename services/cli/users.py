"""`daybook user`: accounts and sub-users."""

import sys
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer
from daybook.account.v1.account_service_pb2 import (
    CreateUserRequest,
    DeleteUserRequest,
    DeleteUserResponse,
    KindCount,
)
from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub
from rich.table import Table

from services.cli.client import DEADLINE_S, Access, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import DataDirOption
from services.cli.output import Bar, output, print_json

REMOVED_WITHIN_S = 86_400.0
KEPT = {"members": "members without name and email", "time_entries": "time entries in workspaces of others"}

users = typer.Typer()


@users.command("add")
def add_user(  # noqa: PLR0917  # a command line takes them by name
    login: Annotated[str, typer.Argument(help="Name to sign in with.")],
    password: Annotated[str, typer.Option(help="Password, 1 to 255 characters.")],
    time_zone: Annotated[str, typer.Option(help="IANA time zone, such as Europe/Berlin; UTC when left out.")] = "",
    locale: Annotated[str, typer.Option(help="Locale, such as en or ru_RU; en when left out.")] = "",
    measurement_system: Annotated[
        str, typer.Option(help="metric, imperial, us, metric_gal_us or nautical; metric when left out.")
    ] = "",
    date_format: Annotated[str, typer.Option(help="Such as ddMMyyyy_dots; the locale's own when left out.")] = "",
    hour_mode: Annotated[str, typer.Option(help="TWENTY_FOUR_HOURS (when left out) or TWELVE_HOURS.")] = "",
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Make a demo account, which cannot delete.")] = False,
    master: Annotated[str, typer.Option(help="Login of the master account, for a sub-user.")] = "",
    right: Annotated[
        list[str] | None, typer.Option(help="A right of the sub-user, such as reports; repeatable.")
    ] = None,
    data_dir: DataDirOption = None,
) -> None:
    """Create an account or a sub-user and print {"user_id": N}."""
    request = CreateUserRequest(
        login=login,
        password=password,
        time_zone=time_zone,
        locale=locale,
        measurement_system=measurement_system,
        date_format=date_format,
        hour_mode=hour_mode,
        demo=demo,
        master_login=master,
        rights=right or [],
    )
    print_json({"user_id": run(create_user(find_access(data_dir), request))})


async def create_user(access: Access, request: CreateUserRequest) -> int:
    """Create an account and return its id."""
    async with service_at(access, "generation") as channel:
        answer = await AccountServiceStub(channel).CreateUser(
            request, metadata=access.as_operator(), timeout=DEADLINE_S
        )
    return answer.user_id


@users.command("remove")
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
    table = Table("kind", "erased", "left")
    for kind in sorted(erased.keys() | left.keys()):
        table.add_row(kind, str(erased.get(kind, 0)), str(left.get(kind, 0)))
    output().print(table)
    for kind, count in _counts(removal.kept).items():
        if count:
            output().print(f"kept: {count} {KEPT.get(kind, kind)}")


def _counts(counts: Sequence[KindCount]) -> Mapping[str, int]:
    return {count.kind: count.count for count in counts}
