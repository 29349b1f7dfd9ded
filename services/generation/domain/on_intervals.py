"""On-intervals: times in which something is on, found on the whole recording."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Columns, Floats, Ints, Readings
from services.generation.domain.tracks import MS_PER_DAY, MS_PER_HOUR
from services.generation.domain.windows import Windows

Read = Callable[[int, int], tuple[Ints, Readings | Floats]]


@dataclass(frozen=True, slots=True)
class States:
    """Samples of a state: 1 is on, 0 off, NaN says nothing.

    `read` returns the moments, in ascending order, and the states of a half-open interval in ms; where it `looks_back`
    the first is the last known one before, if there is any. `span` holds the moments at which the recording begins and
    ends, None without any.
    """

    read: Read
    span: tuple[int, int] | None
    chunk_days: int = 7
    looks_back: bool = False

    def forwards(self, start_ms: int, end_ms: int) -> Iterator[tuple[Ints, Readings | Floats]]:
        """Yield the samples from a moment on in pieces, which are small at first behind the end."""
        first_ms, last_ms = self.span or (start_ms, start_ms - 1)
        start_ms = max(start_ms, first_ms)
        step_ms, ahead_ms = self.chunk_days * MS_PER_DAY, MS_PER_HOUR
        while start_ms <= last_ms:
            reached_ms = min(start_ms + step_ms, end_ms) if start_ms < end_ms else start_ms + ahead_ms
            ahead_ms = ahead_ms if start_ms < end_ms else min(2 * ahead_ms, step_ms)
            yield self.read(start_ms, reached_ms)
            start_ms = reached_ms

    def backwards(self, end_ms: int) -> Iterator[tuple[Ints, Readings | Floats]]:
        """Yield the samples before a moment in pieces, the last piece first."""
        first_ms, last_ms = self.span or (end_ms, end_ms)
        end_ms, days = min(end_ms, last_ms + 1), 1
        while end_ms > first_ms:
            start_ms = max(end_ms - days * MS_PER_DAY, first_ms)
            yield self.read(start_ms, end_ms)
            end_ms, days = start_ms, min(2 * days, self.chunk_days)


@dataclass(frozen=True, slots=True)
class Intervals(Columns):
    """Disjoint intervals in time order, in ms."""

    start_ms: Ints
    end_ms: Ints

    def lasting(self, least_ms: float) -> "Intervals":
        """Return the intervals that last long enough."""
        return self[self.end_ms - self.start_ms >= least_ms]


class Changes:
    """Moments at which a state changes, of samples that come in pieces; before the first known state it is off."""

    def __init__(self) -> None:
        self._change_ms: list[Ints] = []  # on and off in turns
        self._on_ms: int | None = None  # since when it is on
        self._last_ms = 0  # of all samples so far

    def add(self, time_ms: Ints, state: Readings | Floats) -> None:
        """Process the next samples."""
        known = ~np.isnan(state)
        known_ms, on = time_ms[known], state[known] > 0
        changed = on != np.append(self._on_ms is not None, on[:-1])[: len(on)]
        if changed.any():
            self._change_ms.append(known_ms[changed])
            self._on_ms = int(known_ms[changed][-1]) if on[-1] else None
        if len(time_ms):
            self._last_ms = max(self._last_ms, int(time_ms[-1]))

    def is_settled(self, at_ms: int, least_ms: float) -> bool:
        """Return whether later samples cannot change anything before a moment, nor whether an interval lasts enough."""
        return self._on_ms is None or self._last_ms >= max(at_ms, self._on_ms + least_ms)

    def intervals(self, end_ms: int) -> Intervals:
        """Return the intervals from on to off; one that is still on lasts until the end of the recording."""
        moments = np.concatenate([np.empty(0, np.int64), *self._change_ms])
        if self._on_ms is not None:
            moments = np.append(moments, max(end_ms, self._last_ms))
        return Intervals(moments[::2], moments[1::2])


def find_intervals(states: States, windows: Windows, least_s: float) -> Intervals:
    """Return the intervals that reach into the windows and last at least so long, from on to off.

    One that goes on for long before the windows may begin later than it did, though not later than it has to for that.
    """
    if not len(windows) or states.span is None:
        return Intervals.empty()
    start_ms, end_ms, least_ms = int(windows.start_ms[0]), int(windows.end_ms[-1]), least_s * 1000
    changes = Changes()
    for time_ms, state in states.forwards(_begin_ms(states, start_ms, least_ms), end_ms):
        changes.add(time_ms, state)
        if len(time_ms) and time_ms[-1] >= end_ms and changes.is_settled(end_ms, least_ms):
            break
    found = changes.intervals(states.span[1]).lasting(least_ms)
    return found[(found.end_ms > start_ms) & (found.start_ms < end_ms)]


def _begin_ms(states: States, start_ms: int, least_ms: float) -> int:
    """Return a moment from which on the state at the start is known, and whether what is on then lasts enough."""
    begin_ms, is_known = start_ms, False
    for time_ms, state in states.backwards(start_ms):
        known = ~np.isnan(state)
        known_ms, on = time_ms[known], state[known] > 0
        if not len(on) and states.looks_back:
            break
        if not len(on):
            continue
        off = np.flatnonzero(~on)
        if len(off):
            return int(known_ms[off[-1]])
        begin_ms, is_known = int(known_ms[0]), True
        if start_ms - begin_ms >= least_ms:
            return begin_ms
    return begin_ms if is_known else start_ms
