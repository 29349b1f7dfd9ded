"""Limits of login attempts."""

import pytest

from services.errors import TooMuch
from services.generation.accounts.login_limit import ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_LOGIN, LoginLimit
from tests.fakes.accounts import FakeLoginAttempts


@pytest.fixture
def limit() -> LoginLimit:
    return LoginLimit(FakeLoginAttempts())


async def test_a_login_may_fail_ten_times(limit: LoginLimit) -> None:
    """The eleventh try waits, wherever it comes from; other logins do not."""
    for number in range(ATTEMPTS_PER_LOGIN):
        await limit.begin("fleet", f"address {number}")

    with pytest.raises(TooMuch):
        await limit.begin("fleet", "elsewhere")
    await limit.begin("other", "elsewhere")


async def test_an_address_may_fail_with_many_logins(limit: LoginLimit) -> None:
    """Trying one password on many logins ends, too."""
    for number in range(ATTEMPTS_PER_ADDRESS):
        await limit.begin(f"login {number}", "here")

    with pytest.raises(TooMuch):
        await limit.begin("another", "here")


async def test_tries_under_way_count(limit: LoginLimit) -> None:
    """Many tries at once are no way around the limit: they count before their passwords are checked."""
    under_way = [await limit.begin("fleet", "here") for _ in range(ATTEMPTS_PER_LOGIN)]

    with pytest.raises(TooMuch):
        await limit.begin("fleet", "here")
    await limit.take_back(under_way[0])
    await limit.begin("fleet", "here")


async def test_a_success_forgets_the_failures_of_its_login(limit: LoginLimit) -> None:
    """Who knows the password may mistype it again, but the address remembers its failures."""
    for _ in range(ATTEMPTS_PER_ADDRESS // (ATTEMPTS_PER_LOGIN - 1)):
        for _ in range(ATTEMPTS_PER_LOGIN - 1):
            await limit.begin("fleet", "here")
        await limit.succeeded(await limit.begin("fleet", "here"))
    for _ in range(ATTEMPTS_PER_ADDRESS % (ATTEMPTS_PER_LOGIN - 1)):
        await limit.begin("fleet", "here")

    with pytest.raises(TooMuch):
        await limit.begin("fleet", "here")


async def test_a_refused_try_does_not_count(limit: LoginLimit) -> None:
    """Neither a login nor an address has more tries against it than were let through."""
    for number in range(ATTEMPTS_PER_LOGIN):
        await limit.begin("fleet", f"address {number}")
    for _ in range(ATTEMPTS_PER_ADDRESS):
        with pytest.raises(TooMuch):
            await limit.begin("fleet", "here")
    for number in range(ATTEMPTS_PER_ADDRESS):
        await limit.begin(f"login {number}", "here")
    for _ in range(ATTEMPTS_PER_LOGIN):
        with pytest.raises(TooMuch):
            await limit.begin("other", "here")

    await limit.begin("other", "elsewhere")
