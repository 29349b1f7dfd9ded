"""Levels by row of a report: at the edges of each row, and the fillings and drains in it."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Columns, Floats, Ints
from services.generation.domain.fuel_events import FuelEvents
from services.generation.domain.value_series import Values
from services.generation.domain.windows import Windows


def rows_of(windows: Windows, days: Windows) -> Windows:
    """Return the windows cut at local midnight: a row each."""
    pieces = days.cut(windows.start_ms, windows.end_ms)
    return Windows(pieces.start_ms, pieces.end_ms)


@dataclass(frozen=True, slots=True)
class RowStats(Columns):
    """Number, sum, smallest and largest of the values in each row; without values the last two are infinite."""

    count: Ints
    total: Floats
    least: Floats
    most: Floats

    @classmethod
    def of(cls, size: int) -> "RowStats":
        """Return rows without values."""
        return cls(np.zeros(size, np.int64), np.zeros(size), np.full(size, np.inf), np.full(size, -np.inf))

    def add(self, row: Ints, value: Floats) -> None:
        """Count values in rows, which never fall."""
        starts = np.flatnonzero(np.diff(row, prepend=-1))
        if not len(starts):
            return
        own = row[starts]
        self.count[own] += np.diff(starts, append=len(row))
        self.total[own] += np.add.reduceat(value, starts)
        self.least[own] = np.minimum(self.least[own], np.minimum.reduceat(value, starts))
        self.most[own] = np.maximum(self.most[own], np.maximum.reduceat(value, starts))

    def together(self, starts: Ints) -> "RowStats":
        """Return the statistics of groups of rows that begin at `starts`."""
        if not len(self):
            return self
        return RowStats(
            np.add.reduceat(self.count, starts),
            np.add.reduceat(self.total, starts),
            np.minimum.reduceat(self.least, starts),
            np.maximum.reduceat(self.most, starts),
        )


class EdgeLevels:
    """Levels as last known at the edges of rows, of values that come in pieces.

    At the end of the period it is the last before it, at its start, where that is given, the first value in it. A value
    at another edge is the level there; with `before` it belongs to what follows.
    """

    def __init__(self, rows: Windows, start_ms: int | None, end_ms: int, *, before: bool = False) -> None:
        self._rows = rows
        self._start_ms = start_ms
        ends_ms = np.where(rows.end_ms >= end_ms, end_ms - 1, rows.end_ms - before)
        self._at_ms = np.concatenate([rows.start_ms - before, ends_ms])
        self._known = np.full(len(self._at_ms), np.nan)
        self._first = np.full(len(rows), np.nan)

    def add(self, values: Values) -> None:
        """Process the next values."""
        if not len(values):
            return
        reached = self._at_ms >= values.time_ms[0]
        places = np.searchsorted(values.time_ms, self._at_ms[reached], side="right") - 1
        self._known[reached] = values.value[places]
        row = self._rows.at(values.time_ms)
        inside = np.flatnonzero(row >= 0)
        own, first = np.unique(row[inside], return_index=True)
        new = np.isnan(self._first[own])
        self._first[own[new]] = values.value[inside[first[new]]]

    def levels(self, events: FuelEvents) -> tuple[Floats, Floats]:
        """Return the levels at the start and the end of each row: in the middle of an event that before it."""
        start, end = np.split(self._known, 2)
        begins = np.isnan(start)
        if self._start_ms is not None:
            begins |= self._rows.start_ms <= self._start_ms
        start = np.where(begins, self._first, start)
        start = _before_events(start, self._rows.start_ms, events)
        return start, _before_events(end, self._rows.end_ms, events)


def _before_events(level: Floats, edge_ms: Ints, events: FuelEvents) -> Floats:
    if not len(events):
        return level
    event = np.minimum(np.searchsorted(events.end_ms, edge_ms), len(events) - 1)
    inside = (events.start_ms[event] < edge_ms) & (edge_ms <= events.end_ms[event])
    return np.where(inside, events.start_level[event], level)
