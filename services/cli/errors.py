"""Failure of a command, and the line in which it ends."""

import sys
from collections.abc import Callable

from services.runtime.shown_text import escaped


class CommandFailed(Exception):
    """A command stops; the text is one line for the person who typed it."""


def exit_code_of(work: Callable[[], int]) -> int:
    """Return the exit code of a program's work; a CommandFailed is one line on standard error and code 1."""
    try:
        return work()
    except CommandFailed as failure:
        print(escaped(f"error: {failure}"), file=sys.stderr)
        return 1
