"""Audit lines around what somebody does: who, what, and with which outcome."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.errors import DaybookError
from services.runtime.logs import audit


@contextmanager
def audited(action: str, **who: object) -> Iterator[dict[str, object]]:
    """Leave an audit line when the block ends: `done`, the reason it was refused for, or `failed`.

    What becomes known inside the block is added to the dictionary. Never put a hash or a password there.
    """
    known = dict(who)
    try:
        yield known
    except DaybookError as error:
        audit(action, error.reason, **known)
        raise
    except BaseException:
        audit(action, "failed", **known)
        raise
    audit(action, "done", **known)
