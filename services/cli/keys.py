"""`daybook key`: API keys of accounts."""

from typing import Annotated

import typer
from daybook.account.v1.account_service_pb2 import CreateApiKeyRequest
from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub

from services.cli.client import DEADLINE_S, Access, find_access, run, service_at
from services.cli.options import DataDirOption
from services.cli.output import print_json

keys = typer.Typer()


@keys.command("add")
def add_key(
    login: Annotated[str, typer.Argument(help="Login of the account.")], data_dir: DataDirOption = None
) -> None:
    """Create an API key and print {"hash": "32 hex"}. It is shown only this once."""
    print_json({"hash": run(create_key(find_access(data_dir), login))})


async def create_key(access: Access, login: str) -> str:
    """Create an API key of an account and return it."""
    async with service_at(access, "generation") as channel:
        request = CreateApiKeyRequest(login=login)
        answer = await AccountServiceStub(channel).CreateApiKey(
            request, metadata=access.as_operator(), timeout=DEADLINE_S
        )
    return answer.hash
