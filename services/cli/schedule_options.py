"""Options of `daybook schedule add|change`, each described once, and the schedule that they make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, dataclass, fields
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from services.cli.downloads import format_number
from services.cli.errors import CommandFailed
from services.cli.options import check_id, check_ids, parse_plugin

if TYPE_CHECKING:
    from daybook.schedule.v1.schedule_pb2 import Schedule

FORMATS = ("pdf", "xls", "xlsx", "csv")  # those that schedules take
TRIPS = '{"plugin_id": 4}'
WEEKDAYS, MONTH_DAYS = 7, 31
Ids = list[int] | None
Text = str | None
Texts = list[str] | None
Flag = bool | None


def _check_formats(words: list[str] | None) -> list[str] | None:
    wrong = next((word for word in words or () if word not in FORMATS), None)
    if wrong is not None:
        raise typer.BadParameter(f"{wrong!r} is not one of {', '.join(map(repr, FORMATS))}.")
    return words


def _option(text: str, *names: str, metavar: str | None = None, callback: Callable[..., Any] | None = None) -> Any:
    """Return an option that says nothing of its default: what is not named is left as it is."""
    return typer.Option(*names, metavar=metavar, callback=callback, help=text, show_default=False)


@dataclass(frozen=True)
class ScheduleOptions:
    """Wishes of a command; None for those that were not named."""

    period: Annotated[
        Text, _option("What a report covers: so many days, weeks, months or years up to the day before, as 1w.")
    ] = None
    tracker: Annotated[Ids, _option("Tracker to report on; repeatable.", metavar="ID", callback=check_ids)] = None
    employee: Annotated[
        Ids, _option("Employee to report on, for plugins by employees; repeatable.", metavar="ID", callback=check_ids)
    ] = None
    plugin: Annotated[
        Text, _option("Kind of report and its options, as `daybook report kinds ID` tells; trips.", metavar="JSON")
    ] = None
    title: Annotated[Text, _option("Title of the reports; the plugin's own when left out.")] = None
    saved: Annotated[
        int | None,
        _option("Saved report over tracked time, in place of trackers.", metavar="ID", callback=check_id),
    ] = None
    workspace: Annotated[
        Text, _option("Workspace of the saved report by name or id; needed with several.", metavar="NAME")
    ] = None
    own_period: Annotated[
        Flag, _option("Whether --period counts in place of the saved report's own.", "--own-period/--saved-period")
    ] = None
    weekdays: Annotated[
        Text, _option("Days of the week, 1 for Monday, with commas between, such as 1,5.", metavar="DAYS")
    ] = None
    month_days: Annotated[
        Text,
        _option(
            "Days of the month with commas between, such as 1,15; a day behind the month's end is its last day.",
            metavar="DAYS",
        ),
    ] = None
    at: Annotated[Text, _option("Time of day in the account's zone; 00:00 when left out.", metavar="HH:MM")] = None
    email: Annotated[
        Texts, _option('Address that gets the report by mail; repeatable, "" for none.', metavar="ADDRESS")
    ] = None
    member: Annotated[
        Ids,
        _option("Member of the saved report's workspace who gets it; repeatable.", metavar="ID", callback=check_ids),
    ] = None
    format_: Annotated[
        Texts,
        _option(
            "Format of the files, pdf when left out; repeatable.",
            "--format",
            metavar=f"[{'|'.join(FORMATS)}]",
            callback=_check_formats,
        ),
    ] = None
    webhook: Annotated[Text, _option('Address that gets a signed notice of each run; "" for none.', metavar="URL")] = (
        None
    )
    subject: Annotated[Text, _option("Subject of the mails; title and period when left out.")] = None
    message: Annotated[Text, _option("Text at the top of the mails, at most 2,000 characters.")] = None
    zip_: Annotated[Flag, _option("Whether the files of a mail are packed in any case.", "--zip/--no-zip")] = None
    link: Annotated[Flag, _option("Whether mails bring a link in place of the files.", "--link/--files")] = None
    skip_empty: Annotated[
        Flag, _option("Whether nothing is sent when a report has no row.", "--skip-empty/--send-empty")
    ] = None

    def put_into(self, schedule: Schedule) -> list[str]:
        """Put what was named into a schedule, and return the names of its fields that changed.

        The workspace of a saved report is left to the caller. Raises CommandFailed.
        """
        if self.weekdays is not None and self.month_days is not None:
            raise CommandFailed("give --weekdays or --month-days")
        named = {name: getattr(self, option) for name, option in PLAIN.items() if getattr(self, option) is not None}
        for name, value in named.items():
            setattr(schedule, name, value)
        changes = (self._put_report, self._put_rule, self._put_receivers, self._put_webhook, self._put_form)
        return [*named, *(name for change in changes for name in change(schedule))]

    def _put_report(self, schedule: Schedule) -> list[str]:
        of_trackers = (self.tracker, self.employee, self.plugin, self.title)
        is_of_trackers = any(one is not None for one in of_trackers)
        if self.saved is not None:
            if is_of_trackers:
                raise CommandFailed("--saved is a report of its own: it has no trackers, employees, plugin or title")
            schedule.time_report.report_id = self.saved
            return ["time_report"]
        if self.workspace is not None:
            raise CommandFailed("--workspace is that of a saved report: give --saved")
        if schedule.HasField("time_report") and is_of_trackers:
            raise CommandFailed(f"schedule {schedule.id} is of a saved report: it has no trackers, plugin or title")
        if not is_of_trackers:
            return []
        report = schedule.tracker_report
        if self.plugin is not None or not report.plugin.id:
            report.plugin.CopyFrom(parse_plugin(self.plugin or TRIPS))
        if self.title is not None:
            report.title = self.title
        if self.tracker is not None or self.employee is not None:
            report.tracker_ids[:], report.employee_ids[:] = self.tracker or (), self.employee or ()
        return ["tracker_report"]

    def _put_rule(self, schedule: Schedule) -> list[str]:
        if self.weekdays is not None:
            schedule.rule.weekdays.days[:] = days_of("--weekdays", self.weekdays, WEEKDAYS)
        elif self.month_days is not None:
            schedule.rule.month_days.days[:] = days_of("--month-days", self.month_days, MONTH_DAYS)
        else:
            return []
        return ["rule"]

    def _put_receivers(self, schedule: Schedule) -> list[str]:
        """Put addresses and members in the place of those of their kind."""
        if self.email is None and self.member is None:
            return []
        known = schedule.recipients
        emails = [one.email for one in known if one.email] if self.email is None else [*filter(None, self.email)]
        members = [one.user_id for one in known if one.user_id] if self.member is None else self.member
        del known[:]
        for email in emails:
            known.add(email=email)
        for user_id in members:
            known.add(user_id=user_id)
        return ["recipients"]

    def _put_webhook(self, schedule: Schedule) -> list[str]:
        if self.webhook is None:
            return []
        if self.webhook:
            schedule.webhook.url = self.webhook
        else:
            schedule.ClearField("webhook")
        return ["webhook"]

    def _put_form(self, schedule: Schedule) -> list[str]:
        from daybook.schedule.v1.schedule_pb2 import DeliveryForm

        found = []
        if self.format_ is not None:
            schedule.formats[:] = map(format_number, self.format_)
            found.append("formats")
        if self.link is not None:
            link, files = DeliveryForm.DELIVERY_FORM_LINK, DeliveryForm.DELIVERY_FORM_FILE
            schedule.delivery_form = link if self.link else files
            found.append("delivery_form")
        return found


PLAIN = {  # fields of a schedule that are as the options say, by their names
    "period": "period",
    "override_saved_period": "own_period",
    "sending_time": "at",
    "subject": "subject",
    "message": "message",
    "zip": "zip_",
    "skip_empty": "skip_empty",
}


def days_of(option: str, text: str, last: int) -> list[int]:
    """Return the numbers of days in a text. Raises CommandFailed."""
    words = [word.strip() for word in text.split(",")]
    days = [int(word) for word in words if word.isascii() and word.isdecimal() and 1 <= int(word[:9]) <= last]
    if len(days) < len(words):
        raise CommandFailed(f"{option} {text[:40]!r} is not days from 1 to {last} with commas between")
    return days


def with_schedule_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command with an option for each field of ScheduleOptions, which it gets as its `options`."""
    hints = get_type_hints(ScheduleOptions, include_extras=True)

    def option_of(one: Field[Any]) -> Parameter:
        return Parameter(one.name, Parameter.KEYWORD_ONLY, default=one.default, annotation=hints[one.name])

    own = [one for one in signature(command, eval_str=True).parameters.values() if one.name != "options"]
    positional = [one for one in own if one.kind is not Parameter.KEYWORD_ONLY]
    later = [one for one in own if one.kind is Parameter.KEYWORD_ONLY]
    parameters = [*positional, *map(option_of, fields(ScheduleOptions)), *later]

    @wraps(command)
    def run(**given: Any) -> None:
        options = ScheduleOptions(**{one.name: given.pop(one.name) for one in fields(ScheduleOptions)})
        command(**given, options=options)

    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined] # read by inspect
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run
