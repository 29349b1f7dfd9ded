"""`daybook session`: sessions of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.account_times import local_text, zone_of
from services.cli.client import DEADLINE_S, Access, as_caller, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import CallerOption, DataDirOption
from services.cli.output import plain, print_json
from services.cli.tables import Column, Kind, print_table

if TYPE_CHECKING:
    from datetime import tzinfo

    from daybook.account.v1.account_service_pb2 import Session

COLUMNS = (
    Column("ID", Kind.NUMBER),
    Column("Began", Kind.WHOLE, drop_order=1),
    Column("Last used", Kind.WHOLE),
    Column("Ends", Kind.WHOLE),
)

sessions = typer.Typer()
LoginArgument = Annotated[str, typer.Argument(help="Login of the account or sub-user.")]


@sessions.command("list")
def list_sessions(
    login: LoginArgument,
    hash_: CallerOption = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """List the sessions of an account by id."""
    access = find_access(data_dir)
    found = run(_fetch_all(access, login, hash_))
    if as_json:
        print_json([plain(session) for session in found])
        return
    zone = run(zone_of(access, login, as_caller(access, hash_)))
    print_table(COLUMNS, [_row_of(session, zone) for session in found])


def _row_of(session: Session, zone: tzinfo) -> tuple[object, ...]:
    moments = (session.create_time, session.last_used_time, session.expire_time)
    return session.id, *(local_text(moment, zone) for moment in moments)


async def _fetch_all(access: Access, login: str, hash_: str) -> list[Session]:
    from daybook.account.v1.account_service_pb2 import ListSessionsRequest
    from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub

    caller = as_caller(access, hash_)
    async with service_at(access, "generation") as channel:
        request = ListSessionsRequest(login=login)
        answer = await AccountServiceStub(channel).ListSessions(request, metadata=caller, timeout=DEADLINE_S)
    return list(answer.sessions)


@sessions.command("end")
def end_session(
    login: LoginArgument,
    id_: Annotated[
        int | None, typer.Argument(metavar="ID", min=1, help="Id of the session; left out with --all.")
    ] = None,
    hash_: CallerOption = "",
    *,
    all_: Annotated[bool, typer.Option("--all", help="End all sessions of the account.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """End a session of an account, or all of them, and print {"ended_count": N}."""
    if (id_ is None) != all_:
        raise CommandFailed("name either the ID of a session, or --all")
    print_json({"ended_count": run(_end(find_access(data_dir), login, id_, hash_))})


async def _end(access: Access, login: str, id_: int | None, hash_: str) -> int:
    from daybook.account.v1.account_service_pb2 import EndSessionsRequest
    from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub

    which = {"all": True} if id_ is None else {"session_id": id_}
    async with service_at(access, "generation") as channel:
        answer = await AccountServiceStub(channel).EndSessions(
            EndSessionsRequest(login=login, **which), metadata=as_caller(access, hash_), timeout=DEADLINE_S
        )
    return answer.ended_count
