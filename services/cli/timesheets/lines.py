"""One record of a timesheet file: what it says about a time entry, checked against what the store takes."""

import re
from datetime import datetime
from typing import NamedTuple

from services.cli.csv_records import Record
from services.cli.timesheets.csv_form import CURRENCY, Form
from services.cli.timesheets.languages import YES_NO, folded
from services.cli.timesheets.problems import BadLine, Running
from services.cli.timesheets.values import SECOND, parse_amount, parse_duration, parse_moment
from services.runtime.identity import identity_key

MAX_NAME = 255
MAX_DESCRIPTION = 3000
MAX_SECONDS = 999 * 3600
MAX_TAGS = 100
MAX_ENTRY_ID = 50
FIRST_YEAR, LAST_YEAR = 1971, 2099  # the store's, wherever the clock is
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
CONTROL_IN_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # all but line breaks and tabs
NOTHING = {"", "-"}  # in cells of durations and amounts
SHOWN = 40  # characters of a wrong cell

Person = tuple[str, str]  # email in lower case and "", or "" and the name of a person without email
Project = tuple[str, str]  # client, project; either may be ""
NO_PROJECT: Project = ("", "")


class Line(NamedTuple):
    """A time entry as a file says it; what it leaves empty is "". Clocks are those of the person's zone.

    `amount_cents` is None where the file has no amount for the entry, `end` where it does not say. Where the file has
    no duration it is what the clock went on from start to end.
    """

    place: int  # physical line
    user: str
    email: str
    client: str
    project: str
    task: str
    description: str
    billable: bool
    start: datetime
    end: datetime | None
    seconds: int
    tags: tuple[str, ...]  # ascending
    currency: str
    amount_cents: int | None
    is_elapsed: bool = False  # the file has no duration for it
    entry_id: str = ""  # where it came from

    @property
    def person(self) -> Person:
        """Return who tracked it: people are known by their email, else by their name."""
        return (identity_key(self.email), "") if self.email else ("", self.user)

    @property
    def of_project(self) -> Project:
        """Return its project; entries without one are all of the same."""
        return (self.client, self.project) if self.project else NO_PROJECT


def parse(form: Form, record: Record) -> Line:
    """Return what a record says. Raises BadLine, and Running for an entry that has not been stopped."""
    cells = _filled(form, record.cells)
    if record.broken:
        raise BadLine("", record.broken)
    if len(cells) != form.width:
        raise BadLine("", f"has {len(cells)} cells under {form.width} columns")
    if form.dash_is_empty:
        cells = ["" if cell == "-" else cell for cell in cells]
    cells = [*cells, ""]  # where absent columns are
    names = (form.user, form.email, form.client, form.project, form.task)
    user, email, client, project, task = (_name(form.titles[place], cells[place]) for place in names)
    email = email or form.owner
    if not user and not email:
        raise BadLine(form.titles[min(form.user, form.email)], "is empty: somebody must have tracked the time")
    if task and not project:
        raise BadLine(form.titles[form.task], "needs a project that it is a task of")
    start, end, seconds = _times(form, cells)
    currency, amount_cents = _amount(form, cells)
    return Line(
        place=record.line,
        user=user,
        email=email.strip(),
        client=client,
        project=project,
        task=task,
        description=_description(form, cells[form.description]),
        billable=_billable(form, cells[form.billable]) if form.billable < form.width else bool(amount_cents),
        start=start,
        end=end,
        seconds=(end - start) // SECOND if end and seconds is None else seconds or 0,
        tags=_tags(form, cells),
        currency=currency,
        amount_cents=amount_cents,
        is_elapsed=seconds is None,
        entry_id=_entry_id(form, cells[form.entry_id]),
    )


def _filled(form: Form, cells: list[str]) -> list[str]:
    """Return the cells of a line, with empty amounts where one that is not billable ends before them."""
    missing = range(len(cells), form.width)
    is_short = len(missing) > 0 and set(missing) <= {place for place, _currency in form.amounts}
    if not is_short or form.billable >= len(cells) or YES_NO.get(folded(cells[form.billable])) is not False:
        return cells
    return [*cells, *("" for _place in missing)]


def _entry_id(form: Form, text: str) -> str:
    found = _name(form.titles[form.entry_id], text.strip())
    if len(found) > MAX_ENTRY_ID:
        raise BadLine(form.titles[form.entry_id], f"has {len(found)} characters, which is more than {MAX_ENTRY_ID}")
    return "" if found == "-" else found


def _times(form: Form, cells: list[str]) -> tuple[datetime, datetime | None, int | None]:
    """Return start, end and seconds; an end, or seconds, are given."""
    start = _moment(form, cells, form.start_date, form.start_time)
    is_stopped = not {cells[form.end_date], cells[form.end_time]} & NOTHING
    end = _moment(form, cells, form.end_date, form.end_time) if is_stopped else None
    if cells[form.duration] not in NOTHING:
        return start, end, _seconds(form, cells[form.duration])
    if end is None:
        raise Running
    if end < start:
        titles = f"{form.titles[form.end_date]} and {form.titles[form.end_time].lower()}"
        raise BadLine(titles, "are before the start, and there is no duration")
    if (end - start) // SECOND > MAX_SECONDS:
        raise BadLine(form.titles[form.end_date], f"is more than {MAX_SECONDS // 3600} hours after the start")
    return start, end, None


def _name(title: str, text: str) -> str:
    """Return a name as it stands; one of blanks alone is none."""
    if len(text) > MAX_NAME:
        raise BadLine(title, f"has {len(text)} characters, which is more than {MAX_NAME}")
    if not text.isprintable():  # also joiners and unusual spaces, which are good
        _check_bytes(title, text)
        if CONTROL.search(text):
            raise BadLine(title, f"{text[:SHOWN]!r} has control characters")
    return text if text and not text.isspace() else ""


def _tags(form: Form, cells: list[str]) -> tuple[str, ...]:
    text = cells[form.tags]
    if not text:
        return ()
    title = form.titles[form.tags]
    found = {_name(title, tag) for tag in text.split(", ")} - {""}
    if len(found) > MAX_TAGS:
        raise BadLine(title, f"names {len(found)} tags, which is more than {MAX_TAGS}")
    return tuple(sorted(found))


def _description(form: Form, text: str) -> str:
    if len(text) > MAX_DESCRIPTION:
        raise BadLine(
            form.titles[form.description], f"has {len(text)} characters, which is more than {MAX_DESCRIPTION}"
        )
    if text and not text.isprintable():
        _check_bytes(form.titles[form.description], text)
        if CONTROL_IN_TEXT.search(text):
            raise BadLine(form.titles[form.description], "has control characters other than line breaks and tabs")
    return text


def _check_bytes(title: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadLine(title, "is not UTF-8") from None


def _billable(form: Form, text: str) -> bool:
    billable = YES_NO.get(folded(text))
    if billable is None:
        raise BadLine(form.titles[form.billable], f"{text[:SHOWN]!r} is not Yes or No")
    return billable


def _moment(form: Form, cells: list[str], date: int, time: int) -> datetime:
    moment = parse_moment(cells[date], cells[time])
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        shown = f"{cells[date][:SHOWN]!r} {cells[time][:SHOWN]!r}"
        titles = f"{form.titles[date]} and {form.titles[time].lower()}"
        raise BadLine(titles, f"{shown} are not YYYY-MM-DD and HH:MM:SS in {FIRST_YEAR} to {LAST_YEAR}")
    return moment


def _seconds(form: Form, text: str) -> int:
    seconds = parse_duration(text.strip(), decimal_comma=form.decimal_comma)
    if seconds is None:
        raise BadLine(form.titles[form.duration], f"{text[:SHOWN]!r} is not HH:MM:SS, or hours such as 1.50")
    if seconds > MAX_SECONDS:
        raise BadLine(form.titles[form.duration], f"{text[:SHOWN]!r} is more than {MAX_SECONDS // 3600} hours")
    return seconds


def _amount(form: Form, cells: list[str]) -> tuple[str, int | None]:
    """Return currency and cents of the one amount a line has; "" and None when it has none."""
    if not form.amounts:
        return _amount_of_web(form, cells)
    given = [
        (place, currency, _cents(form, cells, place)) for place, currency in form.amounts if cells[place] not in NOTHING
    ]
    if not given:
        return "", None
    charged = [one for one in given if one[2]]
    if len(charged) > 1:
        titles = " and ".join(form.titles[place] for place, *_ in charged)
        raise BadLine(titles, "are both given: an entry has one amount")
    _, currency, cents = (charged or given)[0]
    return currency, cents


def _amount_of_web(form: Form, cells: list[str]) -> tuple[str, int | None]:
    if cells[form.amount] in NOTHING:
        return "", None
    currency = cells[form.currency].strip()
    if currency and not CURRENCY.fullmatch(currency):
        raise BadLine(form.titles[form.currency], f"{currency[:SHOWN]!r} is not an ISO 4217 code, such as EUR")
    return currency, _cents(form, cells, form.amount)


def _cents(form: Form, cells: list[str], place: int) -> int:
    cents = parse_amount(cells[place].strip(), decimal_comma=form.decimal_comma)
    if cents is None:
        raise BadLine(form.titles[place], f"{cells[place][:SHOWN]!r} is not an amount such as 111.11")
    return cents
