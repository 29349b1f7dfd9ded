"""Stores of versions that compared logins exactly, and emails by letters' case."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.generation.store.identity_migration import migrate_identities
from services.generation.store.indexes import create_indexes
from services.generation.store.mongo import opened
from services.generation.store.mongo_accounts import MongoAccounts
from services.runtime.serve import CannotServe
from tests.builders.mongod import for_this_worker
from tests.builders.people import NOON

DATABASE = for_this_worker("generation_tests_of_old_stores")
ANN = {"_id": 1, "login": "Straße@example.com", "password_hash": "x"}
BOB = {"_id": 2, "login": "bob@example.com", "password_hash": "x"}


@pytest.fixture
async def old(mongodb_uri: str) -> AsyncIterator[Any]:
    """Give an empty database with the indexes of old on accounts, which is dropped at the end."""
    async with opened(mongodb_uri, DATABASE) as database:
        await database.client.drop_database(DATABASE)
        await database.users.create_index("login", unique=True)
        yield database
        await database.client.drop_database(DATABASE)


async def filled(database: Any) -> None:
    """Store Ann, her older person 9, and Bob, whose person bears another email now."""
    locale = {"locale": "en", "time_zone": "UTC"}
    common = {"locale": locale, "create_time": NOON, "demo": False, "master_id": None, "rights": []}
    await database.users.insert_many([common | ANN, common | BOB])
    await database.counters.insert_one({"_id": "user", "last": 9})
    people = [{"_id": 9, "email_key": "strasse@example.com"}, {"_id": 2, "email_key": "robert@example.com"}]
    await database.people.insert_many(people)
    members = [(9, "STRAßE@example.com"), (2, "robert@example.com"), (5, "")]
    await database.members.insert_many(
        [{"workspace_id": 1, "user_id": id_, "email": email, "email_key": email.lower()} for id_, email in members]
    )


async def test_an_old_store_gets_keys_and_persons(old: Any) -> None:
    """Each account is the person of its login, or a new one; the indexes of old go. Doing it again changes nothing."""
    await filled(old)
    for _ in range(2):
        await migrate_identities(old)
        await create_indexes(old)
    accounts = MongoAccounts(old)
    ann, bob = [await accounts.by_login(login) for login in ("strasse@example.com", " BOB@example.com")]

    assert ann is not None
    assert bob is not None
    assert ((1, 9), (2, 10)) == ((ann[0].id, ann[0].member_id), (bob[0].id, bob[0].member_id))
    assert ["", "robert@example.com", "strasse@example.com"] == sorted(
        [one["email_key"] async for one in old.members.find()]
    )
    assert {"_id_", "login_key_1", "person_id_1", "master_id_1"} == (await old.users.index_information()).keys()


async def test_old_sessions_and_keys_get_ids(old: Any) -> None:
    """In the order in which they were made; they work as before, and new ones have other ids."""
    await filled(old)
    later = datetime(2100, 1, 1, tzinfo=UTC)
    for place, more in enumerate(({"slot": 0}, {"expire_time": later}, {"slot": 1})):
        made = {"_id": bytes([place]), "user_id": 1, "create_time": NOON + timedelta(hours=place)}
        await old.credentials.insert_one(made | more)
    for _ in range(2):
        await migrate_identities(old)
        await create_indexes(old)
    accounts = MongoAccounts(old)
    found = await accounts.credentials_of(1)

    assert [(1, True, None), (2, False, later), (3, True, None)] == [
        (one.id, one.is_key, one.expire_time) for one in found
    ]
    assert "Straße@example.com" == (await accounts.user_of(b"\0") or found)[0].login  # type: ignore[union-attr]
    assert 4 == await accounts.add_key(b"new", 1, 20)


@pytest.mark.parametrize(
    ("twins", "said"),
    [
        ({"users": [{"_id": 7, "login": "STRASSE@example.com"}]}, "(account 1) and 'STRASSE@example.com' (account 7)"),
        ({"users": [{"_id": 7, "login": "bob@example.com "}]}, "'bob@example.com' (account 2) and 'bob@example.com '"),
        ({"people": [{"_id": 8, "email_key": "\uff52obert@example.com"}]}, "'robert@example.com' (person 2) and "),
    ],
)
async def test_twins_are_named_and_nothing_is_changed(old: Any, twins: dict[str, Any], said: str) -> None:
    """A program cannot tell which of them is meant."""
    await filled(old)
    for collection, documents in twins.items():
        await old[collection].insert_many(documents)
    before = {name: await old[name].find().sort("_id").to_list() for name in ("users", "people", "members")}
    with pytest.raises(CannotServe) as caught:
        await migrate_identities(old)

    assert said in str(caught.value)
    assert before == {name: await old[name].find().sort("_id").to_list() for name in before}


async def test_a_service_over_twins_does_not_start(old: Any, mongodb_uri: str) -> None:
    """It ends with code 1, and the last line that it writes names them: no worker is started before."""
    await filled(old)
    await old.users.insert_one({"_id": 7, "login": "BOB@example.com"})
    settings = {"MONGODB_URI": mongodb_uri, "MONGODB_DATABASE": DATABASE, "OPERATOR_TOKEN": "secret"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.generation"),
        env=os.environ | settings | {"GENERATION_LISTEN": "127.0.0.1:0", "WORKERS": "1"},
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        _, log = await process.communicate()
    last = log.decode().splitlines()[-1]

    assert 1 == process.returncode
    assert last.startswith("generation: logins or emails that count as one: 'bob@example.com' (account 2) and 'BOB@")
