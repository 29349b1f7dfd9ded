"""Use cases around sessions: how long they live, their list, their end."""

from collections.abc import Callable
from datetime import datetime, timedelta

from services.errors import NotFound, WrongLogin
from services.generation.accounts.account_store import Accounts, Credential, CredentialFilter
from services.generation.accounts.audit import audited
from services.generation.accounts.credentials import SESSION_LIFE, digest_in, digest_of, new_credential
from services.generation.accounts.user import User

LONGEST = timedelta(days=90)
MAX_SESSIONS = 50


class Sessions:
    """Sessions of accounts. One ends 30 days after its last use, and `longest` after its beginning in any case."""

    def __init__(self, accounts: Accounts, now: Callable[[], datetime], longest: timedelta = LONGEST) -> None:
        self._accounts = accounts
        self._now = now
        self._longest = longest

    async def begin(self, user: User) -> str:
        """Begin a session of an account whose password was just checked, and return its 32 hex digits.

        The oldest session ends when there would be more than 50. Raises WrongLogin when the account was removed, or got
        another password, after it was read.
        """
        session = new_credential()
        digest = digest_of(session)
        try:
            await self._accounts.add_session(digest, user.id, self.expiry(self._now()))
        except NotFound as error:
            raise WrongLogin from error
        present = await self._accounts.by_id(user.id)
        if present is None or present.password_version != user.password_version:
            await self._accounts.remove_credential(digest)
            raise WrongLogin
        await self._end_oldest(user)
        return session

    async def _end_oldest(self, user: User) -> None:
        found = sorted(await self.of(user), key=lambda one: (one.create_time, one.id))
        oldest = tuple(one.id for one in found[:-MAX_SESSIONS])
        if oldest:
            await self._accounts.remove_credentials(CredentialFilter(is_key=False, user_id=user.id, ids=oldest))

    def expiry(self, create_time: datetime) -> datetime:
        """Return when a session that is used now ends unless it is used again."""
        return min(self._now() + SESSION_LIFE, create_time + self._longest)

    def is_over(self, session: Credential) -> bool:
        """Return whether a session has lived as long as any may, whenever it was used."""
        return self._now() >= session.create_time + self._longest

    async def of(self, user: User) -> list[Credential]:
        """Return the sessions of an account by ascending id."""
        found = await self._accounts.credentials_of(user.id)
        return [one for one in found if not one.is_key and not self.is_over(one)]

    async def end(self, user: User, id_: int) -> None:
        """End a session of an account. Raises NotFound."""
        with audited("end_session", user_id=user.id, session_id=id_):
            if not await self._accounts.remove_credentials(CredentialFilter(False, user.id, (id_,))):
                raise NotFound(f"The account has no session {id_}")

    async def end_all(self, user: User) -> int:
        """End all sessions of an account and return how many there were."""
        with audited("end_sessions", user_id=user.id) as known:
            removed = await self._accounts.remove_credentials(CredentialFilter(False, user.id))
            known["count"] = len(removed)
        return len(removed)

    async def log_out(self, user: User, authorization: str | None) -> None:
        """End the session in an `NVX` header; an API key stays, because it is revoked by its id."""
        with audited("log_out", user_id=user.id):
            await self._accounts.end_session(digest_in(authorization))
