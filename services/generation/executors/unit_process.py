"""Time limits of a unit of work in the process that runs it, and errors that can be pickled."""

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
    """An interruption that passes through code that catches every Exception."""


@contextmanager
def interrupted_after(seconds: float) -> Iterator[None]:
    """Interrupt the block after a time. Raises UnitTooLong. For the main thread of a process only."""
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
    """End the whole process after a time, with a traceback on standard error, even when it runs no Python code.

    A process has a single such limit at a time.
    """
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def portable(work: Callable[[Unit], Result], unit: Unit) -> Result:
    """Return the result of the work. An error that cannot be pickled would break the pool: it becomes RuntimeError."""
    try:
        return work(unit)
    except Exception as error:
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
        except Exception:  # noqa: BLE001 - pickling runs code of the error's class
            raise RuntimeError(f"{type(error).__name__}: {error}") from error
        raise
