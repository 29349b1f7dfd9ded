"""`daybook key`: API keys of accounts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
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

    from daybook.account.v1.account_service_pb2 import ApiKey, CreateApiKeyResponse

COLUMNS = (
    Column("ID", Kind.NUMBER),
    Column("Name"),
    Column("Created", Kind.WHOLE, drop_order=1),
    Column("Last used", Kind.WHOLE),
    Column("Expires", Kind.WHOLE),
)

keys = typer.Typer()
LoginArgument = Annotated[str, typer.Argument(help="Login of the account or sub-user.")]


@keys.command("add")
def add_key(
    login: LoginArgument,
    name: Annotated[str, typer.Option(help="Name to know it by, at most 255 characters.")] = "",
    expires: Annotated[
        str,
        typer.Option(
            metavar="DATE",
            help="Last day on which it works, YYYY-MM-DD in UTC, or a moment, such as 2027-01-31T18:00+01:00.",
        ),
    ] = "",
    hash_: CallerOption = "",
    data_dir: DataDirOption = None,
) -> None:
    """Create an API key and print {"id": N, "hash": "32 hex"}. The hash is shown only this once.

    For example:
    daybook key add ann@example.com --name "nightly export" --expires 2027-01-31
    """
    expire_time = expire_time_of(expires) if expires else None
    made = run(create_key(find_access(data_dir), login, name, expire_time, hash_))
    print_json({"id": made.id, "hash": made.hash})


async def create_key(
    access: Access, login: str, name: str = "", expire_time: datetime | None = None, hash_: str = ""
) -> CreateApiKeyResponse:
    """Create an API key of an account and return it."""
    from daybook.account.v1.account_service_pb2 import CreateApiKeyRequest
    from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub

    request = CreateApiKeyRequest(login=login, name=name)
    if expire_time is not None:
        request.expire_time.FromDatetime(expire_time)
    async with service_at(access, "generation") as channel:
        return await AccountServiceStub(channel).CreateApiKey(
            request, metadata=as_caller(access, hash_), timeout=DEADLINE_S
        )


def expire_time_of(text: str) -> datetime:
    """Return the moment that a day ends, or that a text names. Raises CommandFailed."""
    try:
        if len(text) == len("2027-01-31"):
            return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), UTC)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise CommandFailed("--expires must be YYYY-MM-DD, or a moment with offset, such as 2027-01-31T18:00+01:00")


@keys.command("list")
def list_keys(
    login: LoginArgument,
    hash_: CallerOption = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """List the API keys of an account by id, without their text."""
    access = find_access(data_dir)
    found = run(_fetch_all(access, login, hash_))
    if as_json:
        print_json([plain(key) for key in found])
        return
    zone = run(zone_of(access, login, as_caller(access, hash_)))
    print_table(COLUMNS, [_row_of(key, zone) for key in found])


def _row_of(key: ApiKey, zone: tzinfo) -> tuple[object, ...]:
    ends = (local_text(moment, zone, "never") for moment in (key.last_used_time, key.expire_time))
    return key.id, key.name, local_text(key.create_time, zone), *ends


async def _fetch_all(access: Access, login: str, hash_: str) -> list[ApiKey]:
    from daybook.account.v1.account_service_pb2 import ListApiKeysRequest
    from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub

    caller = as_caller(access, hash_)
    async with service_at(access, "generation") as channel:
        request = ListApiKeysRequest(login=login)
        answer = await AccountServiceStub(channel).ListApiKeys(request, metadata=caller, timeout=DEADLINE_S)
    return list(answer.keys)


@keys.command("revoke")
def revoke_key(
    id_: Annotated[int, typer.Argument(metavar="ID", min=1, help="Id of the key, as daybook key list shows it.")],
    hash_: CallerOption = "",
    data_dir: DataDirOption = None,
) -> None:
    """Revoke an API key and print {"revoked_id": N}. It is refused within a second."""
    run(_revoke(find_access(data_dir), id_, hash_))
    print_json({"revoked_id": id_})


async def _revoke(access: Access, id_: int, hash_: str) -> None:
    from daybook.account.v1.account_service_pb2 import RevokeApiKeyRequest
    from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub

    async with service_at(access, "generation") as channel:
        request = RevokeApiKeyRequest(id=id_)
        await AccountServiceStub(channel).RevokeApiKey(request, metadata=as_caller(access, hash_), timeout=DEADLINE_S)
