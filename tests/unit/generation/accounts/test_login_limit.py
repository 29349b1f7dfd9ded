"""Limits of failed sign-ins."""

import pytest

from services.errors import TooMuch
from services.generation.accounts.login_limit import ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_LOGIN, LoginLimit
from tests.fakes.accounts import FakeLoginAttempts


@pytest.fixture
def limit() -> LoginLimit:
    return LoginLimit(FakeLoginAttempts())


async def test_a_login_may_fail_ten_times_from_an_address(limit: LoginLimit) -> None:
    """The eleventh try from there waits; other logins do not, and nobody is locked out elsewhere."""
    for _ in range(ATTEMPTS_PER_LOGIN):
        await limit.begin("bob", "203.0.113.7")

    with pytest.raises(TooMuch) as refused:
        await limit.begin("bob", "203.0.113.7")
    assert 900 == refused.value.retry_after_s
    await limit.begin("ann", "203.0.113.7")
    await limit.begin("bob", "203.0.113.8")


async def test_an_address_may_fail_with_many_logins(limit: LoginLimit) -> None:
    """Trying one password on many logins ends, too."""
    for number in range(ATTEMPTS_PER_ADDRESS):
        await limit.begin(f"login {number}", "here")

    with pytest.raises(TooMuch):
        await limit.begin("another", "here")
    await limit.begin("another", "elsewhere")


async def test_the_address_of_a_proxy_counts_only_beside_a_login(limit: LoginLimit) -> None:
    """All who come through it share the address: fifty failures with fifty names lock out nobody else."""
    for number in range(ATTEMPTS_PER_ADDRESS):
        await limit.begin(f"login {number}", "10.0.0.1", is_proxy=True)
        await limit.failed_token("10.0.0.1", is_proxy=True)
    for _ in range(ATTEMPTS_PER_LOGIN):
        await limit.begin("ann", "10.0.0.1", is_proxy=True)

    with pytest.raises(TooMuch):
        await limit.begin("ann", "10.0.0.1", is_proxy=True)


async def test_an_ipv6_network_counts_as_one_address(limit: LoginLimit) -> None:
    """A customer has a /64 and would else have as many tries as addresses; the next network is another."""
    for number in range(ATTEMPTS_PER_LOGIN):
        await limit.begin("bob", f"2001:db8:1:2::{number:x}")

    with pytest.raises(TooMuch):
        await limit.begin("bob", "2001:db8:1:2:ffff::1")
    await limit.begin("bob", "2001:db8:1:3::1")


async def test_wrong_tokens_count_like_wrong_passwords(limit: LoginLimit) -> None:
    """Both by the same address."""
    for _ in range(ATTEMPTS_PER_ADDRESS - 1):
        await limit.failed_token("here")
    await limit.begin("ann", "here")

    with pytest.raises(TooMuch):
        await limit.failed_token("here")
    with pytest.raises(TooMuch):
        await limit.begin("bob", "here")


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
    for _ in range(ATTEMPTS_PER_LOGIN):
        await limit.begin("fleet", "here")
    for _ in range(ATTEMPTS_PER_ADDRESS):
        with pytest.raises(TooMuch):
            await limit.begin("fleet", "here")
    for number in range(ATTEMPTS_PER_ADDRESS - ATTEMPTS_PER_LOGIN):
        await limit.begin(f"login {number}", "here")
    for _ in range(ATTEMPTS_PER_LOGIN):
        with pytest.raises(TooMuch):
            await limit.begin("other", "here")

    await limit.begin("other", "elsewhere")
