"""Locks of a data directory, freed of the processes of an earlier stack that outlived it."""

import asyncio
import fcntl
import json
import os
import signal
import time
from pathlib import Path

from services.cli.errors import CommandFailed
from services.cli.stack.data_dir import DataDir
from services.cli.stack.reaper_main import send

MARK = "DAYBOOK_STACK"  # names the data directory in the environment of each part
POLITE_S = 6.0
FORCED_S = 3.0
POLL_S = 0.05


def try_lock(path: Path) -> int | None:
    """Return the descriptor that holds the lock of a file, None while another process holds it.

    The kernel frees the lock when the last process that inherited the descriptor ends, however it ends.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


async def lock_within(path: Path, within_s: float) -> int | None:
    """Return the descriptor that holds the lock, None when it did not come free in time."""
    until = time.monotonic() + within_s
    while (descriptor := try_lock(path)) is None and time.monotonic() < until:  # noqa: ASYNC110  # other processes
        await asyncio.sleep(POLL_S)
    return descriptor


async def lock_parts(data_dir: DataDir) -> int:
    """Return the lock that all parts inherit, once no part of an earlier stack holds it any more.

    Raises CommandFailed when a process that is not known to be ours keeps the data directory.
    """
    free = try_lock(data_dir.parts_lock)
    if free is not None:
        return free
    groups = [group for group in _recorded(data_dir) if _is_ours(group, data_dir)]
    for number, within_s in ((signal.SIGTERM, POLITE_S), (signal.SIGKILL, FORCED_S)):
        for group in groups:
            send(group, number)
        free = await lock_within(data_dir.parts_lock, within_s)
        if free is not None:
            for group in groups:
                send(group, signal.SIGKILL)  # workers that are slower than their part
            return free
    raise CommandFailed(f"processes of an earlier stack still use {data_dir.path}: end them first")


def _recorded(data_dir: DataDir) -> list[int]:
    try:
        return [int(group) for group in json.loads(data_dir.parts_file.read_text())]
    except (OSError, ValueError, TypeError):
        return []


def _is_ours(group: int, data_dir: DataDir) -> bool:
    """Return whether the group's first process carries our mark: its number may have passed to another program."""
    try:
        environment = Path(f"/proc/{group}/environ").read_bytes().split(b"\0")
    except OSError:
        return False  # gone, another user's, or no /proc here: the reaper alone ends them
    return os.fsencode(f"{MARK}={data_dir.path}") in environment
