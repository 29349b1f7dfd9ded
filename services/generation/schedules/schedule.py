"""Schedules as they are stored, and the settings that bound them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from services.generation.reporting.report_request import ReportRequest
from services.generation.schedules.due import Rule

Kind = Literal["tracker", "time"]
Form = Literal["file", "link"]
InDoubt = Literal["resend", "hold"]
FORMATS = ("pdf", "xls", "xlsx", "csv")
TIME_FORMATS = ("pdf", "xlsx", "csv")
MOST_FAILURES = 5  # of scheduled runs in a row, after which a schedule is paused
OLD_SECRET = timedelta(hours=24)  # for which notices are signed with a replaced secret too


@dataclass(frozen=True, slots=True)
class ScheduleLimits:
    """Limits of schedules and their mails."""

    per_account: int = 100
    recipients: int = 20
    mails_per_day: int = 200  # of an account
    mails_per_minute: int = 60  # of all
    domains: frozenset[str] = frozenset()  # of addresses; empty for all
    catch_up: timedelta = timedelta(hours=24)  # after which a run that was missed is skipped
    in_doubt: InDoubt = "resend"
    http_webhooks: bool = False  # whether webhooks may be without TLS, on a network of one's own


@dataclass(frozen=True, slots=True)
class SavedReportRef:
    """Saved report over time entries."""

    workspace_id: int
    report_id: int
    name: str = ""  # as it was when the schedule was last changed


@dataclass(frozen=True, slots=True)
class Recipient:
    """Receiver of mails: an address, or a member of the saved report's workspace."""

    email: str = ""
    user_id: int = 0


@dataclass(frozen=True, slots=True)
class Webhook:
    """Receiver of signed notices; `secrets` are texts that begin with `whsec_`."""

    url: str
    secret: str
    secret_time: datetime
    old_secret: str = ""
    old_secret_end: datetime | None = None
    off_reason: str = ""

    def secrets(self, now: datetime) -> list[str]:
        """Return the secrets that sign at a moment, the present one first."""
        has_old = self.old_secret and self.old_secret_end is not None and now < self.old_secret_end
        return [self.secret, self.old_secret] if has_old else [self.secret]


@dataclass(frozen=True, slots=True)
class LastResult:
    """Result of the last scheduled run that is over."""

    success: bool
    run_id: int
    report_id: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleSpec:
    """Wishes of a schedule's owner."""

    report: ReportRequest | SavedReportRef
    period: str  # as it came
    rule: Rule
    sending_time: time = time(0)
    enabled: bool = False
    override_saved_period: bool = False
    recipients: Sequence[Recipient] = ()
    webhook_url: str = ""
    formats: Sequence[str] = ("pdf",)
    zip: bool = False
    form: Form = "file"
    subject: str = ""
    message: str = ""
    skip_empty: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule. Its id is 0 until it is stored.

    `next_due` and `next_day` are those of the next run, None while it is not enabled; `zone` and `week_start` are the
    owner's as they were when these were computed. `fire_time` is the due moment of the last scheduled run.
    """

    owner_id: int
    account_id: int
    spec: ScheduleSpec
    create_time: datetime
    update_time: datetime
    id: int = 0
    revision: int = 1
    zone: str = "UTC"
    week_start: int = 0
    next_due: datetime | None = None
    next_day: date | None = None
    webhook: Webhook | None = None
    fire_time: datetime | None = None
    last_result: LastResult | None = None
    failed_runs: int = 0
    paused_reason: str = ""
    version: int = 0  # grows with every change; one is stored over the version that it was made of only

    @property
    def kind(self) -> Kind:
        """Return the family of its report."""
        return "time" if isinstance(self.spec.report, SavedReportRef) else "tracker"

    @property
    def title(self) -> str:
        """Return the title of its report as far as the schedule says it, else empty."""
        report = self.spec.report
        return report.name if isinstance(report, SavedReportRef) else report.title

    @property
    def shown_title(self) -> str:
        """Return its title, its number where it has none."""
        return self.title or f"#{self.id}"
