"""A survey: detection over a tracker's points as they are read, piece by piece in time order."""

import numpy as np

from services.generation.domain.columns import Ints
from services.generation.domain.detection import Rules
from services.generation.domain.fixes import Fixes, accept
from services.generation.domain.movement import stretches_of
from services.generation.domain.runs import Runs, legs_of, runs_of, settled
from services.generation.domain.segments import Segments
from services.generation.domain.smart_filter import is_worth_keeping
from services.generation.domain.tracks import Track
from services.generation.domain.warmup import Warmup


class Detector:
    """What is known after the points so far: a few stretches for each trip and stop, cut at the edges given.

    How the points are divided into pieces changes nothing.
    """

    def __init__(self, rules: Rules, edges_ms: Ints) -> None:
        self._rules = rules
        self._edges_ms = edges_ms
        self._stretches = Segments.empty()
        self._last = Fixes.empty()
        self._certainty = Warmup(rules.detection.jump_memory_s)

    def add(self, track: Track) -> None:
        """Take in the next points."""
        fixes, jumps = accept(track, self._last, self._rules.detection)
        self._certainty.follow(fixes.time_ms, track.time_ms[jumps])
        if len(fixes):
            self._last = fixes[np.array([len(fixes) - 1])]
            new = stretches_of(fixes, self._rules.parking, self._edges_ms)
            self._stretches = settled(Segments.join([self._stretches, new]), self._rules, self._edges_ms, whole=False)

    def finish(self) -> Segments:
        """Return the settled stretches, the last point being the last of all or followed by a gap."""
        return settled(self._stretches, self._rules, self._edges_ms, whole=True)

    def is_sure(self, read_ms: int) -> bool:
        """Say whether trips and stops from `read_ms` on, up to where points are read, do not depend on earlier points.

        So it is after a gap and once a stop has lasted long enough, among points accepted wherever reading began.
        """
        sure_ms = self._certainty.sure_ms
        if sure_ms is None:
            return False
        runs = runs_of(self._stretches, self._rules.parking)
        gap = runs.opens & (runs.start_ms >= sure_ms)
        seen_ms = runs.end_ms - np.maximum(runs.start_ms, sure_ms)
        stop = runs.is_stop & ((runs.start_ms >= sure_ms) | (seen_ms >= self._rules.parking.shortest_s * 1000))
        return bool((gap | stop).any()) or self._is_silent(read_ms)

    def is_settled(self, at_ms: int, read_ms: int) -> bool:
        """Say whether points from `read_ms` on, up to where points are read, cannot change anything before `at_ms`."""
        before = int(np.searchsorted(self._stretches.first_ms, at_ms)) - 1
        if before < 0 or self._is_silent(read_ms):
            return True
        if before + 1 == len(self._stretches):
            return False
        runs = runs_of(self._stretches, self._rules.parking)
        run = int(np.searchsorted(runs.begin, before, side="right")) - 1
        follows = run + 1 < len(runs)
        if self._stretches.gap_before[before + 1] or runs.is_stop[run] or (follows and runs.opens[run + 1]):
            return True
        if not runs.moving[run] and not follows:
            return False
        trip = runs.trip[run if runs.moving[run] else run + 1]  # a pause becomes a stop when this trip is dropped
        return bool(trip < runs.trip.max()) or self._is_kept(runs)

    def _is_kept(self, runs: Runs) -> bool:
        """Say whether the smart filter keeps the last trip, however it goes on."""
        if not self._rules.filter_on:
            return True
        rows = self._stretches[: runs.end[runs.moving].max()]  # a pause at the end may become a stop
        trips = legs_of(rows, runs_of(rows, self._rules.parking)).merged().stretches
        return bool(is_worth_keeping(trips[-1:], self._rules.detection).all())

    def _is_silent(self, read_ms: int) -> bool:
        """Say whether the last point so far is followed by a gap."""
        return bool((read_ms - self._last.time_ms > self._rules.detection.gap_s * 1000).any())
