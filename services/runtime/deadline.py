"""Deadline of the call that the current task answers."""

import time
from contextvars import ContextVar

_ends: ContextVar[float | None] = ContextVar("deadline", default=None)


def begin(seconds: float | None) -> None:
    """Remember the deadline of this task's call; None for no deadline."""
    _ends.set(None if seconds is None else time.monotonic() + seconds)


def seconds_left(at_most: float) -> float:
    """Return the seconds until the deadline, never more than `at_most` and never less than a millisecond."""
    ends = _ends.get()
    return at_most if ends is None else max(0.001, min(at_most, ends - time.monotonic()))
