"""Accounts, sessions and keys on a real MongoDB."""

import asyncio
import hashlib
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.errors import AlreadyExists, InvalidParameters, NotFound, SessionEnded, TooMuch, WrongLogin
from services.generation.accounts.account_service import AccountService, NewUser
from services.generation.accounts.api_keys import MAX_KEYS
from services.generation.accounts.authentication import Access
from services.generation.accounts.credentials import SESSION_LIFE, Argon2Passwords, digest_of
from services.generation.accounts.login_limit import ATTEMPTS_PER_LOGIN, WINDOW
from services.generation.accounts.removal import RemovalService
from services.generation.accounts.user import User
from services.generation.domain.paging import Page
from services.generation.store.mongo import Ids
from services.generation.store.mongo_erasure import MongoErasure
from services.generation.store.mongo_login_attempts import MongoLoginAttempts
from services.generation.store.recent_credentials import RecentCredentials
from services.generation.words.language import Locale
from services.runtime.channel import client_is_proxy
from tests.fakes.accounts import PlainPasswords

OWNER = NewUser("fleet", "secret", Locale(locale="ru", time_zone="Europe/Moscow"))
SUB = NewUser("anna", "secret", Locale(), master_login="fleet", rights=("reports",))


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def service(db: Any) -> AccountService:
    return AccountService(RecentCredentials(db), PlainPasswords(), MongoLoginAttempts(db, WINDOW), now)


@pytest.fixture
def access(service: AccountService) -> Access:
    return Access(service._accounts, "secret", now)


async def created_key(service: AccountService) -> str:
    """Return a new API key of the account."""
    return (await service.keys.create(await service.by_login("fleet"))).hash


async def known(access: Access, hash_: str) -> User | None:
    """Return whom a hash belongs to."""
    try:
        return await access.user(f"NVX {hash_}")
    except SessionEnded:
        return None


async def test_an_account_is_what_was_asked_for(service: AccountService) -> None:
    """All settings come back, and ids ascend from 1."""
    ids = [await service.create(OWNER), await service.create(SUB)]
    users = await service.page(Page(10))

    assert [1, 2] == ids == [user.id for user in users]
    assert (OWNER.locale, None, 1) == (users[0].locale, users[0].master_id, users[0].account_id)
    assert (1, frozenset({"reports"}), 1) == (users[1].master_id, users[1].rights, users[1].account_id)
    assert [2] == [user.id for user in await service.page(Page(10, (1,)))]


async def test_a_login_is_one_accounts_alone(service: AccountService) -> None:
    """Of many at once that want a login one gets it."""
    outcomes = await asyncio.gather(*(service.create(OWNER) for _ in range(10)), return_exceptions=True)

    assert 1 == sum(isinstance(one, int) for one in outcomes)
    assert 9 == sum(isinstance(one, AlreadyExists) for one in outcomes)


async def test_a_bad_account_is_refused_by_name(service: AccountService) -> None:
    """Every wrong setting is named; a sub-user's master must exist and be no sub-user."""
    bad = NewUser("", "", Locale("xx_QQ", "Mars/Base", "ells", "d", "NOON", "noday"), rights=("all",))
    with pytest.raises(InvalidParameters) as caught:
        await service.create(bad)
    assert {
        "login",
        "password",
        "rights",
        "locale",
        "time_zone",
        "measurement_system",
        "date_format",
        "hour_mode",
        "week_start",
    } == {one.field for one in caught.value.violations}
    with pytest.raises(NotFound):
        await service.create(SUB)
    await service.create(OWNER)
    await service.create(SUB)
    with pytest.raises(InvalidParameters):
        await service.create(NewUser("bob", "secret", Locale(), master_login="anna"))


async def test_the_store_keeps_no_hash(service: AccountService, db: Any) -> None:
    """Keys and sessions are kept as SHA-256 only, passwords as argon2id."""
    real = AccountService(service._accounts, passwords := Argon2Passwords(), MongoLoginAttempts(db, WINDOW), now)
    await real.create(OWNER)
    hashes = [await created_key(real), await real.log_in("fleet", "secret", "here")]
    stored = [document["_id"] async for document in db.credentials.find()]
    (user,) = [document async for document in db.users.find()]
    passwords.close()

    assert {hashlib.sha256(one.encode()).digest() for one in hashes} == set(stored)
    assert user["password_hash"].startswith("$argon2id$")


async def test_passwords_are_checked_beside_the_event_loop() -> None:
    """Two hashes are computed at once, in threads; an unknown login takes as long as a wrong password."""
    passwords = Argon2Passwords()
    names = set[str]()
    hasher = passwords._hasher

    class Watched:
        def verify(self, hashed: str, password: str) -> bool:
            names.add(threading.current_thread().name)
            return hasher.verify(hashed, password)

    hashed = await passwords.hash("secret")
    passwords._hasher = Watched()  # type: ignore[assignment] # tells where it is called
    outcomes = await asyncio.gather(
        *(passwords.matches(word, of) for word in ("secret", "wrong", "nobody") for of in (hashed, "", "no hash"))
    )
    passwords.close()

    assert [True, *[False] * 8] == outcomes
    assert names <= {"argon2_0", "argon2_1"}


async def test_a_session_works_until_it_is_ended(service: AccountService, access: Access) -> None:
    """Logging in gives a hash, logging out takes it at once, and only that one."""
    await service.create(OWNER)
    first, second = [await service.log_in("fleet", "secret", "here") for _ in range(2)]
    user = await known(access, first)
    assert user is not None
    await service.sessions.log_out(user, f"NVX {first}")

    assert [None, user] == [await known(access, one) for one in (first, second)]


async def test_a_key_outlives_logging_out(service: AccountService, access: Access) -> None:
    """An API key is no session: only an operator revokes it, and that works at once."""
    await service.create(OWNER)
    key = await created_key(service)
    user = await known(access, key)
    assert user is not None
    await service.sessions.log_out(user, f"NVX {key}")
    assert user == await known(access, key)

    await service.keys.revoke_text(key, None)
    assert await known(access, key) is None
    with pytest.raises(NotFound):
        await service.keys.revoke_text(key, None)


async def test_a_revocation_wins_over_a_lookup_under_way(db: Any) -> None:
    """A credential that was being looked up while it was revoked is not remembered."""
    accounts = RecentCredentials(db)
    user_id = await accounts.add(User(0, "fleet", Locale(), now()), "")
    for number in range(20):
        digest = digest_of(f"{number:032x}")
        await accounts.add_key(digest, user_id, MAX_KEYS)
        await asyncio.gather(accounts.user_of(digest), accounts.remove_credential(digest))
        assert await accounts.user_of(digest) is None


async def test_a_removed_account_is_forgotten_at_once(db: Any) -> None:
    """Its credential used the moment before opens nothing any more, neither that of a sub-user."""
    accounts = RecentCredentials(db)
    master_id = await accounts.add(User(0, "fleet", Locale(), now()), "")
    sub_id = await accounts.add(User(0, "driver", Locale(), now(), master_id=master_id), "")
    digests = [digest_of(f"{number:032x}") for number in range(2)]
    for digest, user_id in zip(digests, (master_id, sub_id), strict=True):
        await accounts.add_key(digest, user_id, MAX_KEYS)
        assert await accounts.user_of(digest)

    removals = RemovalService(MongoErasure(db), accounts.forget).remove("fleet")
    await anext(removals)
    assert [None, None] == [await accounts.user_of(digest) for digest in digests]
    assert [True] == [removal.done async for removal in removals][-1:]


async def test_an_account_has_at_most_twenty_keys(service: AccountService) -> None:
    """The limit holds when many keys are asked for at once, and a revoked one makes room."""
    await service.create(OWNER)
    outcomes = await asyncio.gather(*(created_key(service) for _ in range(MAX_KEYS + 10)), return_exceptions=True)
    keys = [one for one in outcomes if isinstance(one, str)]

    assert (MAX_KEYS, 10) == (len(set(keys)), sum(isinstance(one, TooMuch) for one in outcomes))
    await service.keys.revoke_text(keys[0], None)
    assert await created_key(service)


async def test_an_expired_session_has_ended(service: AccountService, access: Access, db: Any) -> None:
    """A session unused for 30 days does not work, even before the store deletes it."""
    await service.create(OWNER)
    session = await service.log_in("fleet", "secret", "here")
    stored = await db.credentials.find_one()
    assert timedelta(minutes=1) > abs(stored["expire_time"] - now() - SESSION_LIFE)
    await db.credentials.update_one({}, {"$set": {"expire_time": now() - timedelta(seconds=1)}})

    assert await known(access, session) is None


async def test_wrong_passwords_are_limited(service: AccountService) -> None:
    """Many guesses at once are checked ten times at most; then the right password waits there, and passes elsewhere."""
    await service.create(OWNER)
    passwords = service._passwords
    guesses = (service.log_in("fleet", f"guess {number}", "here") for number in range(40))
    outcomes = [type(one) for one in await asyncio.gather(*guesses, return_exceptions=True)]

    assert (ATTEMPTS_PER_LOGIN, 30) == (outcomes.count(WrongLogin), outcomes.count(TooMuch))
    assert ATTEMPTS_PER_LOGIN == passwords.checked  # type: ignore[attr-defined] # the fake counts
    with pytest.raises(TooMuch) as refused:
        await service.log_in("fleet", "secret", "here")
    assert refused.value.retry_after_s is not None
    assert 0 < refused.value.retry_after_s <= WINDOW.total_seconds()
    assert await service.log_in("fleet", "secret", "elsewhere")


async def test_strangers_behind_a_proxy_lock_nobody_out(service: AccountService) -> None:
    """Fifty wrong passwords for fifty names from the proxy's own address leave the right one of another name alone."""
    await service.create(OWNER)
    client_is_proxy.set(True)
    for number in range(50):
        with pytest.raises(WrongLogin):
            await service.log_in(f"name {number}", "guess", "10.0.0.1")

    assert await service.log_in("fleet", "secret", "10.0.0.1")


async def test_a_login_that_nobody_can_have_is_wrong(service: AccountService) -> None:
    """Unknown and impossible logins are answered alike."""
    for login, password in (("nobody", "secret"), ("x" * 10_000, "secret"), ("nobody", "x" * 10_000), ("\0", "")):
        with pytest.raises(WrongLogin):
            await service.log_in(login, password, "here")


async def test_logins_leave_a_line(service: AccountService, caplog: pytest.LogCaptureFixture) -> None:
    """Who logged in, from where, and with which outcome, never with what."""
    caplog.set_level("INFO", "daybook.audit")
    await service.create(OWNER)
    session = await service.log_in("fleet", "secret", "1.2.3.4")
    with pytest.raises(WrongLogin):
        await service.log_in("fleet", "wrong", "1.2.3.4")
    lines = [vars(one) for one in caplog.records if vars(one)["action"] == "log_in"]

    assert [("done", 1), ("WRONG_LOGIN", None)] == [(one["outcome"], one.get("user_id")) for one in lines]
    assert {("fleet", "1.2.3.4")} == {(one["login"], one["address"]) for one in lines}
    assert not any(secret in str(lines) for secret in (session, "secret", "wrong"))


async def test_two_processes_give_out_different_ids(db: Any) -> None:
    """Ids are unique over all who give them out, in blocks or one by one, and those passed over stay unused."""
    givers = [Ids(db, "thing", block) for block in (1, 7, 50)]
    ids = await asyncio.gather(*(giver.take() for _ in range(60) for giver in givers))
    assert 180 == len(set(ids))

    await givers[0].at_least(10_000)
    assert 10_000 < await givers[0].take()
