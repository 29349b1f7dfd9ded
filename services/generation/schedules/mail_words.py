"""Words of the mails of a run, in its owner's language."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.generation.accounts.user import User
from services.generation.schedules.run import Delivery, Run
from services.generation.schedules.schedule import Schedule
from services.generation.schedules.schedule_words import window_text
from services.generation.words.catalogue import mark as _
from services.generation.words.conditions import days_text, listed
from services.generation.words.file_names import file_stem
from services.generation.words.language import Language, Locale
from services.runtime.shown_text import closed

SUBJECT = _("{title}, {period}")
TEST_SUBJECT = _("Test: {subject}")
FAILED_SUBJECT = _("Scheduled report failed: {title}")
PAUSED_SUBJECT = _("Scheduled report paused: {title}")
FAILED = _("The scheduled report {title} for {period} has failed.")
NOT_DELIVERED = _("Not delivered to {address}: {reason}")
MISSING = _("Left out, because they are gone: {ids}")
SUMMARY, TOTAL = _("Summary"), _("Total")
ROWS_CUT = _("Only the first 50 rows are shown here.")
NO_ROWS = _("There is no data for the period.")
OPEN = _("Open the report")
OPEN_SCHEDULE = _("Open the schedule")
TOO_LARGE = _("The files are too large for a mail. The link opens them.")
LINK_NOTE = _("The link works until {day}.")
REASON = _("You get this mail because {login} has scheduled the report in Daybook.")
UNSUBSCRIBE = _("Unsubscribe")
OWNER_REASON = _("You get this mail because the report is scheduled in your account.")
MAIL_TEST = _("Test mail of Daybook")
MAIL_TEST_TEXT = _("This mail tests the settings of the mail server. No answer is needed.")


@dataclass(frozen=True, slots=True)
class MailText:
    """Words of a mail, under the names of the contract; empty ones are left out of it."""

    subject: str
    heading: str = ""
    period: str = ""
    message: str = ""
    paragraphs: tuple[str, ...] = ()
    missing: str = ""
    summary_heading: str = ""
    rows_cut: str = ""
    total_label: str = ""
    no_rows: str = ""
    link_label: str = ""
    too_large: str = ""
    link_note: str = ""
    reason: str = ""
    unsubscribe_label: str = ""
    file_name: str = ""


def report_text(run: Run, schedule: Schedule, owner: User, link_end: datetime | None) -> MailText:
    """Return the words of a mail that brings the report of a run; `link_end` is when its link expires."""
    language = Language.of(owner.locale)
    t, period = language.t, _period(run, language)
    subject = schedule.spec.subject or t(SUBJECT).format(title=closed(run.title), period=period)
    if run.kind == "test":
        subject = t(TEST_SUBJECT).format(subject=subject)
    link_note = ""
    if link_end is not None:
        day = link_end.astimezone(ZoneInfo(owner.locale.time_zone)).date()
        link_note = t(LINK_NOTE).format(day=days_text(day, day, language.locale))
    return MailText(
        subject=" ".join(subject.split()),
        heading=run.title,
        period=f"{period}, {run.zone}",
        message=schedule.spec.message,
        missing=t(MISSING).format(ids=listed(map(str, run.missing_ids), language)) if run.missing_ids else "",
        summary_heading=t(SUMMARY),
        rows_cut=t(ROWS_CUT),
        total_label=t(TOTAL),
        no_rows=t(NO_ROWS),
        link_label=t(OPEN),
        too_large=t(TOO_LARGE),
        link_note=link_note,
        reason=t(REASON).format(login=owner.login),
        unsubscribe_label=t(UNSUBSCRIBE),
        file_name=file_name(run),
    )


def notice_text(run: Run, schedule: Schedule, owner: User) -> MailText:
    """Return the words of the mail that tells an owner that a run has failed, and that its schedule is paused."""
    language = Language.of(owner.locale)
    t = language.t
    failed = [one for one in run.deliveries if one.state == "failed"]
    title = run.title or schedule.shown_title
    named = closed(title)
    lines = [t(FAILED).format(title=named, period=_period(run, language))]
    lines += [run.reason] if run.making_failed else [_not_delivered(one, language) for one in failed]
    lines += [schedule.paused_reason] if schedule.paused_reason else []
    subject = PAUSED_SUBJECT if schedule.paused_reason else FAILED_SUBJECT
    return MailText(
        subject=" ".join(t(subject).format(title=named).split()),
        heading=title,
        period=f"{_period(run, language)}, {run.zone}",
        paragraphs=tuple(lines),
        link_label=t(OPEN_SCHEDULE),
        reason=t(OWNER_REASON),
    )


def mail_test_text() -> MailText:
    """Return the words of a test of the mail server, for operators."""
    t = Language.of(Locale()).t
    return MailText(subject=t(MAIL_TEST), heading=t(MAIL_TEST), paragraphs=(t(MAIL_TEST_TEXT),))


def file_name(run: Run) -> str:
    """Return the name of a run's files, without suffix."""
    if run.window is None:
        return ""
    return file_stem([run.title], run.window.first, run.window.last)


def _period(run: Run, language: Language) -> str:
    return "" if run.window is None else window_text(run.window, language)


def _not_delivered(delivery: Delivery, language: Language) -> str:
    return language.t(NOT_DELIVERED).format(address=delivery.address, reason=delivery.reason)
