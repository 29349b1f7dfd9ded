"""Authentication by every form of credentials."""

import asyncio
import base64
from collections.abc import Callable

import pytest

from services.errors import NotAuthenticated, SessionEnded, TooMuch, WrongLogin
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import REMEMBERED_S, Access, Authenticator, Principal
from services.generation.accounts.credentials import digest_of
from services.generation.accounts.login_limit import ATTEMPTS_PER_LOGIN
from tests.builders.people import NOON, user
from tests.fakes.accounts import FakeAccounts, FakeLoginAttempts, PlainPasswords, api_key

KEY = "a6aa75587e5c59c32d347da438505fc3"
ANN = user(id=11, login="Ann@Example.com")
HERE = "192.0.2.1"


@pytest.fixture
def accounts() -> FakeAccounts:
    """Give Ann with a password and a key."""
    accounts = FakeAccounts(ANN)
    accounts.hashes[ANN.id] = "grüße:50%"
    accounts.credentials[digest_of(KEY)] = api_key(ANN.id)
    return accounts


@pytest.fixture
def passwords() -> PlainPasswords:
    return PlainPasswords()


@pytest.fixture
def authenticator(accounts: FakeAccounts, passwords: PlainPasswords) -> Authenticator:
    return authenticator_of(accounts, passwords, lambda: 0.0)


def authenticator_of(accounts: FakeAccounts, passwords: PlainPasswords, clock_s: Callable[[], float]) -> Authenticator:
    service = AccountService(accounts, passwords, FakeLoginAttempts(), lambda: NOON)
    return Authenticator(Access(accounts, "secret", lambda: NOON), service, clock_s)


def basic(pair: str, encoding: str = "utf-8", scheme: str = "Basic") -> str:
    return f"{scheme} {base64.b64encode(pair.encode(encoding)).decode()}"


ANNS = basic(f"{ANN.login}:grüße:50%")


@pytest.mark.parametrize("nothing", [None, ""])
async def test_without_credentials_nobody_is_known(authenticator: Authenticator, nothing: str | None) -> None:
    """That is no failure: public reports are for everybody."""
    assert await authenticator.principal(nothing, HERE) is None


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
async def test_people_come_in_many_forms(authenticator: Authenticator, authorization: str) -> None:
    """A login and password in either encoding, a key in the place of the login, and a session or key after NVX."""
    assert Principal(ANN) == await authenticator.principal(authorization, HERE)


async def test_an_operator_is_no_member(authenticator: Authenticator) -> None:
    """An account is, with its own id."""
    known = await authenticator.principal(ANNS, HERE)
    operator = await authenticator.principal("Bearer secret", HERE)

    assert known
    assert operator == Principal(None, operator=True)
    assert (ANN.id, 0) == (known.member_id, operator.member_id)


@pytest.mark.parametrize("login", ["ann@example.com", " ANN@EXAMPLE.COM", "\uff21nn@example.com"])
async def test_equal_logins_sign_in_alike(authenticator: Authenticator, login: str) -> None:
    """Letters' case, blanks around it and compatible forms aside."""
    assert Principal(ANN) == await authenticator.principal(basic(f"{login}:grüße:50%"), HERE)


@pytest.mark.parametrize(
    "authorization",
    [
        "Basic", "Basic ", "Basic !!!!", "Basic YW5u", "Basic YTp", "Basic YTpi*", "Basic a:b", "Digest abc",
        "Bearer wrong", "NVX ", f"NVX {KEY}0", KEY, basic(ANN.login),
    ],
)  # fmt: skip
async def test_what_cannot_be_read_shows_nobody(authenticator: Authenticator, authorization: str) -> None:
    """Neither another scheme, nor broken base64, nor a pair without a colon."""
    with pytest.raises(NotAuthenticated) as caught:
        await authenticator.principal(authorization, HERE)

    assert NotAuthenticated is caught.type


@pytest.mark.parametrize(
    "pair",
    [f"{ANN.login}:wrong", "bob:grüße:50%", ":", f"{'0' * 32}:api_token", "ann:api_token", f"{KEY}:x", f"{300 * 'a'}:"],
)
async def test_wrong_pairs_are_wrong_logins(authenticator: Authenticator, pair: str) -> None:
    """An unknown key is told like a wrong password."""
    with pytest.raises(WrongLogin):
        await authenticator.principal(basic(pair), HERE)


async def test_an_unknown_hash_is_an_ended_session(authenticator: Authenticator) -> None:
    """After NVX, as on the tracker side."""
    with pytest.raises(SessionEnded):
        await authenticator.principal(f"NVX {'0' * 32}", HERE)


async def test_right_passwords_are_remembered_for_a_minute(accounts: FakeAccounts, passwords: PlainPasswords) -> None:
    """A busy client's password is not hashed for each call."""
    moments, counts = [0.0], []
    authenticator = authenticator_of(accounts, passwords, lambda: moments[-1])
    for moment in (0.0, REMEMBERED_S - 1, REMEMBERED_S, REMEMBERED_S + 1):
        moments.append(moment)
        await authenticator.principal(ANNS, HERE)
        counts.append(passwords.checked)

    assert [1, 1, 2, 2] == counts


async def test_many_calls_at_once_wait_for_one_check(authenticator: Authenticator, passwords: PlainPasswords) -> None:
    """More calls than tries are allowed begin together with the right password: none is taken for a guess."""
    many = [authenticator.principal(ANNS, HERE) for _ in range(ATTEMPTS_PER_LOGIN * 3)]

    assert [Principal(ANN)] * len(many) == await asyncio.gather(*many)
    assert 1 == passwords.checked


async def test_a_removed_account_is_not_remembered(
    authenticator: Authenticator, accounts: FakeAccounts, passwords: PlainPasswords
) -> None:
    """Its login and password are checked again at the next call, and are wrong by then."""
    await authenticator.principal(ANNS, HERE)
    accounts.removing.add(ANN.id)
    with pytest.raises(WrongLogin):
        await authenticator.principal(ANNS, HERE)

    assert 2 == passwords.checked


async def test_failures_are_never_remembered_but_counted(
    authenticator: Authenticator, passwords: PlainPasswords
) -> None:
    """Each wrong pair is checked, until the login has to wait."""
    for _ in range(ATTEMPTS_PER_LOGIN):
        with pytest.raises(WrongLogin):
            await authenticator.principal(basic(f"{ANN.login}:wrong"), HERE)
    with pytest.raises(TooMuch):
        await authenticator.principal(basic(f"{ANN.login}:wrong"), HERE)

    assert ATTEMPTS_PER_LOGIN == passwords.checked


async def test_memory_is_bounded(
    accounts: FakeAccounts, passwords: PlainPasswords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest is forgotten first, and locks of calls that are over are gone."""
    monkeypatch.setattr("services.generation.accounts.authentication.REMEMBERED", 1)
    authenticator = authenticator_of(accounts, passwords, lambda: 0.0)
    await authenticator.principal(ANNS, HERE)
    await authenticator.principal(basic(f"{ANN.login}:grüße:50%", "latin-1"), HERE)

    assert (1, 0) == (len(authenticator._known), len(authenticator._checks))


async def test_neither_passwords_nor_headers_are_kept(authenticator: Authenticator) -> None:
    """The remembered digest opens nothing."""
    await authenticator.principal(ANNS, HERE)

    assert not any(secret in repr(authenticator._known) for secret in ("grüße", ANNS.split()[1]))


async def test_a_check_leaves_an_audit_line(authenticator: Authenticator, caplog: pytest.LogCaptureFixture) -> None:
    """With login, address and outcome, and without the password; a remembered pair leaves no second one."""
    with caplog.at_level("INFO", "daybook.audit"):
        await authenticator.principal(ANNS, HERE)
        await authenticator.principal(ANNS, HERE)

    lines = [
        {name: getattr(one, name) for name in ("outcome", "login", "address", "user_id")} for one in caplog.records
    ]
    assert [{"outcome": "done", "login": ANN.login, "address": HERE, "user_id": 11}] == lines
    assert "grüße" not in repr(vars(caplog.records[0]))


async def test_a_remembered_password_is_forgotten_when_it_changes(
    authenticator: Authenticator, accounts: FakeAccounts
) -> None:
    """At once, by whichever process it was changed."""
    assert await authenticator.principal(ANNS, HERE)
    await accounts.set_password(ANN.id, "other")
    with pytest.raises(WrongLogin):
        await authenticator.principal(ANNS, HERE)

    assert await authenticator.principal(basic(f"{ANN.login}:other"), HERE)


@pytest.mark.parametrize(
    ("authorization", "by_key"), [(ANNS, False), (f"NVX {KEY}", True), (basic(f"{KEY}:api_token"), True)]
)
async def test_a_key_is_told_from_a_password(authenticator: Authenticator, authorization: str, *, by_key: bool) -> None:
    """Wherever it stands."""
    known = await authenticator.principal(authorization, HERE)

    assert known
    assert by_key is known.by_key
