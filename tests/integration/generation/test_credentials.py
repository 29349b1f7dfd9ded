"""Keys, sessions, passwords and settings of accounts over a real channel, and in several processes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from daybook.account.v1 import account_service_pb2 as pb
from google.protobuf.field_mask_pb2 import FieldMask

from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Access, Authenticator
from services.generation.accounts.credentials import digest_of
from services.generation.accounts.login_limit import WINDOW
from services.generation.store import recent_credentials
from services.generation.store.mongo_login_attempts import MongoLoginAttempts
from services.generation.store.recent_credentials import REMEMBERED_S, RecentCredentials
from services.generation.store.server_clock import now
from services.runtime.codec import timestamp_of
from tests.builders.people import user
from tests.fakes.accounts import PlainPasswords
from tests.integration.generation.input_services import inputs_on
from tests.integration.generation.services import OPERATOR, Client, Metadata, failure
from tests.integration.generation.studio import basic

ANN, BOB = "ann@example.com", "bob@example.com"
ENDED, INVALID, MISSING = (
    ("UNAUTHENTICATED", "SESSION_ENDED"),
    ("INVALID_ARGUMENT", "INVALID_PARAMETERS"),
    ("NOT_FOUND", "ENTITY_NOT_FOUND"),
)
UNSIGNED = ("UNAUTHENTICATED", "WRONG_HASH")


@pytest.fixture
async def client(db: Any) -> AsyncIterator[Client]:
    """Give a client of a service in which Ann and Bob have accounts."""
    async with inputs_on(db) as running:
        for login in (ANN, BOB):
            await running.accounts.CreateUser(pb.CreateUserRequest(login=login, password="secret"), metadata=OPERATOR)
        yield running


def nvx(hash_: str) -> Metadata:
    return (("authorization", f"NVX {hash_}"),)


async def log_in(client: Client, login: str = ANN, password: str = "secret") -> Metadata:
    """Begin a session and return the metadata of its calls."""
    answer = await client.accounts.LogIn(pb.LogInRequest(login=login, password=password))
    return nvx(answer.hash)


async def new_key(client: Client, who: Metadata = OPERATOR, login: str = ANN, **more: Any) -> Any:
    return await client.accounts.CreateApiKey(pb.CreateApiKeyRequest(login=login, **more), metadata=who)


async def keys(client: Client, who: Metadata, login: str = "") -> list[Any]:
    return list((await client.accounts.ListApiKeys(pb.ListApiKeysRequest(login=login), metadata=who)).keys)


async def sessions(client: Client, who: Metadata, login: str = "") -> list[Any]:
    return list((await client.accounts.ListSessions(pb.ListSessionsRequest(login=login), metadata=who)).sessions)


async def who_is(client: Client, who: Metadata) -> str:
    return str((await client.accounts.GetProfile(pb.GetProfileRequest(), metadata=who)).email)


async def test_keys_are_listed_and_revoked_by_id(client: Client) -> None:
    """By their account, in any spelling of its login, and by operators; another's is unknown."""
    expires = timestamp_of(datetime(2100, 1, 1, tzinfo=UTC))
    key = await new_key(client, name="van", expire_time=expires)
    own = await new_key(client, basic(ANN), login="")
    bobs = await new_key(client, login=BOB)
    assert ANN == await who_is(client, nvx(key.hash))
    listed = await keys(client, OPERATOR, ANN)

    assert listed == await keys(client, basic(ANN))
    assert [key.id, own.id] == [one.id for one in await keys(client, nvx(own.hash), f" {ANN.upper()}")]
    assert [(key.id, "van", expires, True), (own.id, "", pb.ApiKey().expire_time, False)] == [
        (one.id, one.name, one.expire_time, one.HasField("last_used_time")) for one in listed
    ]
    for who, id_ in ((basic(ANN), bobs.id), (basic(ANN), 10**9), (OPERATOR, 10**9)):
        revoking = client.accounts.RevokeApiKey(pb.RevokeApiKeyRequest(id=id_), metadata=who)
        assert MISSING == await failure(revoking)
    for who, one in ((basic(ANN), key), (OPERATOR, own)):
        await client.accounts.RevokeApiKey(pb.RevokeApiKeyRequest(id=one.id), metadata=who)
        assert ENDED == await failure(client.accounts.GetProfile(pb.GetProfileRequest(), metadata=nvx(one.hash)))
    assert BOB == await who_is(client, nvx(bobs.hash))
    assert [] == await keys(client, basic(ANN))


async def test_a_lost_key_makes_room_without_its_text(client: Client) -> None:
    """Of 20 keys whose texts nobody has any is revoked, and another is made."""
    for _ in range(20):
        await new_key(client)
    assert ("RESOURCE_EXHAUSTED", "TOO_MANY_REQUESTS") == await failure(new_key(client))
    lost = (await keys(client, OPERATOR, ANN))[7]
    await client.accounts.RevokeApiKey(pb.RevokeApiKeyRequest(id=lost.id), metadata=OPERATOR)

    assert (await new_key(client)).id > lost.id


async def test_keys_and_sessions_are_their_accounts_alone(client: Client) -> None:
    """Another's login is for operators; a key makes no keys, without credentials nothing is told."""
    key, session = await new_key(client), await log_in(client)
    accounts = client.accounts

    def asked(who: Metadata | None, login: str) -> list[Any]:
        return [
            accounts.GetUser(pb.GetUserRequest(login=login), metadata=who),
            accounts.ListApiKeys(pb.ListApiKeysRequest(login=login), metadata=who),
            accounts.ListSessions(pb.ListSessionsRequest(login=login), metadata=who),
            accounts.EndSessions(pb.EndSessionsRequest(login=login, all=True), metadata=who),
            accounts.CreateApiKey(pb.CreateApiKeyRequest(login=login), metadata=who),
            accounts.SetPassword(pb.SetPasswordRequest(login=login, password="x", old_password="secret"), metadata=who),
        ]

    assert {INVALID} == {await failure(call) for call in asked(basic(BOB), ANN)}
    assert {INVALID} == {await failure(call) for call in asked(OPERATOR, "")}
    assert {MISSING} == {await failure(call) for call in asked(OPERATOR, "nobody")}
    assert {UNSIGNED} == {await failure(call) for call in asked(None, ANN)}
    assert ("PERMISSION_DENIED", "RIGHT_MISSING") == await failure(new_key(client, nvx(key.hash)))
    assert ANN == await who_is(client, session)
    for request in (pb.RevokeApiKeyRequest(), pb.RevokeApiKeyRequest(hash="")):
        assert INVALID == await failure(accounts.RevokeApiKey(request, metadata=OPERATOR))
    for which in ({}, {"all": False}):
        request = pb.EndSessionsRequest(login=ANN, **which)
        assert INVALID == await failure(accounts.EndSessions(request, metadata=OPERATOR))


async def test_sessions_are_listed_and_ended(client: Client) -> None:
    """One by its id, or all; an operator sees the same."""
    first, second, third = [await log_in(client) for _ in range(3)]
    listed = await sessions(client, first)
    assert listed == await sessions(client, OPERATOR, ANN)
    assert sorted(one.id for one in listed) == [one.id for one in listed]
    ending = pb.EndSessionsRequest(session_id=listed[1].id)
    assert 1 == (await client.accounts.EndSessions(ending, metadata=first)).ended_count

    assert [listed[0], listed[2]] == await sessions(client, third)
    assert ENDED == await failure(sessions(client, second))
    assert MISSING == await failure(client.accounts.EndSessions(ending, metadata=first))
    everything = pb.EndSessionsRequest(login=ANN, all=True)
    assert 2 == (await client.accounts.EndSessions(everything, metadata=OPERATOR)).ended_count
    assert ENDED == await failure(sessions(client, third))


async def test_an_account_changes_its_password(client: Client) -> None:
    """With the old one; all its sessions end, and keys stay unless it says otherwise."""
    session, key = await log_in(client), await new_key(client)
    wrong = pb.SetPasswordRequest(password="new", old_password="guess")
    assert ("UNAUTHENTICATED", "WRONG_LOGIN") == await failure(client.accounts.SetPassword(wrong, metadata=session))
    bad = pb.SetPasswordRequest(password="x" * 256, old_password="secret")
    assert INVALID == await failure(client.accounts.SetPassword(bad, metadata=session))
    assert ANN == await who_is(client, basic(ANN))
    right = pb.SetPasswordRequest(password="new", old_password="secret")
    answer = await client.accounts.SetPassword(right, metadata=session)

    assert (1, 0) == (answer.ended_session_count, answer.revoked_key_count)
    assert ENDED == await failure(sessions(client, session))
    assert ("UNAUTHENTICATED", "WRONG_LOGIN") == await failure(sessions(client, basic(ANN)))
    assert ANN == await who_is(client, basic(ANN, "new")) == await who_is(client, nvx(key.hash))
    by_operator = pb.SetPasswordRequest(login=ANN, password="other", revoke_keys=True)
    assert 1 == (await client.accounts.SetPassword(by_operator, metadata=OPERATOR)).revoked_key_count
    assert ENDED == await failure(sessions(client, nvx(key.hash)))
    assert ANN == await who_is(client, await log_in(client, password="other"))


async def test_operators_change_what_they_name(client: Client) -> None:
    """Nothing else; an empty text is the default again. Unknown and missing names and wrong values are refused."""
    made = pb.CreateUserRequest(login="sub", password="secret", master_login=ANN, rights=["RIGHT_REPORTS"], locale="ru")
    await client.accounts.CreateUser(made, metadata=OPERATOR)

    async def change(*paths: str, who: Metadata = OPERATOR, login: str = "sub", **fields: Any) -> pb.User:
        request = pb.UpdateUserRequest(login=login, user=pb.User(**fields), update_mask=FieldMask(paths=paths))
        return (await client.accounts.UpdateUser(request, metadata=who)).user

    before = (await client.accounts.GetUser(pb.GetUserRequest(login="sub"), metadata=OPERATOR)).user
    after = await change("time_zone", "demo", time_zone="Asia/Tokyo", demo=True, locale="de", rights=["RIGHT_REPORTS"])
    expected = pb.User()
    expected.CopyFrom(before)
    expected.time_zone, expected.demo = "Asia/Tokyo", True
    assert expected == after == (await client.accounts.GetUser(pb.GetUserRequest(), metadata=basic("sub"))).user
    expected.time_zone, expected.locale = "UTC", "en"
    del expected.rights[:]
    assert expected == await change("time_zone", "locale", "rights")

    for paths, fields in (
        ((), {"demo": True}),
        (("login",), {"login": "x"}),
        (("time_zone",), {"time_zone": "Mars/Base"}),
        (("rights",), {"rights": [99]}),
        (("demo", "password"), {}),
    ):
        assert INVALID == await failure(change(*paths, **fields))
    assert INVALID == await failure(change("rights", login=ANN, rights=["RIGHT_REPORTS"]))
    assert MISSING == await failure(change("demo", login="nobody"))
    assert UNSIGNED == await failure(change("demo", who=basic("sub")))


async def test_a_demo_account_keeps_its_credentials(client: Client) -> None:
    """Many share it: it changes neither password nor keys nor sessions, operators do."""
    made = pb.CreateUserRequest(login="demo", password="secret", demo=True)
    await client.accounts.CreateUser(made, metadata=OPERATOR)
    key, who = await new_key(client, login="demo"), basic("demo")
    accounts = client.accounts
    for call in (
        accounts.SetPassword(pb.SetPasswordRequest(password="x", old_password="secret"), metadata=who),
        accounts.CreateApiKey(pb.CreateApiKeyRequest(), metadata=who),
        accounts.RevokeApiKey(pb.RevokeApiKeyRequest(id=key.id), metadata=who),
        accounts.EndSessions(pb.EndSessionsRequest(all=True), metadata=who),
    ):
        assert ("PERMISSION_DENIED", "DEMO_ACCOUNT") == await failure(call)

    assert [key.id] == [one.id for one in await keys(client, who)]
    await accounts.RevokeApiKey(pb.RevokeApiKeyRequest(id=key.id), metadata=OPERATOR)


class Replicas:
    """Two processes over one database, whose caches go by one clock."""

    def __init__(self, db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.s = 0.0
        monkeypatch.setattr(recent_credentials, "time", SimpleNamespace(monotonic=lambda: self.s))
        self.accounts = [RecentCredentials(db) for _ in range(2)]
        self.services = [
            AccountService(one, PlainPasswords(), MongoLoginAttempts(db, WINDOW), now) for one in self.accounts
        ]
        self.callers = [
            Authenticator(Access(one, "secret", now), service, lambda: self.s)
            for one, service in zip(self.accounts, self.services, strict=True)
        ]


async def test_what_one_process_ends_is_refused_by_the_other_within_a_second(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys, sessions and remembered passwords; the process that ends them refuses them at once."""
    replicas = Replicas(db, monkeypatch)
    (first, second), (ours, theirs) = replicas.services, replicas.callers
    ann = user(id=await replicas.accounts[0].add(user(login=ANN), "secret"), login=ANN)
    ended = [
        f"NVX {(await first.keys.create(ann)).hash}",
        f"NVX {await first.log_in(ANN, 'secret', 'here')}",
        dict(basic(ANN))["authorization"],
    ]
    for one in ended:
        assert await ours.principal(one, "here")
        assert await theirs.principal(one, "there")
    await first.set_password(ann, "new", revoke_keys=True)
    here = await asyncio.gather(*(ours.principal(one, "here") for one in ended), return_exceptions=True)
    replicas.s += REMEMBERED_S
    there = await asyncio.gather(*(theirs.principal(one, "there") for one in ended), return_exceptions=True)

    assert 1.0 >= REMEMBERED_S
    assert ["SESSION_ENDED", "SESSION_ENDED", "WRONG_LOGIN"] * 2 == [getattr(one, "reason", "") for one in here + there]
    assert await second.log_in(ANN, "new", "there")


async def test_concurrent_log_ins_keep_the_number_of_sessions(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over all processes; the last to begin is among those that stay."""
    replicas = Replicas(db, monkeypatch)
    ann = user(id=await replicas.accounts[0].add(user(login=ANN), "secret"), login=ANN)
    begun = [replicas.services[number % 2].sessions.begin(ann) for number in range(70)]
    await asyncio.gather(*begun)
    last = await replicas.services[0].sessions.begin(ann)
    sessions_left = await replicas.services[1].sessions.of(ann)

    assert 50 == len(sessions_left)
    assert sessions_left[-1] == (await replicas.accounts[1].user_of(digest_of(last)) or [None, None])[1]


async def test_an_expired_key_is_refused(client: Client, db: Any) -> None:
    """From its moment on, and it is in no list any more."""
    key = await new_key(client, expire_time=timestamp_of(datetime(2100, 1, 1, tzinfo=UTC)))
    await db.credentials.update_one({"number": key.id}, {"$set": {"expire_time": now() - timedelta(seconds=1)}})

    assert ENDED == await failure(sessions(client, nvx(key.hash)))
    assert [] == await keys(client, basic(ANN))
    late = pb.CreateApiKeyRequest(login=ANN, expire_time=timestamp_of(datetime(2020, 1, 1, tzinfo=UTC)))
    assert INVALID == await failure(client.accounts.CreateApiKey(late, metadata=OPERATOR))
