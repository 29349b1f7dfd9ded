"""Who calls, and what they may do."""

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from services.errors import DemoAccount, NotAuthenticated, NotPermitted, SessionEnded
from services.generation.accounts.account_store import Accounts
from services.generation.accounts.user import User

SESSION_LIFE = timedelta(days=30)
SESSION_STEP = timedelta(hours=1)  # a session's last use is written at most this often
NVX = re.compile(r"NVX ([0-9a-fA-F]{32})")


def digest_of(hash_: str) -> bytes:
    """Return what the store keeps of a session or key."""
    return hashlib.sha256(hash_.lower().encode()).digest()


class Access:
    """Reads the `authorization` metadata of calls (design §6)."""

    def __init__(self, accounts: Accounts, operator_token: str, now: Callable[[], datetime]) -> None:
        self._accounts = accounts
        self._operator = f"Bearer {operator_token}".encode()
        self._now = now

    async def require_operator(self, authorization: str | None) -> None:
        """Raise NotAuthenticated unless the operator token came."""
        if not self.is_operator(authorization):
            raise NotAuthenticated("The operator token is missing or wrong")

    def is_operator(self, authorization: str | None) -> bool:
        """Say whether the operator token came."""
        return hmac.compare_digest((authorization or "").encode(), self._operator)

    async def user(self, authorization: str | None, right: str | None = None) -> User:
        """Return who a hash belongs to.

        Raises NotAuthenticated when none came, SessionEnded when it is not or no longer known, NotPermitted when the
        user lacks the right.
        """
        digest = self.digest(authorization)
        found = await self._accounts.user_of(digest)
        if found is None:
            raise SessionEnded
        user, expire_time = found
        if right is not None and not user.may(right):
            raise NotPermitted(right=right)
        if expire_time is not None and expire_time < self._now() + SESSION_LIFE - SESSION_STEP:
            await self._accounts.prolong(digest, self._now() + SESSION_LIFE)
        return user

    @staticmethod
    def digest(authorization: str | None) -> bytes:
        """Return the digest of the hash that came. Raises NotAuthenticated when none of the right form did."""
        match = NVX.fullmatch(authorization or "")
        if match is None:
            raise NotAuthenticated
        return digest_of(match[1])


def forbid_demo(user: User) -> None:
    """Raise DemoAccount for a demo account, which cannot delete."""
    if user.demo:
        raise DemoAccount
