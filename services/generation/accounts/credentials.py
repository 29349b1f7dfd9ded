"""Credentials: sessions, API keys and passwords, and the digests and hashes that the store keeps of them."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.errors import NotAuthenticated

SESSION_LIFE = timedelta(days=30)
HASHES_AT_ONCE = 2

_NVX = re.compile(r"NVX ([0-9a-fA-F]{32})")

Result = TypeVar("Result")


def new_credential() -> str:
    """Return the 32 hex digits of a new session or API key."""
    return secrets.token_hex(16)


def digest_of(credential: str) -> bytes:
    """Return the SHA-256 by which the store knows a session or API key."""
    return hashlib.sha256(credential.lower().encode()).digest()


def digest_in(authorization: str | None) -> bytes:
    """Return the digest of the credential in an `NVX` header. Raises NotAuthenticated when it has another form."""
    match = _NVX.fullmatch(authorization or "")
    if match is None:
        raise NotAuthenticated
    return digest_of(match[1])


class Argon2Passwords:
    """Fills the port Passwords with argon2id; further hashes wait while two are computed."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._threads = ThreadPoolExecutor(HASHES_AT_ONCE, thread_name_prefix="argon2")
        self._decoy = self._hasher.hash("decoy")

    async def hash(self, password: str) -> str:
        """Return a salted hash."""
        return await self._in_thread(self._hasher.hash, password)

    async def matches(self, password: str, hashed: str) -> bool:
        """Return whether the password belongs to the hash."""
        return await self._in_thread(self._verify, password, hashed)

    async def _in_thread(self, work: Callable[..., Result], *arguments: str) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def _verify(self, password: str, hashed: str) -> bool:
        try:
            self._hasher.verify(hashed or self._decoy, password)
        except (VerificationError, InvalidHashError):
            return False
        return bool(hashed)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False)
