"""Buckets of a report's graph: days, calendar weeks from Monday or calendar months, cut by the report's own days."""

import numpy as np

from services.generation.domain.columns import Ints
from services.generation.timetracking.computation.entries import Days, Resolution
from services.generation.timetracking.computation.local_spans import day_number

LONGEST_BY_DAY = 31  # days
LONGEST_BY_WEEK = 184  # days: six months
_DAYS_PER_WEEK = 7
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday


def resolution_of(days: Days) -> Resolution:
    """Return the resolution that the length of a report asks for (reference section 9)."""
    count = day_number(days.last) - day_number(days.first) + 1
    if count <= LONGEST_BY_DAY:
        return "day"
    return "week" if count <= LONGEST_BY_WEEK else "month"


def bucket_starts(days: Days, resolution: Resolution) -> Ints:
    """Return the first day of each bucket as days since 1970-01-01; the first begins where the report does."""
    first, last = day_number(days.first), day_number(days.last)
    every = np.arange(first, last + 1)
    if resolution == "day":
        return every
    if resolution == "week":
        begins = (every + _EPOCH_WEEKDAY) % _DAYS_PER_WEEK == 0
    else:
        dates = every.astype("datetime64[D]")
        begins = dates == dates.astype("datetime64[M]").astype("datetime64[D]")
    begins[:1] = True
    return np.flatnonzero(begins) + first
