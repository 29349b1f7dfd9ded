"""Errors of reports, of their files and of their schedules."""

from services.errors import LONG_S, DaybookError, NotFound, NotNow, TooMuch


class PluginNotFound(NotFound):
    """There is no such kind of report."""

    reason = "PLUGIN_NOT_FOUND"
    message = "Plugin not found"


class TrackerNotFound(NotFound):
    """The tracker whose settings are meant does not exist or belongs to another account."""

    reason = "TRACKER_NOT_FOUND"
    message = "Tracker not found"


class ReportFailed(NotNow):
    """The report could not be made."""

    reason = "REPORT_FAILED"
    message = "The report could not be made"


class UnknownSchema(DaybookError):
    """A stored report has a form that this version does not read."""

    def __init__(self, schema: object, report_id: int) -> None:
        super().__init__(f"Report {report_id} is stored with schema {schema}, which this version does not read")


class FeatureUnavailable(NotNow):
    """A tracker's tariff is without reports."""

    reason = "FEATURE_UNAVAILABLE"
    message = "Feature unavailable due to tariff restrictions"


class FileTooLarge(NotNow):
    """A file of this format cannot hold the report."""

    reason = "FILE_TOO_LARGE"
    message = "The report is too large for this file format"


class LeaseLost(NotNow):
    """The lease of a claimed run has ended, and the run may be another worker's."""

    reason = "LEASE_LOST"
    message = "The lease of the run has ended"


class TooManyReports(TooMuch):
    """As many reports of this user, or of the account, are being made as may be at once."""

    reason = "TOO_MANY_REPORTS"
    message = "Too many reports are being made at once"
    usual_retry_after_s = 5.0


class TooManyTrackers(TooMuch):
    """The report names more trackers than allowed."""

    reason = "TOO_MANY_TRACKERS"
    message = "Too many trackers in one report"
    usual_retry_after_s = LONG_S  # operators may raise the limit


class TooManySchedules(TooMuch):
    """The account has as many schedules as it may have."""

    reason = "TOO_MANY_SCHEDULES"
    message = "The account has as many schedules as it may have"
    usual_retry_after_s = LONG_S  # until one is deleted
