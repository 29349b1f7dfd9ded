"""Errors of workspaces, of their saved reports and of reports over time entries."""

from services.errors import InvalidParameters, NotFound, NotNow, NotPermitted, Violation


class ReportTypeMissing(InvalidParameters):
    """A report's parameters hold no known `report_type`."""

    reason = "REPORT_TYPE_MISSING"

    def __init__(self) -> None:
        super().__init__([Violation("params.report_type", "must be detailed, summary or weekly")])


class PeriodNotSupported(InvalidParameters):
    """A period is unknown, ends before it begins or is longer than a year."""

    reason = "PERIOD_NOT_SUPPORTED"
    message = "The report period is not supported"


class TokenInvalid(NotPermitted):
    """A share token is malformed, or the private report belongs to another account."""

    reason = "TOKEN_INVALID"
    message = "Invalid token"


class OwnerGone(NotPermitted):
    """A saved report's workspace is gone, or its owner has left it."""

    reason = "OWNER_GONE"
    message = "Workspace was not found or the report's owner is no longer active on it"


class AdminNeeded(NotPermitted):
    """Only an admin of the workspace may do this."""

    reason = "ADMIN_NEEDED"
    message = "Only admins of the workspace may do this"


class WorkspaceNotFound(NotFound):
    """The workspace does not exist, or the caller is no member of it."""

    reason = "WORKSPACE_NOT_FOUND"
    message = "Workspace not found/accessible"


class StartDateMissing(NotNow):
    """An export has neither a first day nor a named period."""

    reason = "START_DATE_MISSING"
    message = "The parameters name neither a first day nor a period"


class ReportTooBig(NotNow):
    """A report has more time entries than allowed."""

    reason = "REPORT_TOO_BIG"
    message = "report is too big to be exported"
