"""Use cases around API keys: creation, list, revocation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.errors import LONG_S, InvalidParameters, NotFound, TooMuch, Violation
from services.generation.accounts.account_store import Accounts, Credential, CredentialFilter
from services.generation.accounts.audit import audited
from services.generation.accounts.credentials import digest_of, new_credential
from services.generation.accounts.user import User
from services.generation.domain.plain_text import is_plain

MAX_KEYS = 20
MAX_NAME = 255


@dataclass(frozen=True, slots=True)
class NewKey:
    """An API key that was just made: its id, and the 32 hex digits that nothing keeps."""

    id: int
    hash: str


class ApiKeys:
    """API keys of accounts."""

    def __init__(self, accounts: Accounts, now: Callable[[], datetime]) -> None:
        self._accounts = accounts
        self._now = now

    async def create(self, user: User, name: str = "", expire_time: datetime | None = None) -> NewKey:
        """Create an API key. Raises InvalidParameters, and TooMuch at the 21st of an account."""
        violations = []
        if len(name) > MAX_NAME or not is_plain(name):
            violations.append(Violation("name", f"must have at most {MAX_NAME} characters, none of them controls"))
        if expire_time is not None and expire_time <= self._now():
            violations.append(Violation("expire_time", "must lie in the future"))
        if violations:
            raise InvalidParameters(violations)
        with audited("create_key", login=user.login, user_id=user.id) as known:
            key = new_credential()
            id_ = await self._accounts.add_key(digest_of(key), user.id, MAX_KEYS, name, expire_time)
            if id_ is None:
                raise TooMuch(f"An account has at most {MAX_KEYS} API keys", retry_after_s=LONG_S)
            known["key_id"] = id_
        return NewKey(id_, key)

    async def of(self, user: User) -> list[Credential]:
        """Return the keys of an account by ascending id."""
        return [one for one in await self._accounts.credentials_of(user.id) if one.is_key]

    async def revoke(self, id_: int, owner: User | None) -> None:
        """Revoke a key of an account, or of any account for None. Raises NotFound."""
        with audited("revoke_key", key_id=id_) as known:
            wanted = CredentialFilter(is_key=True, user_id=owner.id if owner else None, ids=(id_,))
            removed = await self._accounts.remove_credentials(wanted)
            if not removed:
                raise NotFound(f"There is no API key {id_}")
            known["user_id"] = removed[0].user_id

    async def revoke_text(self, credential: str, owner: User | None) -> None:
        """Revoke a key or session by its text, of an account, or of any account for None. Raises NotFound."""
        with audited("revoke_key") as known:
            digest = digest_of(credential)
            found = await self._accounts.user_of(digest)
            if owner is not None and (found is None or found[0].id != owner.id):
                raise NotFound("There is no such key")
            removed = await self._accounts.remove_credential(digest)
            if removed is None:
                raise NotFound("There is no such key")
            known |= {"user_id": removed.user_id, "key_id" if removed.is_key else "session_id": removed.id}
