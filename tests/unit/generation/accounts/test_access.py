"""Who calls, and what they may do."""

import hashlib
from datetime import datetime, timedelta

import pytest

from services.errors import DemoAccount, NotAuthenticated, NotPermitted, SessionEnded
from services.generation.accounts.access import SESSION_LIFE, Access, digest_of, forbid_demo
from services.generation.accounts.user import REPORTS_RIGHT, User
from tests.builders.people import NOON, user

HASH = "a6aa75587e5c59c32d347da438505fc3"


class Known:
    """Fills the part of the port Accounts that access asks: one credential."""

    def __init__(self, owner: User, expire_time: datetime | None = None) -> None:
        self.owner = owner
        self.expire_time = expire_time
        self.prolonged: list[datetime] = []

    async def user_of(self, digest: bytes) -> tuple[User, datetime | None] | None:
        return (self.owner, self.expire_time) if digest == digest_of(HASH) else None

    async def prolong(self, digest: bytes, expire_time: datetime) -> None:
        assert digest == digest_of(HASH)
        self.expire_time = expire_time
        self.prolonged.append(expire_time)


def access(known: Known, now: datetime = NOON) -> Access:
    return Access(known, "secret", lambda: now)  # type: ignore[arg-type] # the part of the port that is asked


@pytest.mark.parametrize(
    "authorization", [None, "", HASH, f"NVX {HASH[:-1]}", f"NVX {HASH}0", f"NVX {HASH[:-1]}g", f"Bearer {HASH}", "NVX "]
)
async def test_credentials_of_a_wrong_form_are_none(authorization: str | None) -> None:
    """Without 32 hex digits after NVX nobody has shown who they are."""
    with pytest.raises(NotAuthenticated) as caught:
        await access(Known(user())).user(authorization)

    assert NotAuthenticated is caught.type


async def test_an_unknown_hash_is_an_ended_session() -> None:
    """A hash of the right form that nobody has is one that ended."""
    with pytest.raises(SessionEnded):
        await access(Known(user())).user(f"NVX {'0' * 32}")


async def test_a_hash_may_be_written_in_capitals() -> None:
    """Hexadecimal digits have no case."""
    assert user() == await access(Known(user())).user(f"NVX {HASH.upper()}")


def test_the_store_knows_a_hash_by_its_sha256() -> None:
    """What is kept does not open anything."""
    assert hashlib.sha256(HASH.encode()).digest() == digest_of(HASH) == Access.digest(f"NVX {HASH}")


async def test_a_sub_user_needs_the_right() -> None:
    """An account of its own has all rights, a sub-user those it was given; what is missing is named."""
    subs = [user(master_id=9), user(master_id=9, rights=frozenset({REPORTS_RIGHT}))]

    assert subs[1] == await access(Known(subs[1])).user(f"NVX {HASH}", REPORTS_RIGHT)
    assert user() == await access(Known(user())).user(f"NVX {HASH}", REPORTS_RIGHT)
    assert subs[0] == await access(Known(subs[0])).user(f"NVX {HASH}")
    with pytest.raises(NotPermitted) as caught:
        await access(Known(subs[0])).user(f"NVX {HASH}", REPORTS_RIGHT)
    assert {"right": "reports"} == caught.value.metadata


async def test_a_session_is_prolonged_at_most_hourly() -> None:
    """A session ends 30 days after its last use, which is written down once an hour."""
    known = Known(user(), NOON + SESSION_LIFE)
    for minutes in (0, 30, 59, 60.5, 61, 120, 121):
        await access(known, NOON + timedelta(minutes=minutes)).user(f"NVX {HASH}")

    written = [(end - SESSION_LIFE - NOON) / timedelta(minutes=1) for end in known.prolonged]
    assert [60.5, 121] == written


async def test_a_key_is_never_prolonged() -> None:
    """What never ends needs no longer life."""
    known = Known(user())
    await access(known).user(f"NVX {HASH}")

    assert [] == known.prolonged


async def test_operators_hold_the_token() -> None:
    """Only the exact token after Bearer is the operator's."""
    guard = access(Known(user()))
    await guard.require_operator("Bearer secret")
    for wrong in (None, "", "Bearer", "Bearer ", "Bearer secre", "Bearer secret2", "secret", f"NVX {HASH}"):
        with pytest.raises(NotAuthenticated):
            await guard.require_operator(wrong)


def test_a_demo_account_cannot_delete() -> None:
    """Everybody else can."""
    forbid_demo(user())
    with pytest.raises(DemoAccount):
        forbid_demo(user(demo=True))
