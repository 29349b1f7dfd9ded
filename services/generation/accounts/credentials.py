"""Credentials: sessions, API keys and passwords, and the digests and hashes that the store keeps of them."""

import asyncio
import hashlib
import re
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import NoReturn, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.errors import NotAuthenticated, TooMuch
from services.runtime.addresses import network_of
from services.runtime.channel import client_address
from services.runtime.deadline import seconds_left
from services.runtime.metrics import PLACES, PLACES_REFUSED, PLACES_TAKEN, PLACES_WAITING

SESSION_LIFE = timedelta(days=30)
HASHES_AT_ONCE = 2
LONGEST_WAIT_S = 5.0  # for a turn
WAITING_SHARE = 0.8  # of the time that a call has left, so that it can still be answered
BUSY = "Too many passwords are compared at once, try again later"

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


class Turns:
    """Turns at an expensive step, `slots` at once; `waiting` callers may wait, a quarter of them for one address."""

    def __init__(self, name: str, slots: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(slots)
        self._places, self._share = waiting, max(1, waiting // 4)
        self._waiting: Counter[str] = Counter()
        self._taken, self._queue = PLACES_TAKEN.labels(name), PLACES_WAITING.labels(name)
        self._refused = PLACES_REFUSED.labels(name)
        PLACES.labels(name).set(slots)

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Hold a turn inside the context. Raises TooMuch when too many wait, or before the time of the call is up."""
        await self._acquire(network_of(address))
        try:
            with self._taken.track_inprogress():
                yield
        finally:
            self._free.release()

    async def _acquire(self, network: str) -> None:
        if self._free.locked() and (self._waiting.total() >= self._places or self._waiting[network] >= self._share):
            self._refuse()
        self._waiting[network] += 1
        try:
            with self._queue.track_inprogress():
                async with asyncio.timeout(seconds_left(LONGEST_WAIT_S) * WAITING_SHARE):
                    await self._free.acquire()
        except TimeoutError:
            self._refuse()
        finally:
            self._waiting -= Counter([network])

    def _refuse(self) -> NoReturn:
        self._refused.inc()
        raise TooMuch(BUSY)


class Argon2Passwords:
    """Fills the port Passwords with argon2id, two at once."""

    def __init__(self, waiting: int = 16) -> None:
        self._hasher = PasswordHasher()
        self._threads = ThreadPoolExecutor(HASHES_AT_ONCE, thread_name_prefix="argon2")
        self._turns = Turns("passwords", HASHES_AT_ONCE, waiting)
        self._decoy = self._hasher.hash("decoy")

    def turn(self, address: str) -> AbstractAsyncContextManager[None]:
        """Return a context in which a password may be compared for the client at an address."""
        return self._turns.turn(address)

    async def hash(self, password: str) -> str:
        """Return a salted hash, in a turn of its own."""
        async with self._turns.turn(client_address.get()):
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
