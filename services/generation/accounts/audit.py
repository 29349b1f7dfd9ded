"""Audit lines of what callers do: the action, the caller and the outcome."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from services.errors import DaybookError
from services.runtime.logs import audit
from services.runtime.metrics import counter

ACTIONS = counter(
    "daybook_actions", "Actions of callers, by outcome: done, failed, or the reason of a refusal", "action", "outcome"
)


used_credential: ContextVar[dict[str, int]] = ContextVar("used_credential", default={})  # noqa: B039 - never changed


@contextmanager
def audited(action: str, **fields: object) -> Iterator[dict[str, object]]:
    """Write an audit line and count the action when the block ends: `done`, the reason of its refusal, or `failed`.

    The line bears the `key_id` or `session_id` of the credential that this task's call was authenticated by, with `by_`
    before it where the action itself is about a key or a session.
    The dictionary takes further fields of the line. It must never hold a credential or a password.
    """
    known = dict(fields)
    try:
        yield known
    except DaybookError as error:
        _record(action, error.reason, known)
        raise
    except BaseException:
        _record(action, "failed", known)
        raise
    _record(action, "done", known)


def _record(action: str, outcome: str, fields: dict[str, object]) -> None:
    ACTIONS.labels(action, outcome).inc()
    used = {f"by_{name}" if name in fields else name: id_ for name, id_ in used_credential.get().items()}
    audit(action, outcome, **used | fields)
