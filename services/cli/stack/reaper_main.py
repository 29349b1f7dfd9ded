"""Program that ends the processes of a stack when `daybook up` is gone, even by kill -9.

Its standard input is a pipe from `daybook up` that tells which process groups live: `+N` began, `-N` is over. The
pipe's end means that `up` is gone. It runs with the standard library alone, so that it starts in milliseconds.
"""

import os
import signal
import sys
import time

GRACE_S = 5.0
POLL_S = 0.05


def main() -> None:
    """Follow the groups until the pipe ends, then end those that still live: politely, then by force."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # what stops `up` must not stop what cleans up after it
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line.startswith("+"):
            groups.add(group)
        else:
            groups.discard(group)
    reap(groups)


def reap(groups: set[int]) -> None:
    """End process groups: SIGTERM, then SIGKILL for those that live 5 s later."""
    living = {group for group in groups if send(group, signal.SIGTERM)}
    until = time.monotonic() + GRACE_S
    while living and time.monotonic() < until:
        time.sleep(POLL_S)
        living = {group for group in living if send(group, 0)}
    for group in living:
        send(group, signal.SIGKILL)


def send(group: int, number: int) -> bool:
    """Send a signal to a process group and return whether the group still has members."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        return False
    return True


if __name__ == "__main__":
    main()
