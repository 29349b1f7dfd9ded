"""API keys: names, expiry, use, revocation by id, and audit lines."""

import asyncio
from datetime import timedelta

import pytest

from services.errors import InvalidParameters, NotFound, SessionEnded, TooMuch
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.api_keys import MAX_KEYS, MAX_NAME
from services.generation.accounts.audit import audited
from services.generation.accounts.authentication import Access, Authenticator
from tests.builders.people import NOON, user
from tests.fakes.accounts import FakeAccounts, FakeLoginAttempts, PlainPasswords

ANN, BOB = user(id=1, login="ann"), user(id=2, login="bob")
HOUR = timedelta(hours=1)


@pytest.fixture
def accounts() -> FakeAccounts:
    """Give Ann and Bob at noon."""
    return FakeAccounts(ANN, BOB, now=lambda: NOON)


@pytest.fixture
def service(accounts: FakeAccounts) -> AccountService:
    return AccountService(accounts, PlainPasswords(), FakeLoginAttempts(), lambda: NOON)


async def test_a_key_has_what_it_was_given(service: AccountService) -> None:
    """Ids ascend and are no others'; the text is in no list."""
    first = await service.keys.create(ANN, "Bücher", NOON + HOUR)
    second, bobs = await service.keys.create(ANN), await service.keys.create(BOB)
    found = await service.keys.of(ANN)

    assert first.id < second.id < bobs.id
    assert [(first.id, "Bücher", NOON, None, NOON + HOUR), (second.id, "", NOON, None, None)] == [
        (one.id, one.name, one.create_time, one.last_used_time, one.expire_time) for one in found
    ]
    assert not any(key.hash in str(found) for key in (first, second))


@pytest.mark.parametrize(
    ("name", "expires", "field"),
    [
        ("x" * (MAX_NAME + 1), None, "name"),
        ("a\x1b[31m", None, "name"),
        ("", NOON, "expire_time"),
        ("", NOON - HOUR, "expire_time"),
    ],
)
async def test_a_bad_key_is_refused_by_name(service: AccountService, name: str, expires: object, field: str) -> None:
    """And nothing is stored."""
    with pytest.raises(InvalidParameters) as caught:
        await service.keys.create(ANN, name, expires)  # type: ignore[arg-type] # a moment or none

    assert [field] == [one.field for one in caught.value.violations]
    assert [] == await service.keys.of(ANN)


async def test_a_key_is_revoked_by_its_id(service: AccountService, accounts: FakeAccounts) -> None:
    """By its account or by operators, who name none; an id of another account is as unknown as one of nobody."""
    access = Access(accounts, "secret", lambda: NOON)
    keys = [await service.keys.create(ANN) for _ in range(MAX_KEYS)]
    with pytest.raises(TooMuch):
        await service.keys.create(ANN)
    for owner, id_ in ((BOB, keys[0].id), (ANN, 10**9), (None, 10**9)):
        with pytest.raises(NotFound):
            await service.keys.revoke(id_, owner)
    await service.keys.revoke(keys[0].id, ANN)
    await service.keys.revoke(keys[1].id, None)

    assert MAX_KEYS - 2 == len(await service.keys.of(ANN))
    for key in keys[:2]:
        with pytest.raises(SessionEnded):
            await access.user(f"NVX {key.hash}")
    assert ANN == await access.user(f"NVX {keys[2].hash}")
    assert await service.keys.create(ANN)


async def test_a_session_is_no_key_to_revoke_by_id(service: AccountService) -> None:
    """It is ended among the account's sessions."""
    await service.log_in("ann", "ann", "here")
    (session,) = await service.sessions.of(ANN)
    with pytest.raises(NotFound):
        await service.keys.revoke(session.id, None)


async def test_the_last_use_is_known_to_the_hour(service: AccountService, accounts: FakeAccounts) -> None:
    """It is written when it was an hour ago, or never."""
    key, seen = await service.keys.create(ANN), []
    for minutes in (0, 59, 60, 119, 121):
        await Access(accounts, "secret", lambda at=minutes: NOON + timedelta(minutes=at)).user(f"NVX {key.hash}")
        (found,) = await service.keys.of(ANN)
        assert found.last_used_time is not None
        seen.append((found.last_used_time - NOON) / timedelta(minutes=1))

    assert [0, 0, 60, 60, 121] == seen


async def test_audit_lines_bear_the_id_of_the_key(
    service: AccountService, accounts: FakeAccounts, caplog: pytest.LogCaptureFixture
) -> None:
    """Those of the call that showed it, after NVX or in Basic, and no other's; those of a session bear its id."""
    caplog.set_level("INFO", "daybook.audit")
    authenticator = Authenticator(Access(accounts, "secret", lambda: NOON), service)
    key, session = await service.keys.create(ANN), await service.log_in("ann", "ann", "here")
    (known,), other = await service.sessions.of(ANN), await service.keys.create(ANN)

    async def act(authorization: str) -> None:
        await authenticator.principal(authorization, "here")
        with audited("act"):
            pass

    async def revoke(authorization: str) -> None:
        await authenticator.principal(authorization, "here")
        await service.keys.revoke(other.id, ANN)

    for authorization in (f"NVX {key.hash}", f"NVX {session}", "Bearer secret"):
        await asyncio.create_task(act(authorization))  # as a server answers calls
    lines = [vars(one) for one in caplog.records if vars(one)["action"] == "act"]

    assert [(key.id, None), (None, known.id), (None, None)] == [
        (one.get("key_id"), one.get("session_id")) for one in lines
    ]
    await asyncio.create_task(revoke(f"NVX {key.hash}"))
    revoked = next(vars(one) for one in caplog.records if vars(one)["action"] == "revoke_key")
    assert (other.id, key.id) == (revoked["key_id"], revoked["by_key_id"])
    created = next(vars(one) for one in caplog.records if vars(one)["action"] == "create_key")
    assert (key.id, ANN.id) == (created["key_id"], created["user_id"])
    assert not any(secret in str([vars(one) for one in caplog.records]) for secret in (key.hash, session))
