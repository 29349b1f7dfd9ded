"""How often a login may be tried."""

import pytest

from services.errors import TooMuch
from services.generation.logins import ADDRESS_TRIES, LOGIN_TRIES, REMEMBERED, WINDOW_S, LoginLimit


class Clock:
    """A clock that tests move."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limit(clock: Clock) -> LoginLimit:
    return LoginLimit(clock_s=clock)


def test_a_login_may_fail_ten_times(limit: LoginLimit) -> None:
    """The eleventh try waits, wherever it comes from; other logins do not."""
    for number in range(LOGIN_TRIES):
        limit.begin("fleet", f"address {number}")

    with pytest.raises(TooMuch):
        limit.begin("fleet", "elsewhere")
    limit.begin("other", "elsewhere")


def test_an_address_may_fail_with_many_logins(limit: LoginLimit) -> None:
    """Trying one password on many logins ends, too."""
    for number in range(ADDRESS_TRIES):
        limit.begin(f"login {number}", "here")

    with pytest.raises(TooMuch):
        limit.begin("another", "here")


def test_tries_under_way_count(limit: LoginLimit) -> None:
    """Many tries at once are no way around the limit: they count before their passwords are checked."""
    under_way = [limit.begin("fleet", "here") for _ in range(LOGIN_TRIES)]

    with pytest.raises(TooMuch):
        limit.begin("fleet", "here")
    limit.take_back(under_way[0])
    limit.begin("fleet", "here")


def test_failures_are_forgotten_after_a_while(limit: LoginLimit, clock: Clock) -> None:
    """A quarter of an hour later everything may be tried again."""
    for _ in range(LOGIN_TRIES):
        limit.begin("fleet", "here")
    clock.now_s = WINDOW_S

    limit.begin("fleet", "here")


def test_a_success_forgets_the_failures_of_its_login(limit: LoginLimit) -> None:
    """Who knows the password may mistype it again, but the address remembers its failures."""
    for _ in range(ADDRESS_TRIES // (LOGIN_TRIES - 1)):
        for _ in range(LOGIN_TRIES - 1):
            limit.begin("fleet", "here")
        limit.succeeded(limit.begin("fleet", "here"))
    for number in range(ADDRESS_TRIES % (LOGIN_TRIES - 1)):
        limit.begin(f"login {number}", "here")

    with pytest.raises(TooMuch):
        limit.begin("fleet", "here")


def test_a_refused_try_does_not_count(limit: LoginLimit, clock: Clock) -> None:
    """Asking again and again does not make the wait longer."""
    for _ in range(LOGIN_TRIES):
        limit.begin("fleet", "here")
    clock.now_s = WINDOW_S - 1
    with pytest.raises(TooMuch):
        limit.begin("fleet", "here")
    clock.now_s = WINDOW_S

    limit.begin("fleet", "here")


def test_memory_is_bounded(limit: LoginLimit) -> None:
    """However many logins are tried, only the latest are remembered; a success leaves nothing behind."""
    for number in range(REMEMBERED + 10):
        limit.begin(f"login {number}", f"address {number}")
    assert REMEMBERED == len(limit._seen)

    fresh = LoginLimit()
    fresh.succeeded(fresh.begin("fleet", "here"))
    assert not fresh._seen
