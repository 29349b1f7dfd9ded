"""What surrounds a unit of work in the process that runs it: its time limits, and errors that can travel."""

import faulthandler
import pickle
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from services.generation.reporting.units import UnitTooLong

REPEAT_S = 1.0  # an interruption that comes while an object is being deleted is lost

Unit = TypeVar("Unit")
Result = TypeVar("Result")


class _Interrupted(BaseException):
    """Passes through plugins that catch every Exception."""


@contextmanager
def interrupted_after(seconds: float) -> Iterator[None]:
    """Interrupt what is inside after so long. Raises UnitTooLong. For the main thread of a process only."""
    signal.signal(signal.SIGALRM, _interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, REPEAT_S)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except _Interrupted:
        raise UnitTooLong from None


def _interrupt(*_: object) -> None:
    raise _Interrupted


@contextmanager
def ended_after(seconds: float) -> Iterator[None]:
    """End the whole process after so long, with a traceback on standard error, even when it runs no Python code.

    A process has one such limit at a time.
    """
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def portable(work: Callable[[Unit], Result], unit: Unit) -> Result:
    """Do the work. An error that cannot travel would break whoever receives it, so that one travels as its text."""
    try:
        return work(unit)
    except Exception as error:
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
        except Exception:  # noqa: BLE001 - pickling runs whatever the error's class says
            raise RuntimeError(f"{type(error).__name__}: {error}") from error
        raise
