"""`daybook user`: accounts and sub-users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.account_times import local_text, zone_named
from services.cli.account_values import account_values
from services.cli.client import DEADLINE_S, Access, as_caller, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import CallerOption, DataDirOption
from services.cli.output import plain, print_json
from services.cli.secret_input import read_password
from services.cli.tables import AT_LAST, Column, Kind, print_table
from services.cli.user_removal import remove_user

if TYPE_CHECKING:
    from daybook.account.v1.account_service_pb2 import CreateUserRequest, User

COLUMNS = (
    Column("ID", Kind.NUMBER),
    Column("Login"),
    Column("Master", Kind.NUMBER, drop_order=4),
    Column("Rights", drop_order=3),
    Column("Demo", drop_order=2),
    Column("Zone", Kind.WHOLE, drop_order=AT_LAST),
    Column("Locale", Kind.WHOLE, drop_order=5),
    Column("Created", Kind.WHOLE, drop_order=1),
)
FACTS = (Column("Field", Kind.WHOLE), Column("Value"))

users = typer.Typer()
users.command("remove")(remove_user)

LoginArgument = Annotated[str, typer.Argument(help="Login of the account or sub-user.")]
PasswordOption = Annotated[str | None, typer.Option(hidden=True, help="Password; other users of the machine see it.")]
PasswordStdinOption = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password, 1 to 255 characters, from the first line of stdin."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
TimeZoneOption = Annotated[str | None, typer.Option(help="IANA time zone, such as Europe/Berlin; at first UTC.")]
LocaleOption = Annotated[str | None, typer.Option(help="Locale, such as en or ru_RU; at first en.")]
SystemOption = Annotated[
    str | None, typer.Option(help="metric, imperial, us, metric_gal_us or nautical; at first metric.")
]
DateOption = Annotated[str | None, typer.Option(help='Such as ddMMyyyy_dots; at first "", the locale\'s own.')]
HourOption = Annotated[str | None, typer.Option(help="TWENTY_FOUR_HOURS, as at first, or TWELVE_HOURS.")]
WeekOption = Annotated[
    str | None, typer.Option(help='First day of weeks, monday to sunday; at first "", that of the locale\'s territory.')
]
RightOption = Annotated[
    list[str] | None, typer.Option(help="A right of the sub-user, reports or tracker_configure; repeatable.")
]


@users.command("add")
def add_user(  # noqa: PLR0917  # a command line takes them by name
    login: Annotated[str, typer.Argument(help="Name to sign in with.")],
    password: PasswordOption = None,
    time_zone: TimeZoneOption = None,
    locale: LocaleOption = None,
    measurement_system: SystemOption = None,
    date_format: DateOption = None,
    hour_mode: HourOption = None,
    week_start: WeekOption = None,
    *,
    password_stdin: PasswordStdinOption = False,
    demo: Annotated[bool, typer.Option("--demo", help="Make a demo account, which cannot delete.")] = False,
    master: Annotated[str, typer.Option(help="Login of the master account, for a sub-user.")] = "",
    right: RightOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Create an account or a sub-user and print {"user_id": N}. The password is asked for, or read from stdin.

    For example:
    daybook user add ann@example.com --time-zone Europe/Berlin
    """
    from daybook.account.v1.account_service_pb2 import CreateUserRequest

    access = find_access(data_dir)
    chosen = {
        "measurement_system": measurement_system,
        "date_format": date_format,
        "hour_mode": hour_mode,
        "week_start": week_start,
        "rights": right,
    }
    request = CreateUserRequest(
        login=login,
        password=read_password(password, from_stdin=password_stdin),
        time_zone=time_zone or "",
        locale=locale or "",
        demo=demo,
        master_login=master,
        **account_values({name: value for name, value in chosen.items() if value is not None}),
    )
    print_json({"user_id": run(create_user(access, request))})


async def create_user(access: Access, request: CreateUserRequest) -> int:
    """Create an account and return its id."""
    from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub

    async with service_at(access, "generation") as channel:
        answer = await AccountServiceStub(channel).CreateUser(
            request, metadata=access.as_operator(), timeout=DEADLINE_S
        )
    return answer.user_id


@users.command("set")
def set_user(  # noqa: PLR0917  # a command line takes them by name
    login: LoginArgument,
    time_zone: TimeZoneOption = None,
    locale: LocaleOption = None,
    measurement_system: SystemOption = None,
    date_format: DateOption = None,
    hour_mode: HourOption = None,
    week_start: WeekOption = None,
    *,
    password_stdin: PasswordStdinOption = False,
    revoke_keys: Annotated[
        bool, typer.Option("--revoke-keys", help="With the new password, revoke all API keys too.")
    ] = False,
    demo: Annotated[bool | None, typer.Option("--demo/--no-demo", help="Whether it is a demo account.")] = None,
    right: RightOption = None,
    no_rights: Annotated[bool, typer.Option("--no-rights", help="Take all rights from the sub-user.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Change what is named of an account, and print it. Another password ends all its sessions.

    For example:
    daybook user set ann@example.com --locale de --measurement-system metric
    """
    if right and no_rights:
        raise CommandFailed("--right and --no-rights exclude each other")
    if revoke_keys and not password_stdin:
        raise CommandFailed("--revoke-keys needs --password-stdin")
    given = {
        "time_zone": time_zone,
        "locale": locale,
        "measurement_system": measurement_system,
        "date_format": date_format,
        "hour_mode": hour_mode,
        "week_start": week_start,
        "demo": demo,
        "rights": [] if no_rights else right,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes and not password_stdin:
        raise CommandFailed("nothing to change is named: see daybook user set --help")
    access = find_access(data_dir)
    password = read_password(None, from_stdin=True) if password_stdin else None
    print_json(run(_change(access, login, changes, password, revoke_keys=revoke_keys)))


async def _change(
    access: Access, login: str, changes: dict[str, Any], password: str | None, *, revoke_keys: bool
) -> dict[str, Any]:
    """Change an account and return it, with what a new password ended."""
    from daybook.account.v1 import account_service_pb2 as pb
    from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub

    more: dict[str, Any] = {}
    async with service_at(access, "generation") as channel:
        stub, operator = AccountServiceStub(channel), access.as_operator()
        if changes:
            update = pb.UpdateUserRequest(login=login, user=pb.User(**account_values(changes)))
            update.update_mask.paths.extend(changes)
            await stub.UpdateUser(update, metadata=operator, timeout=DEADLINE_S)
        if password is not None:
            request = pb.SetPasswordRequest(login=login, password=password, revoke_keys=revoke_keys)
            more = plain(await stub.SetPassword(request, metadata=operator, timeout=DEADLINE_S))
        answer = await stub.GetUser(pb.GetUserRequest(login=login), metadata=operator, timeout=DEADLINE_S)
    return plain(answer.user) | more


@users.command("show")
def show_user(
    login: LoginArgument,
    hash_: CallerOption = "",
    *,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Show an account."""
    found = run(_fetch(find_access(data_dir), login, hash_))
    user = plain(found)
    if as_json:
        print_json(user)
        return
    user["create_time"] = _created(found)
    print_table(FACTS, [(name, _fact(value)) for name, value in user.items()])


def _fact(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else value


def _created(user: User) -> str:
    return local_text(user.create_time, zone_named(user.time_zone))


async def _fetch(access: Access, login: str, hash_: str) -> User:
    from daybook.account.v1.account_service_pb2 import GetUserRequest
    from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub

    async with service_at(access, "generation") as channel:
        request = GetUserRequest(login=login)
        answer = await AccountServiceStub(channel).GetUser(
            request, metadata=as_caller(access, hash_), timeout=DEADLINE_S
        )
    return answer.user


@users.command("list")
def list_users(*, as_json: JsonOption = False, data_dir: DataDirOption = None) -> None:
    """List all accounts and sub-users by id."""
    found = run(_fetch_all(find_access(data_dir)))
    if as_json:
        print_json([plain(user) for user in found])
        return
    print_table(COLUMNS, [_row_of(user) for user in found])


def _row_of(user: User) -> tuple[object, ...]:
    marks = (user.master_id or "", ", ".join(plain(user)["rights"]), "yes" if user.demo else "")
    return user.id, user.login, *marks, user.time_zone, user.locale, _created(user)


async def _fetch_all(access: Access) -> list[User]:
    from daybook.account.v1.account_service_pb2 import ListUsersRequest
    from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub

    from services.cli.records import PAGE_SIZE, pages

    async with service_at(access, "generation") as channel:
        stub = AccountServiceStub(channel)

        def ask(token: str) -> Any:
            request = ListUsersRequest(page_size=PAGE_SIZE, page_token=token)
            return stub.ListUsers(request, metadata=access.as_operator(), timeout=DEADLINE_S)

        return [user async for page in pages(ask) for user in page.users]
