"""Audit lines around what somebody does: who, what, and with which outcome."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.errors import DaybookError
from services.runtime.logs import audit
from services.runtime.metrics import counter

ACTIONS = counter(
    "daybook_actions", "What people did, by outcome: done, failed, or the reason of a refusal", "action", "outcome"
)


@contextmanager
def audited(action: str, **who: object) -> Iterator[dict[str, object]]:
    """Leave an audit line, and count, when the block ends: `done`, the reason it was refused for, or `failed`.

    What becomes known inside the block is added to the dictionary. Never put a hash or a password there.
    """
    known = dict(who)
    try:
        yield known
    except DaybookError as error:
        _tell(action, error.reason, known)
        raise
    except BaseException:
        _tell(action, "failed", known)
        raise
    _tell(action, "done", known)


def _tell(action: str, outcome: str, known: dict[str, object]) -> None:
    ACTIONS.labels(action, outcome).inc()
    audit(action, outcome, **known)
