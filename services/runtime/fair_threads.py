"""Threads that compute for calls, one of a tenant at a time: others share the processor with one of them only."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar
from weakref import WeakValueDictionary

P = ParamSpec("P")
T = TypeVar("T")

tenant: ContextVar[str] = ContextVar("tenant", default="")  # whom the call of this task counts for
_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # gone with their last callers


async def in_thread(work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """Return the result of work in a thread, in the tenant's turn; a call that counts for none waits for no other."""
    if not tenant.get():
        return await asyncio.to_thread(work, *args, **named)
    async with _turns.setdefault(tenant.get(), asyncio.Lock()):
        return await asyncio.to_thread(work, *args, **named)
