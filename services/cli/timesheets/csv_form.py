"""Columns of a timesheet file: the detailed export, or the newer export of the web application."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.cli.errors import CommandFailed
from services.runtime.shown_text import shown

AMOUNT = re.compile(r"amount \((.*)\)")
CURRENCY = re.compile(r"[A-Z]{3}")
# Fields of an entry by the names of their columns in either form, letters' case apart (reference section 11).
FIELDS = {
    "user": "user",
    "member": "user",
    "email": "email",
    "client": "client",
    "project": "project",
    "task": "task",
    "description": "description",
    "billable": "billable",
    "start date": "start_date",
    "start time": "start_time",
    "end date": "end_date",
    "stop date": "end_date",
    "end time": "end_time",
    "stop time": "end_time",
    "duration": "duration",
    "tags": "tags",
    "amount": "amount",
    "currency": "currency",
}
OF_WEB = {"member", "stop date", "stop time", "amount", "currency"}  # columns that only the web export has
REQUIRED = ("Start date", "Start time", "Duration")


@dataclass(frozen=True, slots=True)
class Form:
    """Positions of the columns. A column that the file does not have is at `width`, one past the last cell."""

    width: int  # how many columns there are
    titles: tuple[str, ...]  # as they stand in the file, and "" for those that it does not have
    amounts: tuple[tuple[int, str], ...]  # cells of `Amount (CUR)` with their currencies, "" in `Amount ()`
    dash_is_empty: bool
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

    @property
    def has_amounts(self) -> bool:
        """Return whether an empty amount means that there is none; without such columns amounts are unknown."""
        return bool(self.amounts) or self.amount < self.width


def read_form(header: Sequence[str]) -> Form:
    """Understand a header; columns of other names are passed over.

    Raises CommandFailed that says what is missing, double or wrong.
    """
    titles = tuple(title.strip() for title in header)
    places: dict[str, int] = {}
    amounts: list[tuple[int, str]] = []
    for place, title in enumerate(titles):
        priced = AMOUNT.fullmatch(title.lower())
        field = FIELDS.get(title.lower())
        if priced:
            amounts.append((place, _currency(title, taken=[known for _, known in amounts])))
        elif field in places:
            raise CommandFailed(f"the header names both {shown(repr(titles[places[field]]))} and {shown(repr(title))}")
        elif field is not None:
            places[field] = place
    _check(titles, places, with_amounts=bool(amounts))
    absent = {field: len(titles) for field in FIELDS.values()}
    is_web = any(title.lower() in OF_WEB for title in titles)
    return Form(len(titles), (*titles, ""), tuple(amounts), is_web, **(absent | places))


def _check(titles: Sequence[str], places: dict[str, int], *, with_amounts: bool) -> None:
    missing = [title for title in REQUIRED if FIELDS[title.lower()] not in places]
    if "user" not in places and "email" not in places:
        missing.append("User (or Member or Email)")
    if missing:
        raise CommandFailed(
            f"this is no timesheet: the header has no column {', '.join(missing)} (it names {shown(', '.join(titles))})"
        )
    if with_amounts and "amount" in places:
        raise CommandFailed("the header names both 'Amount' and 'Amount (...)'")


def _currency(title: str, taken: Sequence[str]) -> str:
    currency = title[title.index("(") + 1 : -1]
    if currency and not CURRENCY.fullmatch(currency):
        raise CommandFailed(f"the header names {shown(repr(title))}, which is no ISO 4217 code, such as Amount (EUR)")
    if currency in taken:
        raise CommandFailed(f"the header names {shown(repr(title))} twice")
    return currency
