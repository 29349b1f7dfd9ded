"""Tries to log in, counted in a real MongoDB."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from services.errors import StoreUnavailable, TooMuch, WrongLogin
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.login_limit import ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_LOGIN, WINDOW, LoginLimit
from services.generation.accounts.removal import RemovalService
from services.generation.store.mongo import opened
from services.generation.store.mongo_accounts import MongoAccounts
from services.generation.store.mongo_erasure import MongoErasure
from services.generation.store.mongo_login_attempts import MongoLoginAttempts
from tests.builders.people import NOON, user
from tests.fakes.accounts import PlainPasswords

SHORT = timedelta(seconds=1)
LONG_PAST_S = 120


@pytest.fixture
def limits(db: Any) -> list[LoginLimit]:
    """Give the limits of two processes."""
    return [LoginLimit(MongoLoginAttempts(db, WINDOW)) for _ in range(2)]


async def outcomes(limits: list[LoginLimit], *names: tuple[str, str]) -> tuple[int, int]:
    """Begin all at once, in turns by each process; return how many were let through and how many refused."""
    begun = [limits[place % 2].begin(*name) for place, name in enumerate(names)]
    got = await asyncio.gather(*begun, return_exceptions=True)
    refused = [one for one in got if isinstance(one, BaseException)]
    assert {TooMuch} >= {type(one) for one in refused}
    return len(got) - len(refused), len(refused)


async def test_a_login_has_one_limit_over_all_processes(limits: list[LoginLimit]) -> None:
    """Many tries at once from an address, by either process, are let through ten times; elsewhere none counts."""
    names = [("fleet", "here")] * (4 * ATTEMPTS_PER_LOGIN)

    assert (ATTEMPTS_PER_LOGIN, 3 * ATTEMPTS_PER_LOGIN) == await outcomes(limits, *names)
    assert (2, 0) == await outcomes(limits, ("fleet", "elsewhere"), ("fleet", "there"))


async def test_an_address_has_one_limit_over_all_processes(limits: list[LoginLimit]) -> None:
    """So have many logins that are tried from one address."""
    names = [(f"login {number}", "here") for number in range(ATTEMPTS_PER_ADDRESS + 20)]

    assert (ATTEMPTS_PER_ADDRESS, 20) == await outcomes(limits, *names)


async def test_a_success_by_one_process_is_known_to_the_other(limits: list[LoginLimit]) -> None:
    """A login that was opened may be tried ten times again, and a try that was taken back leaves its place."""
    for _ in range(ATTEMPTS_PER_LOGIN - 1):
        await limits[0].begin("fleet", "here")
    await limits[1].succeeded(await limits[1].begin("fleet", "here"))
    tries = [await limits[0].begin("fleet", "here") for _ in range(ATTEMPTS_PER_LOGIN)]
    await limits[1].take_back(tries[0])

    assert (1, 1) == await outcomes(limits, ("fleet", "here"), ("fleet", "here"))


async def test_failures_are_forgotten_after_a_while(db: Any) -> None:
    """One by one, each as long after its own beginning; those that were refused do not make the wait longer."""
    limit = LoginLimit(MongoLoginAttempts(db, SHORT))
    for _ in range(ATTEMPTS_PER_LOGIN):
        await limit.begin("fleet", "here")
    refused = 1
    async with asyncio.timeout(LONG_PAST_S):
        while refused:
            _, refused = await outcomes([limit, limit], ("fleet", "here"))
            await asyncio.sleep(0.05)

    found = [
        one["expire_time"] - max(attempt["time"] for attempt in one["attempts"])
        async for one in db.login_attempts.find()
    ]
    assert [SHORT, SHORT] == found


async def test_the_store_does_not_name_who_was_tried(limits: list[LoginLimit], db: Any) -> None:
    """Neither logins nor addresses are in it, and a login that was opened leaves nothing."""
    await limits[0].succeeded(await limits[0].begin("fleet", "192.0.2.1"))
    await limits[0].begin("truck", "192.0.2.1")
    found = await db.login_attempts.find().to_list()

    assert 2 == len(found)
    assert not any(word in str(found) for word in ("fleet", "truck", "192.0.2.1"))


@pytest.mark.usefixtures("haste")
async def test_without_mongodb_no_login_is_tried() -> None:
    """The limit holds then, too: the caller hears that the store is away."""
    async with opened("mongodb://127.0.0.1:1/", "gone") as gone:
        with pytest.raises(StoreUnavailable):
            await LoginLimit(MongoLoginAttempts(gone, WINDOW)).begin("fleet", "here")


class SlowPasswords(PlainPasswords):
    """Passwords whose comparison waits for an action."""

    def __init__(self, meanwhile: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    async def matches(self, password: str, hashed: str) -> bool:
        await self._meanwhile()
        return await super().matches(password, hashed)


async def test_an_account_that_goes_while_its_password_is_compared(db: Any) -> None:
    """Its login is wrong by then, and no session of it stays."""

    async def remove() -> None:
        async for _ in RemovalService(MongoErasure(db)).remove("fleet"):
            pass

    accounts, tries = MongoAccounts(db), MongoLoginAttempts(db, WINDOW)
    await accounts.add(user(login="fleet"), "secret")
    with pytest.raises(WrongLogin):
        await AccountService(accounts, SlowPasswords(remove), tries, lambda: NOON).log_in("fleet", "secret", "here")

    assert 0 == await db.credentials.count_documents({})
