"""Locks on files, which the kernel frees when the last process that holds them ends, however it ends."""

import asyncio
import fcntl
import os
import time
from pathlib import Path

POLL_S = 0.05


def try_lock(path: Path) -> int | None:
    """Return the descriptor that holds the lock, or None when somebody else holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


async def lock_within(path: Path, within_s: float) -> int | None:
    """Return the descriptor that holds the lock, or None when it did not come free in time."""
    until = time.monotonic() + within_s
    while (descriptor := try_lock(path)) is None and time.monotonic() < until:  # noqa: ASYNC110  # other processes
        await asyncio.sleep(POLL_S)
    return descriptor
