"""Findings of detection: stretches of rest and travel with their segments and the line on which they are cut."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Flags, Floats, Ints
from services.generation.domain.detection import Rules
from services.generation.domain.line import Line
from services.generation.domain.runs import Stretches, runs_of, stretches_of
from services.generation.domain.segments import Segments
from services.generation.domain.smart_filter import filtered
from services.generation.domain.windows import Pieces


@dataclass(frozen=True, slots=True)
class Findings:
    """Stretches of a recording, or of the part of it that decides about some windows."""

    segments: Segments
    stretches: Stretches
    line: Line

    @classmethod
    def of(cls, segments: Segments, rules: Rules) -> "Findings":
        """Return what segments come to, the last of them being the last of all."""
        runs = filtered(segments, runs_of(segments, rules), rules)
        stretches = stretches_of(segments, runs, rules)
        return cls(segments, stretches, Line.through(segments, stretches))

    def fastest_kmh(self, pieces: Pieces, stretches: Stretches) -> Floats:
        """Return the highest speed that counts at a point of each piece of the stretches, 0 without points."""
        first, behind = self._rows(pieces, stretches)
        bounds = np.column_stack([first, behind]).ravel()
        fastest = np.maximum.reduceat(np.append(self.segments.max_kmh, 0.0), bounds)[::2]
        last = np.minimum(stretches.end[pieces.span], len(self.segments) - 1)
        at_end = np.where(self._reaches_rest(pieces, stretches), self.segments.first_kmh[last], 0.0)
        return np.maximum(np.where(first < behind, fastest, 0.0), at_end)

    def point_counts(self, pieces: Pieces, stretches: Stretches) -> Ints:
        """Return the number of points of each piece of the stretches, those at rest at their ends among them."""
        first, behind = self._rows(pieces, stretches)
        counts = np.append(0, np.cumsum(self.segments.count))
        leaves = (pieces.start_ms == stretches.start_ms[pieces.span]) & stretches.from_rest[pieces.span]
        numbers: Ints = counts[behind] - counts[first] + leaves + self._reaches_rest(pieces, stretches)
        return numbers

    def _rows(self, pieces: Pieces, stretches: Stretches) -> tuple[Ints, Ints]:
        """Return the segments of each piece: the first, and the one behind the last."""
        ms = self.segments.first_ms
        first = np.maximum(np.searchsorted(ms, pieces.start_ms), stretches.begin[pieces.span])
        behind = np.searchsorted(ms, pieces.end_ms)
        behind = np.where(pieces.end_ms == stretches.end_ms[pieces.span], stretches.end[pieces.span], behind)
        return first, np.maximum(behind, first)

    def _reaches_rest(self, pieces: Pieces, stretches: Stretches) -> Flags:
        reached: Flags = (pieces.end_ms == stretches.end_ms[pieces.span]) & stretches.to_rest[pieces.span]
        return reached
