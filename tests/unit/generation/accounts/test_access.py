"""Authentication by session, API key and operator token."""

import hashlib
from datetime import datetime, timedelta

import pytest

from services.errors import DemoAccount, NotAuthenticated, NotPermitted, SessionEnded, WrongCredentials
from services.generation.accounts.authentication import Access, forbid_demo
from services.generation.accounts.credentials import SESSION_LIFE, digest_in, digest_of
from services.generation.accounts.user import REPORTS_RIGHT, User
from tests.builders.people import NOON, user
from tests.fakes.accounts import FakeAccounts, api_key, session

HASH = "a6aa75587e5c59c32d347da438505fc3"
OTHER = "0" * 32


def known(owner: User, expire_time: datetime | None = None) -> FakeAccounts:
    """Return accounts of which one has a key, or a session until a moment."""
    accounts = FakeAccounts(owner, now=lambda: NOON)
    accounts.credentials[digest_of(HASH)] = session(owner.id, expire_time) if expire_time else api_key(owner.id)
    return accounts


def access(accounts: FakeAccounts, now: datetime = NOON) -> Access:
    return Access(accounts, "secret", lambda: now)


@pytest.mark.parametrize(
    "authorization", [None, "", HASH, f"NVX {HASH[:-1]}", f"NVX {HASH}0", f"NVX {HASH[:-1]}g", f"Bearer {HASH}", "NVX "]
)
async def test_credentials_of_a_wrong_form_are_none(authorization: str | None) -> None:
    """Without 32 hex digits after NVX nobody has shown who they are."""
    with pytest.raises(NotAuthenticated) as caught:
        await access(known(user())).user(authorization)

    assert NotAuthenticated is caught.type


async def test_an_unknown_hash_is_an_ended_session() -> None:
    """A hash of the right form that nobody has is one that ended."""
    with pytest.raises(SessionEnded):
        await access(known(user())).user(f"NVX {'0' * 32}")


async def test_a_hash_may_be_written_in_capitals() -> None:
    """Hexadecimal digits have no case."""
    assert user() == await access(known(user())).user(f"NVX {HASH.upper()}")


def test_the_store_knows_a_hash_by_its_sha256() -> None:
    """The kept digest opens nothing."""
    assert hashlib.sha256(HASH.encode()).digest() == digest_of(HASH) == digest_in(f"NVX {HASH}")


async def test_a_sub_user_needs_the_right() -> None:
    """An account of its own has all rights, a sub-user those it was given; what is missing is named."""
    subs = [user(master_id=9), user(master_id=9, rights=frozenset({REPORTS_RIGHT}))]

    assert subs[1] == await access(known(subs[1])).user(f"NVX {HASH}", REPORTS_RIGHT)
    assert user() == await access(known(user())).user(f"NVX {HASH}", REPORTS_RIGHT)
    assert subs[0] == await access(known(subs[0])).user(f"NVX {HASH}")
    with pytest.raises(NotPermitted) as caught:
        await access(known(subs[0])).user(f"NVX {HASH}", REPORTS_RIGHT)
    assert {"right": "reports"} == caught.value.metadata


async def test_a_session_is_extended_at_most_hourly() -> None:
    """A session ends 30 days after its last use, which is written down once an hour."""
    accounts, last_use = known(user(), NOON + SESSION_LIFE), []
    for minutes in (0, 30, 59, 60.5, 61, 120, 121):
        await access(accounts, NOON + timedelta(minutes=minutes)).user(f"NVX {HASH}")
        expire_time = accounts.credentials[digest_of(HASH)].expire_time
        assert expire_time is not None
        last_use.append((expire_time - SESSION_LIFE - NOON) / timedelta(minutes=1))

    assert [0, 0, 0, 60.5, 60.5, 60.5, 121] == last_use


async def test_a_key_is_never_extended() -> None:
    """It has no expiry, and gets none by its use."""
    accounts = known(user())
    await access(accounts).user(f"NVX {HASH}")

    assert accounts.credentials[digest_of(HASH)].expire_time is None


async def test_operators_hold_the_token() -> None:
    """Only the exact token after Bearer is the operator's."""
    guard = access(known(user()))
    await guard.require_operator("Bearer secret")
    for wrong in (None, "", "Bearer", "Bearer ", "Bearer secre", "Bearer secret2", "secret", f"NVX {OTHER}"):
        with pytest.raises(NotAuthenticated):
            await guard.require_operator(wrong)


async def test_good_credentials_of_the_wrong_kind_are_told_so() -> None:
    """An operator's call names the operator token, a user's call a session or API key."""
    guard = access(known(user()))
    with pytest.raises(WrongCredentials, match="operator token"):
        await guard.require_operator(f"NVX {HASH}")
    with pytest.raises(WrongCredentials, match="session or an API key") as caught:
        await guard.user("Bearer secret")

    assert {"wanted": "a session or an API key"} == caught.value.metadata
    assert (None, True) == ((caller := await guard.caller("Bearer secret", REPORTS_RIGHT)).user, caller.operator)


def test_a_demo_account_cannot_delete() -> None:
    """Everybody else can."""
    forbid_demo(user())
    with pytest.raises(DemoAccount):
        forbid_demo(user(demo=True))
