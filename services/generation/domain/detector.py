"""Detector of trips and stops, fed with a tracker's points piece by piece in time order."""

import numpy as np

from services.generation.domain.columnar import Ints
from services.generation.domain.detection import Rules
from services.generation.domain.findings import Findings
from services.generation.domain.fixes import STALE_MS, Fixes
from services.generation.domain.movement import Movement
from services.generation.domain.outliers import Acceptance
from services.generation.domain.runs import Runs, runs_of, stretches_of
from services.generation.domain.segments import MOVING, SLOW, Segments
from services.generation.domain.smart_filter import filtered
from services.generation.domain.speeds import REPEATS_MS
from services.generation.domain.tracks import Track

BLOCK = 131_072  # accepted points whose segments are made together
MOST_SEGMENTS = 50_000  # kept as they are before those of ended runs are merged


class Detector:
    """Trips and stops of the points so far, with segments cut at the edges given.

    The result does not depend on how the points are divided into pieces.
    """

    def __init__(self, rules: Rules, edges_ms: Ints) -> None:
        self._rules = rules
        self._edges_ms = edges_ms
        self._acceptance = Acceptance(rules.detection.jump_kmh)
        self._movement = Movement(rules, edges_ms)
        self._segments = Segments.empty()
        self._merged = 0  # number of the first ones, those that are merged
        self._independent = False

    def restarted(self) -> "Detector":
        """Return a detector with the same rules and edges that has seen no points."""
        return Detector(self._rules, self._edges_ms)

    def add(self, track: Track) -> None:
        """Process the next points."""
        self._take(self._acceptance.add(track))

    def finish(self) -> Findings:
        """Return what is found, the last point being the last of all."""
        self._take(self._acceptance.add(Track.empty(), whole=True))
        self._keep(self._movement.add(Fixes.empty(), whole=True))
        return Findings.of(self._segments, self._rules)

    def is_independent(self) -> bool:
        """Return whether what follows the points so far does not depend on points before the first.

        It does not after a silence without data and once a stop has lasted long enough, among points accepted wherever
        reading began.
        """
        return self._independent or self._has_forgotten(runs_of(self._segments, self._rules))

    def _take(self, fixes: Fixes) -> None:
        for first in range(0, len(fixes), BLOCK):
            self._keep(self._movement.add(fixes[first : first + BLOCK]))

    def _keep(self, new: Segments) -> None:
        last = self._segments[-1:]
        rows = Segments.join([last, new]).with_rests(self._rules.parking.idle_kmh)
        self._segments = Segments.join([self._segments, rows[len(last) :]])
        if len(self._segments) - self._merged > MOST_SEGMENTS:
            self._merge()

    def _merge(self) -> None:
        """Keep of the runs that later points cannot prolong a row for each stretch between two edges."""
        segments, runs = self._segments, runs_of(self._segments, self._rules)
        self._independent |= self._has_forgotten(runs)
        done, ended = segments[: int(runs.begin[-1])], runs[:-1]
        changes = ended.opens | np.append(True, ended.on_way[1:] != ended.on_way[:-1])[: len(ended)]
        window = np.searchsorted(self._edges_ms, done.first_ms, side="right")
        starts = np.union1d(ended.begin[changes], np.flatnonzero(np.diff(window, prepend=-1)))
        pace = np.where(ended.on_way[ended.of_segments[starts]], MOVING, SLOW)
        self._segments = Segments.join([done.merged(starts, pace), segments[len(done) :]])
        self._merged = len(starts)

    def _has_forgotten(self, runs: Runs) -> bool:
        """Return whether one of the runs that are not merged yet makes what follows independent."""
        segments, steady_ms = self._segments, self._acceptance.steady_ms
        if steady_ms is None or not len(runs):
            return False
        since_ms = steady_ms + self._rules.gap_ms + REPEATS_MS + STALE_MS  # as far back as a speed depends on
        silence = (segments.without_data & (segments.first_ms >= since_ms))[self._merged :]
        own = runs[runs.end > self._merged]
        first_ms = segments.first_ms[np.maximum(own.begin, self._merged)]
        lasted = segments.last_ms[own.end - 1] - np.maximum(first_ms, since_ms) >= self._rules.shortest_ms
        stop = lasted & (segments.pace[own.begin] == SLOW)
        return bool(silence.any() or (stop.any() and self._rules.parking.idle_kmh > 0))

    def is_settled(self, at_ms: int) -> bool:
        """Return whether later points cannot change anything before `at_ms`."""
        segments = self._segments
        if not len(segments) or segments.last_ms[-1] < at_ms:
            return False
        runs = filtered(segments, runs_of(segments, self._rules), self._rules, whole=False)
        stretches = stretches_of(segments, runs, self._rules)
        last, before = stretches[-1:], stretches[-2:-1]
        if last.is_stop[0]:
            return True
        if not last.on_way[0]:
            return bool(last.start_ms[0] >= at_ms)
        if not self._rules.filter_on:
            moving = segments[segments.pace == MOVING]
            return bool(moving.last_ms[-1] >= at_ms)
        settled_ms = last.start_ms if last.opens[0] or before.is_stop[0] else before.start_ms
        return bool(settled_ms[0] >= at_ms)
