"""Errors of Daybook, as facts; their statuses and public codes are mapped elsewhere.

Those of all parts stand here, those of a subject in a module of their own. They import nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

LONG_S = 3600.0  # until a limit may be another that no call changes


@dataclass(frozen=True, slots=True)
class Violation:
    """Bad parameter: its public name, such as `plugin.split`, and what would be right."""

    field: str
    description: str


def named_once(found: Iterable[Violation]) -> list[Violation]:
    """Return the first violation of each parameter; that of an object covers its fields, that of a field its object."""
    named: dict[str, Violation] = {}
    for violation in found:
        parents = violation.field.split(".")
        covers = {".".join(parents[:depth]) for depth in range(1, len(parents) + 1)}
        if covers.isdisjoint(named) and not any(name.startswith(f"{violation.field}.") for name in named):
            named[violation.field] = violation
    return list(named.values())


class DaybookError(Exception):
    """A fact that stops a call. `reason` is a name of daybook.report.v1.ErrorReason without its prefix.

    `retry_after_s` is the time after which the same call may succeed, None when repeating it is of no use.
    """

    reason: ClassVar[str] = "UNEXPECTED"
    message: ClassVar[str] = "Unexpected error"
    usual_retry_after_s: ClassVar[float | None] = None  # where no moment is known

    def __init__(self, message: str = "", *, retry_after_s: float | None = None, **metadata: str) -> None:
        super().__init__(message or self.message)
        self.metadata = metadata
        self.retry_after_s = self.usual_retry_after_s if retry_after_s is None else retry_after_s
        self.violations: tuple[Violation, ...] = ()

    def naming(self, field: str, description: str) -> Self:
        """Return the error with the parameter that is to blame."""
        self.violations = (*self.violations, Violation(field, description))
        return self


class InvalidParameters(DaybookError):
    """Parameters are missing, malformed or out of bounds; each is named."""

    reason = "INVALID_PARAMETERS"
    message = "Invalid parameters"

    def __init__(self, violations: Iterable[Violation]) -> None:
        super().__init__()
        self.violations = tuple(violations)

    @classmethod
    def one(cls, field: str, description: str) -> "InvalidParameters":
        """Return the error about a single parameter."""
        return cls([Violation(field, description)])


class SpanTooLong(DaybookError):
    """The period is longer than allowed; `max_time_span` is an ISO 8601 duration."""

    reason = "SPAN_TOO_LONG"
    message = "Requested time span is too big"

    def __init__(self, max_time_span: str) -> None:
        super().__init__(max_time_span=max_time_span)


class NotAuthenticated(DaybookError):
    """The caller is not authenticated."""

    reason = "WRONG_HASH"
    message = "Wrong hash"


class SessionEnded(NotAuthenticated):
    """The session or key is unknown, revoked or expired."""

    reason = "SESSION_ENDED"
    message = "User or API key not found or session ended"


class WrongLogin(NotAuthenticated):
    """The login or the password is wrong."""

    reason = "WRONG_LOGIN"
    message = "Wrong login or password"


class NotPermitted(DaybookError):
    """The caller is known but may not do this; `right` names what is missing."""

    reason = "RIGHT_MISSING"
    message = "Operation not permitted"


class DemoAccount(NotPermitted):
    """A demo account cannot do this."""

    reason = "DEMO_ACCOUNT"
    message = "In demo mode this function is disabled"


class WrongCredentials(NotPermitted):
    """The credentials are good, but of a kind that the call does not take; `wanted` names the right kind."""

    reason = "WRONG_CREDENTIALS"
    message = "These credentials are of another kind than this call takes"

    def __init__(self, wanted: str) -> None:
        super().__init__(f"This call takes {wanted}", wanted=wanted)


class NotFound(DaybookError):
    """The entity does not exist or belongs to another account."""

    reason = "ENTITY_NOT_FOUND"
    message = "Entity not found"


class NonexistentEntities(NotFound):
    """A list names entities that do not exist or belong to another account."""

    reason = "NONEXISTENT_ENTITIES"
    message = "List contains nonexistent entities"


class AlreadyExists(DaybookError):
    """The entity exists already."""

    reason = "ALREADY_EXISTS"
    message = "Already exists"


class NotNow(DaybookError):
    """The entity is not in the state that the call needs."""

    reason = "NOT_READY"
    message = "Requested data is not ready yet"


class StillReferredTo(NotNow):
    """Records that stay refer to those that are to be deleted; the metadata `count` says how many."""

    reason = "STILL_REFERRED_TO"
    message = "Other records refer to what is to be deleted"


class RequestIdReused(NotNow):
    """A request id came before with another request."""

    reason = "REQUEST_ID_REUSED"
    message = "The request id was used for another request"


class NotSupported(NotNow):
    """The entity is of a type that does not have what is asked for."""

    reason = "NOT_SUPPORTED"
    message = "Not supported for this type of entity"


class TooMuch(DaybookError):
    """A limit is reached; the call may succeed later."""

    reason = "TOO_MANY_REQUESTS"
    message = "Too many requests"
    usual_retry_after_s = 1.0


class Unavailable(DaybookError):
    """A service is going down or cannot be reached; the call may be repeated."""

    reason = "SERVICE_UNAVAILABLE"
    message = "Service unavailable"
    usual_retry_after_s = 1.0  # a channel tries again within a second


class StoreUnavailable(Unavailable):
    """The data store cannot be reached; the call may be repeated."""

    reason = "STORE_UNAVAILABLE"
    message = "Database unavailable"
    usual_retry_after_s = 2.0  # how long the driver looks for a server
