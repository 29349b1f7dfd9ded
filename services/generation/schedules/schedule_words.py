"""Words about schedules, their runs and their mails in the owner's language."""

from datetime import datetime

from services.generation.accounts.user import User
from services.generation.schedules.due import Window
from services.generation.schedules.planning import window_of
from services.generation.schedules.schedule import MOST_FAILURES, SavedReportRef, Schedule
from services.generation.words.catalogue import mark as _
from services.generation.words.conditions import days_text
from services.generation.words.language import Language
from services.generation.words.period_texts import day_text

NEXT_RUN = _("{day} {time} {zone}, covers {period}")
PAUSED = _("Paused after {count} failed runs in a row: {reason}")
UNSUBSCRIBED = _("The recipient has unsubscribed")
TOO_MANY_MAILS = _("The account has sent as many mails today as it may")
MISSED = _("Missed while Daybook was not running")
NOTHING_TO_SHOW = _("The report has no rows")
RIGHT_MISSING = _("The owner of the schedule may not make reports")
NO_TRACKERS_LEFT = _("None of the trackers or employees of the report is left")
REPORT_DELETED = _("The report was deleted")
REPORT_CANCELLED = _("The report was cancelled")
SCHEDULE_DELETED = _("The schedule was deleted")
SAVED_REPORT_GONE = _("The saved report was not found, or its owner has left the workspace")
CANNOT_BE_MADE = _("The report cannot be made: {reason}")
IN_DOUBT = _("It is unknown whether the receiver's server has taken it")
DROPPED = _("The owner decided not to send it again")
GIVEN_UP = _("Given up after repeated tries: {text}")
CHANNEL_OFF = _("The receiver of notices answered that it is gone")
NO_WORKER = _("No delivery worker has taken the mail")


def next_run_text(schedule: Schedule, owner: User) -> str:
    """Return when a schedule is due next and what that run covers, empty for one that is not enabled.

    Such as "Mon 1 Jun 2026 06:00 Europe/Berlin, covers 1-31 May 2026". A saved report whose own dates may go first is
    without what it covers.
    """
    if schedule.next_day is None or schedule.next_due is None:
        return ""
    language, spec = Language.of(owner.locale), schedule.spec
    day, time = day_text(schedule.next_day, language.locale), time_text(schedule.next_due, language)
    if isinstance(spec.report, SavedReportRef) and not spec.override_saved_period:
        return f"{day} {time} {language.clock.zone}"
    period = window_text(window_of(spec, schedule.next_day), language)
    return language.t(NEXT_RUN).format(day=day, time=time, zone=language.clock.zone, period=period)


def time_text(moment: datetime, language: Language) -> str:
    """Return the local time of day of a moment."""
    return language.clock.times([moment.timestamp() * 1000])[0]


def window_text(window: Window, language: Language) -> str:
    """Return a period of whole days in a few words."""
    return days_text(window.first, window.last, language.locale)


def paused_text(language: Language, reason: str) -> str:
    """Return why a schedule is paused."""
    return language.t(PAUSED).format(count=MOST_FAILURES, reason=reason)
