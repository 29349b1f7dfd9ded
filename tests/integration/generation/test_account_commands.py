"""The commands around accounts, keys and sessions over a real channel, and where they take secrets from."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from daybook.account.v1.account_service_pb2 import CreateUserRequest, LogInRequest

from tests.integration.generation.input_services import inputs_on
from tests.integration.generation.services import OPERATOR, Client

ANN = "ann@example.com"
Command = Callable[..., Awaitable[Any]]


class Failed(Exception):
    """A command that ended with another code than 0; the text is what it wrote on standard error."""


@pytest.fixture
async def client(db: Any) -> AsyncIterator[Client]:
    """Give a client of a service in which Ann has an account."""
    async with inputs_on(db) as running:
        asked = CreateUserRequest(login=ANN, password="secret", time_zone="Europe/Berlin")
        await running.accounts.CreateUser(asked, metadata=OPERATOR)
        yield running


@pytest.fixture
def daybook(client: Client) -> Command:
    """Give what runs a command as operators do and returns the JSON that it prints."""

    async def run(words: str, stdin: str = "", **environment: str) -> Any:
        service = {"GENERATION_ADDRESS": client.address, "RENDERING_ADDRESS": client.address}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.cli", *words.split()),
            env=os.environ | service | {"OPERATOR_TOKEN": "secret", "COLUMNS": "200"} | environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(120):
            said, complaint = await process.communicate(stdin.encode())
        if process.returncode:
            raise Failed(complaint.decode())
        return json.loads(said)

    return run


async def log_in(client: Client, password: str) -> str:
    return str((await client.accounts.LogIn(LogInRequest(login=ANN, password=password))).hash)


async def test_a_user_is_added_shown_listed_and_changed(client: Client, daybook: Command) -> None:
    """With a password from standard input; a change touches what it names, and another password ends the sessions."""
    added = await daybook("user add bob --password-stdin --master ann@example.com --right reports --json", "pässword\n")
    bob = await daybook("user show bob --json")
    everybody = await daybook("user list --json")

    assert (added["user_id"], "bob", ["reports"], "UTC") == (bob["id"], bob["login"], bob["rights"], bob["time_zone"])
    assert [ANN, "bob"] == [one["login"] for one in everybody]
    assert bob == everybody[1]
    assert bob["create_time"].endswith(("Z", "+00:00"))
    await client.accounts.LogIn(LogInRequest(login="bob", password="pässword"))

    words = "user set bob --time-zone Asia/Tokyo --demo --no-rights --password-stdin --revoke-keys"
    changed = await daybook(words, "other\r\n")
    assert bob | {
        "time_zone": "Asia/Tokyo", "demo": True, "rights": [], "ended_session_count": 1, "revoked_key_count": 0,
    } == changed  # fmt: skip
    await client.accounts.LogIn(LogInRequest(login="bob", password="other"))
    assert not (await daybook("user set bob --no-demo --json"))["demo"]


async def test_keys_are_made_listed_and_revoked(client: Client, daybook: Command) -> None:
    """By operators, and by the account whose hash is given in any of three places."""
    made = await daybook(f"key add {ANN} --name van --expires 2100-01-31")
    by_owner = await daybook(
        f"key add {ANN} --expires 2100-01-31T18:00+02:00", DAYBOOK_HASH=await log_in(client, "secret")
    )
    first, second = await daybook(f"key list {ANN} --json")

    assert {"id", "name", "create_time", "last_used_time", "expire_time"} == first.keys()
    assert (made["id"], "van", None) == (first["id"], first["name"], first["last_used_time"])
    assert ("2100-02-01T00:00:00", "2100-01-31T16:00:00") == (first["expire_time"][:19], second["expire_time"][:19])
    assert {"id", "hash"} == made.keys() == by_owner.keys()
    assert made["hash"] not in str((first, second))
    assert {"revoked_id": made["id"]} == await daybook(f"key revoke {made['id']} --hash-stdin", f"{by_owner['hash']}\n")
    with pytest.raises(Failed, match=f"error: There is no API key {made['id']}"):
        await daybook(f"key revoke {made['id']} --hash {by_owner['hash']}")
    assert [by_owner["id"]] == [one["id"] for one in await daybook(f"key list {ANN} --json")]


async def test_sessions_are_listed_and_ended(client: Client, daybook: Command) -> None:
    """One by its id, or all."""
    for _ in range(3):
        await log_in(client, "secret")
    found = await daybook(f"session list {ANN} --json")

    assert {"id", "create_time", "last_used_time", "expire_time"} == found[0].keys()
    assert {"ended_count": 1} == await daybook(f"session end {ANN} {found[0]['id']}")
    assert found[1:] == await daybook(f"session list {ANN} --json")
    assert {"ended_count": 2} == await daybook(f"session end {ANN} --all")
    assert [] == await daybook(f"session list {ANN} --json")


@pytest.mark.parametrize(
    ("words", "stdin", "complaint"),
    [
        ("user add bob", "", "--password-stdin is needed where nobody can be asked for the password"),
        ("user add bob --password-stdin", "", "standard input holds no password"),
        ("user add bob --password x --password-stdin", "y", "--password and --password-stdin exclude each other"),
        (f"user add {ANN.upper()} --password-stdin", "y", f"The login '{ANN.upper()}' is taken"),
        (f"user set {ANN}", "", "nothing to change is named"),
        (f"user set {ANN} --revoke-keys --demo", "", "--revoke-keys needs --password-stdin"),
        (f"user set {ANN} --right reports", "", "--right: belong to a sub-user"),
        (f"user set {ANN} --time-zone Mars/Base", "", "--time-zone: must be an IANA time zone"),
        ("user show nobody", "", "There is no login 'nobody'"),
        (f"key add {ANN} --expires 2020-01-01", "", "--expires: must lie in the future"),
        (f"key add {ANN} --expires 2100-13-01", "", "--expires must be YYYY-MM-DD, or a moment with offset"),
        (f"key add {ANN} --expires 2100-01-01T10:00", "", "--expires must be YYYY-MM-DD, or a moment with offset"),
        (f"key list {ANN} --hash-stdin", "", "standard input holds no hash"),
        (f"session end {ANN}", "", "name either the ID of a session, or --all"),
        (f"session end {ANN} 7 --all", "", "name either the ID of a session, or --all"),
        (f"session end {ANN} 7", "", "The account has no session 7"),
    ],
)
async def test_a_mistake_is_one_line(daybook: Command, words: str, stdin: str, complaint: str) -> None:
    """It names what is wrong."""
    with pytest.raises(Failed) as caught:
        await daybook(words, stdin)

    assert 1 == str(caught.value).count("\n")
    assert complaint in str(caught.value)
