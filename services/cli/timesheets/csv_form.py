"""Columns of a timesheet file: the detailed export, or the newer export of the web application."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from services.cli.errors import CommandFailed
from services.cli.timesheets.languages import TITLES, folded
from services.runtime.shown_text import shown

PRICED = re.compile(r"(.*?)\s*\((.*)\)", re.DOTALL)
CURRENCY = re.compile(r"[A-Z]{3}")
FIELDS = (
    *("user", "email", "client", "project", "task", "description", "billable", "start_date", "start_time"),
    *("end_date", "end_time", "duration", "tags", "amount", "currency", "entry_id"),
)
OTHER_NAMES = {"member": "user", "stop_date": "end_date", "stop_time": "end_time"}  # of the web export
OF_WEB = {*OTHER_NAMES, "amount", "currency"}  # columns that only the web export has


@dataclass(frozen=True, slots=True)
class Form:
    """Positions of the columns. A column that the file does not have is at `width`, one past the last cell."""

    width: int  # how many columns there are
    titles: tuple[str, ...]  # as they stand in the file, and "" for those that it does not have
    amounts: tuple[tuple[int, str], ...]  # cells of `Amount (CUR)` with their currencies, "" in `Amount ()`
    dash_is_empty: bool
    decimal_comma: bool  # in numbers, where cells are not divided by commas
    owner: str  # login of the member who tracked the time of a file without names, else ""
    user: int
    email: int
    client: int
    project: int
    task: int
    description: int
    billable: int
    start_date: int
    start_time: int
    end_date: int
    end_time: int
    duration: int
    tags: int
    amount: int
    currency: int
    entry_id: int

    @property
    def has_entry_ids(self) -> bool:
        """Return whether entries have the ids that they have where they came from."""
        return self.entry_id < self.width

    @property
    def has_amounts(self) -> bool:
        """Return whether an empty amount means that there is none; without such columns amounts are unknown."""
        return bool(self.amounts) or self.amount < self.width


def read_form(header: Sequence[str], *, decimal_comma: bool = False, owner: str = "") -> Form:
    """Understand a header; columns of other names are passed over. A file without names is of `owner`.

    Raises CommandFailed that says what is missing, double or wrong.
    """
    titles = tuple(title.strip() for title in header)
    places: dict[str, int] = {}
    amounts: list[tuple[int, str]] = []
    is_web = False
    for place, title in enumerate(titles):
        name = TITLES.get(folded(title), "")
        field = OTHER_NAMES.get(name, name)
        is_web |= name in OF_WEB
        priced = PRICED.fullmatch(unicodedata.normalize("NFKC", title))
        if priced and TITLES.get(folded(priced[1])) == "amount":
            amounts.append((place, _currency(title, priced[2], taken=[known for _, known in amounts])))
        elif field in places:
            raise CommandFailed(f"the header names both {shown(repr(titles[places[field]]))} and {shown(repr(title))}")
        elif field:
            places[field] = place
    _check(titles, places, with_amounts=bool(amounts))
    absent = dict.fromkeys(FIELDS, len(titles))
    is_anonymous = "user" not in places and "email" not in places
    return Form(
        width=len(titles),
        titles=(*titles, ""),
        amounts=tuple(amounts),
        dash_is_empty=is_web,
        decimal_comma=decimal_comma,
        owner=owner if is_anonymous else "",
        **(absent | places),
    )


def _check(titles: Sequence[str], places: dict[str, int], *, with_amounts: bool) -> None:
    missing = [
        title for title, field in (("Start date", "start_date"), ("Start time", "start_time")) if field not in places
    ]
    if "duration" not in places and not {"end_date", "end_time"} <= places.keys():
        missing.append("Duration (or Stop date and Stop time)")
    if missing:
        raise CommandFailed(
            f"this is no timesheet: the header has no column {', '.join(missing)} (it names {shown(', '.join(titles))})"
        )
    if with_amounts and "amount" in places:
        raise CommandFailed("the header names both 'Amount' and 'Amount (...)'")


def _currency(title: str, currency: str, taken: Sequence[str]) -> str:
    if currency and not CURRENCY.fullmatch(currency):
        raise CommandFailed(f"the header names {shown(repr(title))}, which is no ISO 4217 code, such as Amount (EUR)")
    if currency in taken:
        raise CommandFailed(f"the header names {shown(repr(title))} twice")
    return currency
