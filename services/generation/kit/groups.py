"""Groups: consecutive rows of a table under a header, such as those of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from services.generation.domain.columnar import Ints
from services.generation.words.language import Language


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of a table's rows: where each begins, its header, and whether it has a total.

    For tables of programs: the day of each as yyyy-MM-dd where groups are days, else its name where that is not the
    header.
    """

    starts: Ints
    headers: Sequence[str]
    row_count: int
    with_totals: bool = True
    dates: Sequence[str] = ()
    labels: Sequence[str] = ()

    @classmethod
    def by_day(cls, language: Language, start_ms: Ints) -> Self:
        """Return a group for each local day on which rows, in time order, start."""
        days = language.clock.local_days(start_ms)
        starts = np.flatnonzero(np.diff(days, prepend=-1))
        counts = np.diff(starts, append=len(days))
        dates = [date.fromordinal(day) for day in days[starts].tolist()]
        headers = [language.clock.day_header(day, count) for day, count in zip(dates, counts.tolist(), strict=True)]
        return cls(starts, headers, len(days), dates=[day.isoformat() for day in dates])

    @classmethod
    def single(cls, row_count: int, *, with_total: bool = False) -> Self:
        """Return one group of all rows without a header."""
        return cls(np.zeros(1, np.int64), [""], row_count, with_total)

    @classmethod
    def of_counts(cls, headers: Sequence[str], counts: ArrayLike, labels: Sequence[str] = ()) -> Self:
        """Return groups of so many rows each; `labels` are their names where those are not the headers."""
        each = np.asarray(counts, np.int64)
        return cls(np.cumsum(each) - each, headers, int(each.sum()), labels=labels)

    @property
    def names(self) -> list[tuple[str, str, str]]:
        """The header, the day and the name of each group."""
        return [*zip_longest(self.headers, self.dates, self.labels, fillvalue="")]

    @property
    def counts(self) -> Ints:
        """The number of rows of each group."""
        return np.diff(self.starts, append=self.row_count)
