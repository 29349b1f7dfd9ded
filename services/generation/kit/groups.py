"""Tables grouped by local day, with a total for each day."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, RowGroup, Section, Table, Total, TotalCell
from numpy.typing import NDArray

from services.generation.kit.figures import IN_TOTAL, Rows
from services.generation.words.language import Language


def day_table(
    language: Language,
    header: str,
    columns: Sequence[Column],
    start_ms: NDArray[np.int64],
    totals: Callable[[Sequence[Rows]], Iterable[Sequence[TotalCell]]],
) -> Section:
    """Return a table whose rows, in time order, are grouped by the local day they start on, each with its total.

    `totals` is given the rows of all days at once, which is many times faster than day by day.
    """
    days = language.clock.local_days(start_ms)
    starts = np.flatnonzero(np.diff(days, prepend=-1))
    ends = np.append(starts[1:], len(days))
    rows_by_day = [slice(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    groups = []
    for rows, cells in zip(rows_by_day, totals(rows_by_day), strict=True):
        row_count, day = rows.stop - rows.start, date.fromordinal(int(days[rows.start]))
        total = Total(text=language.t(IN_TOTAL), cells=cells)
        groups.append(RowGroup(header=language.clock.day_header(day, row_count), row_count=row_count, total=total))
    return Section(table=Table(header=header, columns=columns, groups=groups))


def plain_table(header: str, columns: Sequence[Column]) -> Section:
    """Return a table without groups."""
    row_count = len(columns[0].text) if columns else 0
    return Section(table=Table(header=header, columns=columns, groups=[RowGroup(row_count=row_count)]))
