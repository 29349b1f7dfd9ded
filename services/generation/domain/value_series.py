"""Readings of a sensor as values over time, read in blocks of bounded size; those of several sensors can be added."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Columns, Flags, Floats, Ints
from services.generation.domain.last_known import last_known
from services.generation.domain.tracks import MS_PER_DAY

BLOCK_MS = 7 * MS_PER_DAY
MARGIN_MS = MS_PER_DAY // 2


@dataclass(frozen=True, slots=True)
class Values(Columns):
    """Values in time order; none is unknown."""

    time_ms: Ints
    value: Floats

    def known(self) -> "Values":
        """Return the values that are known."""
        return self[~np.isnan(self.value)]


Read = Callable[[int, int], Values]
IsOpen = Callable[[Values], tuple[bool, bool]]


@dataclass(frozen=True, slots=True)
class Readings:
    """Values of a sensor. `read` returns those of a half-open interval in ms.

    `span` holds the moments of the first and the last of them, None without any.
    """

    read: Read
    span: tuple[int, int] | None

    @classmethod
    def summed(cls, members: Sequence["Readings"]) -> "Readings":
        """Return the sums of what is last known of all members, from when all are known."""
        spans = [member.span for member in members if member.span is not None]
        if len(spans) < len(members) or not members:
            return cls(lambda _start_ms, _end_ms: Values.empty(), None)
        begin_ms, last_ms = max(first for first, _ in spans), max(last for _, last in spans)

        def read(start_ms: int, end_ms: int) -> Values:
            parts = [member.read(start_ms, end_ms) for member in members]
            moments = np.unique(np.concatenate([part.time_ms for part in parts]))
            moments = moments[moments >= begin_ms]
            total = np.zeros(len(moments))
            for member, part in zip(members, parts, strict=True):
                known = Values.join([member.last_before(start_ms), part])
                total += last_known(known.time_ms, known.value, moments)
            return Values(moments, total).known()

        return cls(read, (begin_ms, last_ms))

    def last_before(self, end_ms: int) -> Values:
        """Return the last value before a moment, none where there is none."""
        first_ms, last_ms = self.span or (end_ms, end_ms)
        end_ms, step_ms = min(end_ms, last_ms + 1), MS_PER_DAY
        while end_ms > first_ms:
            start_ms = max(end_ms - step_ms, first_ms)
            found = self.read(start_ms, end_ms)
            if len(found):
                return found[-1:]
            end_ms, step_ms = start_ms, min(2 * step_ms, BLOCK_MS)
        return Values.empty()

    def blocks(self, start_ms: int, end_ms: int, is_open: IsOpen | None = None) -> Iterator["Block"]:
        """Yield the blocks of an interval: weeks, the same ones for every interval, with half a day before and after.

        After a silence it is what was half a day before the last value. `is_open` tells whether the first and the last
        values of a block need earlier and later ones to be understood.
        """
        if self.span is None:
            return
        start_ms, end_ms = max(start_ms, self.span[0]), min(end_ms, self.span[1] + 1)
        for week in range(start_ms // BLOCK_MS, -(-end_ms // BLOCK_MS)):
            yield Block(week * BLOCK_MS, (week + 1) * BLOCK_MS, self._around(week * BLOCK_MS, is_open))

    def _around(self, block_ms: int, is_open: IsOpen | None) -> Values:
        first_ms, behind_ms = self.span or (0, 0)
        start_ms, end_ms = block_ms - MARGIN_MS, block_ms + BLOCK_MS + MARGIN_MS
        values = self.read(max(start_ms, first_ms), min(end_ms, behind_ms + 1))
        if not len(values) or values.time_ms[0] >= block_ms:
            last = self.last_before(start_ms)
            if len(last):
                start_ms = int(last.time_ms[0]) - MARGIN_MS
                values = Values.join([self.read(start_ms, int(last.time_ms[0]) + 1), values])
        while is_open is not None:
            before, after = is_open(values)
            before, after = before and start_ms > first_ms, after and end_ms <= behind_ms
            if not before and not after:
                break
            earlier = self.read(start_ms - MARGIN_MS, start_ms) if before else Values.empty()
            later = self.read(end_ms, end_ms + MARGIN_MS) if after else Values.empty()
            start_ms, end_ms = start_ms - MARGIN_MS * before, end_ms + MARGIN_MS * after
            values = Values.join([earlier, values, later])
        return values


@dataclass(frozen=True, slots=True)
class Block:
    """Values from `start_ms` to before `end_ms`, and those around that they are understood by."""

    start_ms: int
    end_ms: int
    values: Values

    def holds(self, time_ms: Ints) -> Flags:
        """Return of each moment whether it is in the block itself."""
        inside: Flags = (time_ms >= self.start_ms) & (time_ms < self.end_ms)
        return inside
