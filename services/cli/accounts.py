"""`daybook user add` and `daybook key add`: accounts, sub-users and their keys."""

from typing import Annotated

import typer
from daybook.account.v1.account_service_pb2 import CreateApiKeyRequest, CreateUserRequest
from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub

from services.cli.client import DEADLINE_S, Access, DataDirOption, find_access, print_json, run, service_at

users = typer.Typer(help="Accounts and sub-users.", no_args_is_help=True)
keys = typer.Typer(help="API keys.", no_args_is_help=True)


@users.callback()
def user() -> None:
    """Create and remove accounts and sub-users."""


@keys.callback()
def key() -> None:
    """Create API keys."""


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


@keys.command("add")
def add_key(
    login: Annotated[str, typer.Argument(help="Login of the account.")], data_dir: DataDirOption = None
) -> None:
    """Create an API key and print {"hash": "32 hex"}. It is shown only this once."""
    print_json({"hash": run(create_key(find_access(data_dir), login))})


async def create_user(access: Access, request: CreateUserRequest) -> int:
    """Create an account and return its id."""
    async with service_at(access, "generation") as channel:
        answer = await AccountServiceStub(channel).CreateUser(
            request, metadata=access.as_operator(), timeout=DEADLINE_S
        )
    return answer.user_id


async def create_key(access: Access, login: str) -> str:
    """Create an API key of an account and return it."""
    async with service_at(access, "generation") as channel:
        request = CreateApiKeyRequest(login=login)
        answer = await AccountServiceStub(channel).CreateApiKey(
            request, metadata=access.as_operator(), timeout=DEADLINE_S
        )
    return answer.hash
