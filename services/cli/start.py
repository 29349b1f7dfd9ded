"""First lines of the `daybook` program: Ctrl-C while the rest is loaded ends it without a word."""

import os
import signal

INTERRUPTED = 130


def main() -> None:
    """Load the command line and run it."""
    signal.signal(signal.SIGINT, _end)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])  # the program's file held it back until now
    from services.cli.__main__ import main as run

    run()


def _end(*_: object) -> None:
    os._exit(INTERRUPTED)  # nothing is begun yet that would need an end
