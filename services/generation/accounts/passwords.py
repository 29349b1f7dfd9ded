"""Password hashes by argon2id, computed in threads."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2

Result = TypeVar("Result")


class Argon2Passwords:
    """Fills the port Passwords; at most two hashes are computed at once, further ones wait."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
        self._of_nobody = self._hasher.hash("nobody")

    async def hash(self, password: str) -> str:
        """Return a salted hash."""
        return await self._in_thread(self._hasher.hash, password)

    async def matches(self, password: str, hashed: str) -> bool:
        """Say whether the password belongs to the hash; an empty hash matches nothing and takes as long."""
        return await self._in_thread(self._verify, password, hashed)

    async def _in_thread(self, work: Callable[..., Result], *arguments: str) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def _verify(self, password: str, hashed: str) -> bool:
        try:
            self._hasher.verify(hashed or self._of_nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return bool(hashed)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False)
