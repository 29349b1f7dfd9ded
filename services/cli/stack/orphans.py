"""Ending the parts of an earlier stack that outlived it, so that its data directory is free."""

import json
import os
import signal
from pathlib import Path

from services.cli.failure import CommandFailed
from services.cli.stack.data_dir import DataDir
from services.cli.stack.locks import lock_within, try_lock
from services.cli.stack.sweeper import send

MARK = "DAYBOOK_STACK"  # names the data directory in the environment of each part
POLITE_S = 6.0
FORCED_S = 3.0


async def lock_parts(data_dir: DataDir) -> int:
    """Return the lock that all parts inherit, once no part of an earlier stack holds it any more.

    Raises CommandFailed when a process keeps the data directory and is not known to be ours.
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
    """Say whether the group's first process carries our mark: its number may have passed to a stranger's."""
    try:
        environment = Path(f"/proc/{group}/environ").read_bytes().split(b"\0")
    except OSError:
        return False  # gone, somebody else's, or no /proc here: the sweeper alone ends them
    return os.fsencode(f"{MARK}={data_dir.path}") in environment
