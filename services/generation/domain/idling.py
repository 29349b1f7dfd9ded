"""Idling: ignition on within stops, found on the whole recording."""

import numpy as np

from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.findings import Findings
from services.generation.domain.on_intervals import Changes, Intervals, States
from services.generation.domain.recordings import Recording, find
from services.generation.domain.tracks import MS_PER_DAY, MS_PER_HOUR
from services.generation.domain.windows import Windows


def span_of_idling(recording: Recording, states: States, rules: Rules, windows: Windows) -> tuple[int, int]:
    """Return an interval in which all idling that reaches into the windows, which are not empty, begins and ends.

    At either end it goes on until the ignition is off or the tracker is on a trip.
    """
    start_ms, end_ms = int(windows.start_ms[0]), int(windows.end_ms[-1])
    if states.span is None or recording.span is None:
        return start_ms, end_ms
    first_ms, behind_ms = recording.span[0], recording.span[1] + 1
    begin_ms, reached_ms, step_ms = start_ms, end_ms, MS_PER_HOUR
    while begin_ms > first_ms and _may_idle(recording, states, rules, (begin_ms, start_ms)):
        begin_ms, step_ms = max(start_ms - step_ms, first_ms), 2 * step_ms
    step_ms = MS_PER_HOUR
    while reached_ms < behind_ms and _may_idle(recording, states, rules, (end_ms, reached_ms)):
        reached_ms, step_ms = min(end_ms + step_ms, behind_ms), 2 * step_ms
    return begin_ms, reached_ms


def _may_idle(recording: Recording, states: States, rules: Rules, span: tuple[int, int]) -> bool:
    """Return whether the tracker may have idled for all of an interval, which may be a moment."""
    start_ms, end_ms = span[0], max(span[1], span[0] + 1)
    on = states.read(start_ms, end_ms)[1]
    if not len(on) or (on == 0).any():
        return False
    window = Windows.of([(start_ms, end_ms)])
    stretches = find(recording, window, Detector(rules, window.edges_ms())).stretches
    trips = stretches[stretches.on_way]
    return not ((trips.start_ms < end_ms) & (trips.end_ms > start_ms)).any()


def ignition_intervals(states: States, start_ms: int, end_ms: int) -> Intervals:
    """Return the intervals with the ignition on that reach into an interval; that is where they are known from."""
    changes = Changes()
    step_ms = states.chunk_days * MS_PER_DAY
    for read_ms in range(start_ms, end_ms, step_ms):
        changes.add(*states.read(read_ms, min(read_ms + step_ms, end_ms)))
    return changes.intervals(end_ms)


def find_idling(found: Findings, ignition: Intervals) -> Intervals:
    """Return the parts of stops in which the ignition is on, in time order."""
    stops = found.stretches[found.stretches.is_stop]
    parts = Windows(ignition.start_ms, ignition.end_ms).cut(stops.start_ms, stops.end_ms)
    lasting = parts[parts.start_ms < parts.end_ms]
    order = np.argsort(lasting.start_ms, kind="stable")
    return Intervals(lasting.start_ms[order], lasting.end_ms[order])
