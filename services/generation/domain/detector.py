"""Detector of trips and stops, fed with a tracker's points piece by piece in time order."""

import numpy as np

from services.generation.domain.columns import Ints
from services.generation.domain.detection import Rules, passes_smart_filter
from services.generation.domain.fixes import Fixes, accept
from services.generation.domain.movement import segments_of
from services.generation.domain.runs import Runs, legs_of, runs_of, settled
from services.generation.domain.segments import Segments
from services.generation.domain.tracks import Track


class Detector:
    """Segments of the points so far: a few for each trip and stop, cut at the edges given.

    The result does not depend on how the points are divided into pieces.
    """

    def __init__(self, rules: Rules, edges_ms: Ints) -> None:
        self._rules = rules
        self._edges_ms = edges_ms
        self._segments = Segments.empty()
        self._last = Fixes.empty()
        self._warmup = Warmup(rules.detection.jump_memory_s)

    def restarted(self) -> "Detector":
        """Return a detector with the same rules and edges that has seen no points."""
        return Detector(self._rules, self._edges_ms)

    def add(self, track: Track) -> None:
        """Process the next points."""
        fixes, jumps = accept(track, self._last, self._rules.detection)
        self._warmup.add(fixes.time_ms, track.time_ms[jumps])
        if len(fixes):
            self._last = fixes[np.array([len(fixes) - 1])]
            new = segments_of(fixes, self._rules.parking, self._edges_ms)
            self._segments = settled(Segments.join([self._segments, new]), self._rules, self._edges_ms, whole=False)

    def finish(self) -> Segments:
        """Return the settled segments, the last point being the last of all or followed by a gap."""
        return settled(self._segments, self._rules, self._edges_ms, whole=True)

    def is_independent(self, read_ms: int) -> bool:
        """Return whether trips and stops from `read_ms`, the end of the points so far, do not depend on earlier points.

        They are after a gap and once a stop has lasted long enough, among points accepted wherever reading began.
        """
        independent_ms = self._warmup.independent_ms
        if independent_ms is None:
            return False
        runs = runs_of(self._segments, self._rules.parking)
        gap = runs.opens & (runs.start_ms >= independent_ms)
        seen_ms = runs.end_ms - np.maximum(runs.start_ms, independent_ms)
        stop = runs.is_stop & ((runs.start_ms >= independent_ms) | (seen_ms >= self._rules.parking.shortest_s * 1000))
        return bool((gap | stop).any()) or self._is_silent(read_ms)

    def is_settled(self, at_ms: int, read_ms: int) -> bool:
        """Return whether points from `read_ms`, the end of the points so far, cannot change anything before `at_ms`."""
        before = int(np.searchsorted(self._segments.first_ms, at_ms)) - 1
        if before < 0 or self._is_silent(read_ms):
            return True
        if before + 1 == len(self._segments):
            return False
        runs = runs_of(self._segments, self._rules.parking)
        run = int(np.searchsorted(runs.begin, before, side="right")) - 1
        follows = run + 1 < len(runs)
        if self._segments.gap_before[before + 1] or runs.is_stop[run] or (follows and runs.opens[run + 1]):
            return True
        if not runs.moving[run] and not follows:
            return False
        trip = runs.trip[run if runs.moving[run] else run + 1]  # a pause becomes a stop when this trip is dropped
        return bool(trip < runs.trip.max()) or self._is_kept(runs)

    def _is_kept(self, runs: Runs) -> bool:
        """Return whether the smart filter keeps the last trip, however it goes on."""
        if not self._rules.filter_on:
            return True
        rows = self._segments[: runs.end[runs.moving].max()]  # a pause at the end may become a stop
        trips = legs_of(rows, runs_of(rows, self._rules.parking)).merged().segments
        return bool(passes_smart_filter(trips[-1:], self._rules.detection).all())

    def _is_silent(self, read_ms: int) -> bool:
        """Return whether the last point so far is followed by a gap."""
        return bool((read_ms - self._last.time_ms > self._rules.detection.gap_s * 1000).any())


class Warmup:
    """Start from which detection no longer depends on where reading began.

    Where no point is refused for longer than a jump is remembered, a detection that began earlier has accepted some
    point of that time too, and both accept the same points from then on.
    """

    def __init__(self, jump_memory_s: float) -> None:
        self.independent_ms: int | None = None  # from here on, an earlier beginning accepts the same points
        self._memory_ms = jump_memory_s * 1000
        self._calm_since_ms: int | None = None
        self._is_calm = False

    def add(self, accepted_ms: Ints, refused_ms: Ints) -> None:
        """Take the moments of the next points."""
        if self.independent_ms is not None or not len(accepted_ms):
            self._calm_since_ms = None if len(refused_ms) else self._calm_since_ms
            return
        refused_before = np.searchsorted(refused_ms, accepted_ms)
        since_ms = accepted_ms[np.searchsorted(refused_before, refused_before)]
        if self._calm_since_ms is not None:
            since_ms[refused_before == 0] = self._calm_since_ms
        calm = accepted_ms - since_ms > self._memory_ms
        after_calm = np.flatnonzero(np.append(self._is_calm, calm[:-1]))
        if len(after_calm):
            self.independent_ms = int(accepted_ms[after_calm[0]])
        self._is_calm = self._is_calm or bool(calm.any())
        self._calm_since_ms = int(since_ms[-1]) if refused_before[-1] == len(refused_ms) else None
