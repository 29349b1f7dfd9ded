"""Life of sessions: use, longest time, number, end."""

from datetime import datetime, timedelta

import pytest

from services.errors import NotFound, SessionEnded, WrongLogin
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Access
from services.generation.accounts.sessions import LONGEST, MAX_SESSIONS
from tests.builders.people import NOON, user
from tests.fakes.accounts import FakeAccounts, FakeLoginAttempts, PlainPasswords

ANN, BOB = user(id=1, login="ann"), user(id=2, login="bob")


class Clock:
    """Clock that a test sets, in days after noon."""

    def __init__(self) -> None:
        self.days = 0.0

    def __call__(self) -> datetime:
        return NOON + timedelta(days=self.days)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(clock: Clock) -> FakeAccounts:
    """Give Ann and Bob, whose passwords are their logins."""
    return FakeAccounts(ANN, BOB, now=clock)


@pytest.fixture
def service(accounts: FakeAccounts, clock: Clock) -> AccountService:
    return AccountService(accounts, PlainPasswords(), FakeLoginAttempts(), clock)


@pytest.fixture
def access(accounts: FakeAccounts, clock: Clock) -> Access:
    return Access(accounts, "secret", clock)


async def lives(access: Access, session: str) -> bool:
    """Use a session and return whether it is known."""
    try:
        return bool(await access.user(f"NVX {session}"))
    except SessionEnded:
        return False


async def test_a_session_that_is_used_ends_after_its_longest_time(
    service: AccountService, access: Access, clock: Clock
) -> None:
    """However often it is used; one that rests ends before."""
    used, resting = [await service.log_in("ann", "ann", "here") for _ in range(2)]
    for clock.days in range(0, LONGEST.days, 10):
        assert await lives(access, used)
    assert not await lives(access, resting)
    clock.days = LONGEST.days - 0.01
    assert await lives(access, used)

    clock.days = LONGEST.days
    assert not await lives(access, used)
    assert [] == await service.sessions.of(ANN)


async def test_a_setting_shortens_sessions_that_are_there(
    service: AccountService, accounts: FakeAccounts, clock: Clock
) -> None:
    """Whatever expiry was written when they were used last."""
    session = await service.log_in("ann", "ann", "here")
    clock.days = 7

    assert not await lives(Access(accounts, "secret", clock, longest_session=timedelta(days=7)), session)
    assert await lives(Access(accounts, "secret", clock, longest_session=timedelta(days=8)), session)


async def test_the_oldest_session_goes_first(service: AccountService, access: Access, clock: Clock) -> None:
    """When there would be too many, even one that is used daily; sessions of others and keys stay."""
    key = await service.keys.create(ANN)
    others = await service.log_in("bob", "bob", "here")
    sessions = []
    for number in range(MAX_SESSIONS + 3):
        clock.days = number / 100
        sessions.append(await service.log_in("ann", "ann", "here"))
        if number < MAX_SESSIONS:
            assert await lives(access, sessions[0])

    assert [False] * 3 + [True] * MAX_SESSIONS == [await lives(access, one) for one in sessions]
    assert MAX_SESSIONS == len(await service.sessions.of(ANN))
    assert await lives(access, others)
    assert await lives(access, key.hash)


async def test_sessions_are_ended_one_by_one_or_all(service: AccountService, access: Access) -> None:
    """By the account's own ids; keys and sessions of others have none of these."""
    first, second, third = [await service.log_in("ann", "ann", "here") for _ in range(3)]
    others = await service.log_in("bob", "bob", "here")
    key = await service.keys.create(ANN)
    ids = [one.id for one in await service.sessions.of(ANN)]
    (bobs,) = await service.sessions.of(BOB)
    await service.sessions.end(ANN, ids[1])

    assert [True, False, True] == [await lives(access, one) for one in (first, second, third)]
    for unknown in (ids[1], bobs.id, key.id, 10**9):
        with pytest.raises(NotFound):
            await service.sessions.end(ANN, unknown)
    assert 2 == await service.sessions.end_all(ANN)
    assert [False, True, True] == [await lives(access, one) for one in (first, others, key.hash)]


@pytest.mark.parametrize("revoke_keys", [False, True])
async def test_a_new_password_ends_all_sessions(service: AccountService, access: Access, *, revoke_keys: bool) -> None:
    """Keys stay unless they are to be revoked; those of others stay in any case."""
    session, others = [await service.log_in(login, login, "here") for login in ("ann", "bob")]
    key, bobs = [await service.keys.create(one) for one in (ANN, BOB)]
    ended = await service.set_password(ANN, "new", revoke_keys=revoke_keys)

    assert (1, int(revoke_keys)) == ended
    assert [False, not revoke_keys] == [await lives(access, one) for one in (session, key.hash)]
    assert [True, True] == [await lives(access, one) for one in (others, bobs.hash)]
    assert await lives(access, await service.log_in("ann", "new", "here"))
    with pytest.raises(WrongLogin):
        await service.log_in("ann", "ann", "here")


class ChangedMeanwhile(PlainPasswords):
    """Passwords of which one changes while it is compared."""

    def __init__(self, accounts: FakeAccounts) -> None:
        super().__init__()
        self._accounts = accounts

    async def matches(self, password: str, hashed: str) -> bool:
        await self._accounts.set_password(ANN.id, "new")
        return await super().matches(password, hashed)


async def test_no_session_begins_with_a_password_that_has_changed(accounts: FakeAccounts, clock: Clock) -> None:
    """Not even when it was compared before."""
    service = AccountService(accounts, ChangedMeanwhile(accounts), FakeLoginAttempts(), clock)
    with pytest.raises(WrongLogin):
        await service.log_in("ann", "ann", "here")

    assert {} == accounts.credentials


async def test_changes_of_sessions_leave_audit_lines(service: AccountService, caplog: pytest.LogCaptureFixture) -> None:
    """They name account and session, never hash and password."""
    caplog.set_level("INFO", "daybook.audit")
    session = await service.log_in("ann", "ann", "here")
    (known,) = await service.sessions.of(ANN)
    await service.sessions.end(ANN, known.id)
    await service.set_password(ANN, "quite new", revoke_keys=True)
    lines = {vars(one)["action"]: vars(one) for one in caplog.records}

    assert {"log_in", "end_session", "set_password"} == lines.keys()
    assert {ANN.id} == {one["user_id"] for one in lines.values()}
    assert known.id == lines["end_session"]["session_id"]
    assert not any(secret in str(lines) for secret in (session, "quite new"))
