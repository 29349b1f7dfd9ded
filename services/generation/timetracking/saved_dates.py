"""Dates of a saved report, and what those that come with a call make of them."""

from datetime import date

from services.errors import Violation
from services.errors.workspaces import PeriodNotSupported
from services.generation.timetracking.named_periods import WEEK_REST, Today, named
from services.generation.timetracking.parameters import Params
from services.generation.timetracking.periods import Days


def saved_range(saved: Params, today: Today) -> Days | None:
    """Return the days that were saved, a named period's among them, None without any.

    Raises PeriodNotSupported for a period of an unknown name.
    """
    first, last = saved.start_date, saved.end_date
    if first is not None:
        return Days(first, last or first + WEEK_REST)
    if last is not None:
        return Days(last - WEEK_REST, last)
    return None if saved.period is None else named(saved.period, today)


def moved(saved: Days, first: date | None, last: date | None) -> Days:
    """Return the saved days with a sent first or last one; one beyond them moves the other by the same length."""
    length = saved.last - saved.first
    if first is not None:
        return Days(first, saved.last if first <= saved.last else first + length)
    if last is not None:
        return Days(saved.first if last >= saved.first else last - length, last)
    return saved


def within(saved: Days, sent: Params, *, weekly: bool, today: Today) -> Days:
    """Return the sent days of a report with fixed dates; those of a week are seven.

    Raises PeriodNotSupported unless all of them lie within the saved ones.
    """
    bounds = Days(saved.first, max(saved.last, saved.first + WEEK_REST)) if weekly else saved
    if sent.start_date is None and sent.end_date is None and sent.period is not None:
        asked = named(sent.period, today)
    else:
        asked = Days(sent.start_date or saved.first, sent.end_date or saved.last)
    shown = Days(asked.first, asked.first + WEEK_REST) if weekly else asked
    if not bounds.first <= asked.first <= asked.last <= bounds.last or shown.last > bounds.last:
        raise PeriodNotSupported([Violation("start_date", f"must lie within {bounds.first} to {bounds.last}")])
    return shown
