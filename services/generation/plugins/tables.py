"""Tables grouped by local day, with a total for each day."""

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, RowGroup, Section, Table, Total, TotalCell
from numpy.typing import NDArray

from services.generation.plugins.measures import IN_TOTAL, Rows
from services.generation.words.language import Language


def day_table(
    language: Language,
    header: str,
    columns: Sequence[Column],
    start_ms: NDArray[np.int64],
    totals: Callable[[Rows], Sequence[TotalCell]],
) -> Section:
    """Return a table whose rows, in time order, are grouped by the local day they start on, each with its total."""
    days = language.clock.local_days(start_ms)
    starts = np.flatnonzero(np.diff(days, prepend=-1))
    ends = np.append(starts[1:], len(days))
    groups = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        total = Total(text=language.t(IN_TOTAL), cells=totals(slice(start, end)))
        day = date.fromordinal(int(days[start]))
        groups.append(RowGroup(header=language.clock.day_header(day, end - start), row_count=end - start, total=total))
    return Section(table=Table(header=header, columns=columns, groups=groups))


def plain_table(header: str, columns: Sequence[Column]) -> Section:
    """Return a table without groups."""
    row_count = len(columns[0].text) if columns else 0
    return Section(table=Table(header=header, columns=columns, groups=[RowGroup(row_count=row_count)]))
