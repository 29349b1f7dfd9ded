"""Who calls on the timesheet side."""

import asyncio
import base64
from collections.abc import Callable

import pytest

from services.errors import NotAuthenticated, SessionEnded, TooMuch, WrongLogin
from services.generation.accounts.access import Access, digest_of
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import REMEMBERED_S, Authenticator, Principal
from services.generation.accounts.login_limit import LOGIN_TRIES
from services.generation.accounts.user import User
from tests.builders.people import NOON, user
from tests.unit.generation.accounts.login_attempts import Tallies

KEY = "a6aa75587e5c59c32d347da438505fc3"
ANN = user(id=11, login="Ann@Example.com")
HERE = "192.0.2.1"


class Known:
    """Fills the part of the port Accounts that callers ask: Ann with a password and a key."""

    def __init__(self) -> None:
        self.lookups = 0
        self.removed = False

    async def by_login(self, login: str) -> tuple[User, str] | None:
        self.lookups += 1
        await asyncio.sleep(0)
        return (ANN, "grüße:50%") if login == ANN.login else None

    async def by_id(self, user_id: int) -> User | None:
        return None if self.removed or user_id != ANN.id else ANN

    async def user_of(self, digest: bytes) -> tuple[User, None] | None:
        return (ANN, None) if digest == digest_of(KEY) else None


class Plain:
    """Fills the port Passwords without hashing."""

    async def matches(self, password: str, password_hash: str) -> bool:
        return password == password_hash


@pytest.fixture
def known() -> Known:
    return Known()


@pytest.fixture
def callers(known: Known) -> Authenticator:
    return callers_of(known, lambda: 0.0)


def callers_of(known: Known, clock_s: Callable[[], float]) -> Authenticator:
    book = AccountService(known, Plain(), Tallies(), lambda: NOON)  # type: ignore[arg-type] # the parts that are asked
    return Authenticator(Access(known, "secret", lambda: NOON), book, clock_s)  # type: ignore[arg-type] # likewise


def basic(pair: str, encoding: str = "utf-8", scheme: str = "Basic") -> str:
    return f"{scheme} {base64.b64encode(pair.encode(encoding)).decode()}"


ANNS = basic(f"{ANN.login}:grüße:50%")


@pytest.mark.parametrize("nothing", [None, ""])
async def test_without_credentials_nobody_is_known(callers: Authenticator, nothing: str | None) -> None:
    """That is no failure: public reports are for everybody."""
    assert await callers.caller(nothing, HERE) is None


@pytest.mark.parametrize(
    "authorization",
    [
        ANNS,
        basic(f"{ANN.login}:grüße:50%", "latin-1"),
        basic(f"{ANN.login}:grüße:50%", scheme="basic"),
        basic(f"{KEY}:api_token"),
        basic(f"{KEY.upper()}:api_token"),
        f"NVX {KEY}",
    ],
)
async def test_people_come_in_many_forms(callers: Authenticator, authorization: str) -> None:
    """A login and password in either encoding, a key in the place of the login, and a session or key after NVX."""
    assert Principal(ANN) == await callers.caller(authorization, HERE)


async def test_an_email_is_the_login_without_case(callers: Authenticator) -> None:
    """Members are found by it; an operator has none."""
    known = await callers.caller(ANNS, HERE)
    operator = await callers.caller("Bearer secret", HERE)

    assert known
    assert ("ann@example.com", Principal(None, operator=True), "") == (
        known.email,
        operator,
        operator and operator.email,
    )


@pytest.mark.parametrize(
    "authorization",
    [
        "Basic", "Basic ", "Basic !!!!", "Basic YW5u", "Basic YTp", "Basic YTpi*", "Basic a:b", "Digest abc",
        "Bearer wrong", "NVX ", f"NVX {KEY}0", KEY, basic(ANN.login),
    ],
)  # fmt: skip
async def test_what_cannot_be_read_shows_nobody(callers: Authenticator, authorization: str) -> None:
    """Neither another scheme, nor broken base64, nor a pair without a colon."""
    with pytest.raises(NotAuthenticated) as caught:
        await callers.caller(authorization, HERE)

    assert NotAuthenticated is caught.type


@pytest.mark.parametrize(
    "pair",
    [f"{ANN.login}:wrong", "bob:grüße:50%", ":", f"{'0' * 32}:api_token", "ann:api_token", f"{KEY}:x", f"{300 * 'a'}:"],
)
async def test_wrong_pairs_are_wrong_logins(callers: Authenticator, pair: str) -> None:
    """An unknown key is told like a wrong password."""
    with pytest.raises(WrongLogin):
        await callers.caller(basic(pair), HERE)


async def test_an_unknown_hash_is_an_ended_session(callers: Authenticator) -> None:
    """After NVX, as on the tracker side."""
    with pytest.raises(SessionEnded):
        await callers.caller(f"NVX {'0' * 32}", HERE)


async def test_right_passwords_are_remembered_for_a_minute(known: Known) -> None:
    """A busy client's password is not hashed for each call."""
    moments, counts = [0.0], []
    callers = callers_of(known, lambda: moments[-1])
    for moment in (0.0, REMEMBERED_S - 1, REMEMBERED_S, REMEMBERED_S + 1):
        moments.append(moment)
        await callers.caller(ANNS, HERE)
        counts.append(known.lookups)

    assert [1, 1, 2, 2] == counts


async def test_many_calls_at_once_wait_for_one_check(callers: Authenticator, known: Known) -> None:
    """More calls than tries are allowed begin together with the right password: none is taken for a guess."""
    many = [callers.caller(ANNS, HERE) for _ in range(LOGIN_TRIES * 3)]

    assert [Principal(ANN)] * len(many) == await asyncio.gather(*many)
    assert 1 == known.lookups


async def test_a_removed_account_is_not_remembered(callers: Authenticator, known: Known) -> None:
    """Its login and password are checked again at the next call."""
    await callers.caller(ANNS, HERE)
    known.removed = True
    await callers.caller(ANNS, HERE)

    assert 2 == known.lookups


async def test_failures_are_never_remembered_but_counted(callers: Authenticator, known: Known) -> None:
    """Each wrong pair is checked, until the login has to wait."""
    for _ in range(LOGIN_TRIES):
        with pytest.raises(WrongLogin):
            await callers.caller(basic(f"{ANN.login}:wrong"), HERE)
    with pytest.raises(TooMuch):
        await callers.caller(basic(f"{ANN.login}:wrong"), HERE)

    assert LOGIN_TRIES == known.lookups


async def test_memory_is_bounded(known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest is forgotten first, and locks of calls that are over are gone."""
    monkeypatch.setattr("services.generation.accounts.authentication.REMEMBERED", 1)
    callers = callers_of(known, lambda: 0.0)
    await callers.caller(ANNS, HERE)
    await callers.caller(basic(f"{ANN.login}:grüße:50%", "latin-1"), HERE)

    assert (1, 0) == (len(callers._known), len(callers._checks))


async def test_neither_passwords_nor_headers_are_kept(callers: Authenticator) -> None:
    """What is remembered opens nothing."""
    await callers.caller(ANNS, HERE)

    assert not any(secret in repr(callers._known) for secret in ("grüße", ANNS.split()[1]))


async def test_a_check_leaves_an_audit_line(callers: Authenticator, caplog: pytest.LogCaptureFixture) -> None:
    """With login, address and outcome, and without the password; a remembered pair leaves no second one."""
    with caplog.at_level("INFO", "daybook.audit"):
        await callers.caller(ANNS, HERE)
        await callers.caller(ANNS, HERE)

    lines = [
        {name: getattr(one, name) for name in ("outcome", "login", "address", "user_id")} for one in caplog.records
    ]
    assert [{"outcome": "done", "login": ANN.login, "address": HERE, "user_id": 11}] == lines
    assert "grüße" not in repr(vars(caplog.records[0]))
