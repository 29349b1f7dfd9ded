"""Tables of readings: the smallest, largest and mean value of each day."""

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.level_days import RowStats
from services.generation.kit.columns import dates
from services.generation.kit.figures import Figure, Quotient
from services.generation.kit.groups import Groups
from services.generation.kit.measures import Measure
from services.generation.kit.sections import table
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language

TOTAL = Figure[RowStats]("", "", lambda stats: stats.total, Measure(decimals=6))
COUNT = Figure[RowStats]("", "", lambda stats: stats.count)
LEAST, MOST, MEAN = _("Minimum"), _("Maximum"), _("Average")


def value_figures(measure: Measure, *, highlighted: bool) -> list[Figure[RowStats]]:
    """Return the smallest, the largest and the mean value."""
    return [
        Figure("min", LEAST, lambda stats: _known(stats, stats.least), measure, "min", highlighted=highlighted),
        Figure("max", MOST, lambda stats: _known(stats, stats.most), measure, "max", highlighted=highlighted),
        Figure("avg", MEAN, Quotient(TOTAL, COUNT), measure, highlighted=highlighted),
    ]


def _known(stats: RowStats, values: Floats) -> Floats:
    return np.where(stats.count > 0, values, np.nan)


def statistics_table(language: Language, header: str, stats: RowStats, day_ms: Ints, measure: Measure) -> Section:
    """Return the table of the days with readings and their total; `day_ms` is the first moment of each row's day."""
    starts = np.flatnonzero(np.diff(day_ms, prepend=-1))
    daily, own_ms = stats.together(starts), day_ms[starts]
    filled = daily.count > 0
    daily, own_ms = daily[filled], own_ms[filled]
    figures = value_figures(measure, highlighted=True)
    columns: list[Column | Figure[RowStats]] = [dates(language, "date", _("Date"), own_ms), *figures]
    return table(language, header, columns, daily, Groups.single(len(daily), with_total=True))
