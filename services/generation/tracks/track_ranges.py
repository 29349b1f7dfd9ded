"""Ranges of trackers' tracks: their limits, and the parts of them that a report shows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.errors import InvalidParameters, NonexistentEntities, Violation
from services.generation.domain.plain_text import ids_text
from services.generation.domain.track_lines import TimeRange
from services.generation.domain.tracks import MS_PER_DAY
from services.generation.domain.windows import Windows

MAX_RANGES = 100
NEAR_MS = MS_PER_DAY  # ranges that are no farther apart are read together
OUTSIDE = "must begin and end inside the period and the daily windows of the report"


@dataclass(frozen=True, slots=True)
class TrackerRange:
    """Range of a tracker's track, both ends included, by its number in a request.

    One that is `after_gap` goes on with the range of the same number before it, behind time that is left out.
    """

    number: int
    tracker_id: int
    start_ms: int
    end_ms: int
    after_gap: bool = False

    @property
    def time_range(self) -> TimeRange:
        """The range of time."""
        return TimeRange(self.start_ms, self.end_ms)


def check_ranges(ranges: Sequence[TrackerRange]) -> None:
    """Raise InvalidParameters for too many ranges, or none, and for each that does not end after it begins."""
    if not 1 <= len(ranges) <= MAX_RANGES:
        raise InvalidParameters.one("ranges", f"must be 1 to {MAX_RANGES}")
    wrong = [one for one in ranges if one.start_ms >= one.end_ms]
    if wrong:
        raise InvalidParameters(Violation(_named(one, "end_time"), "must be later than start_time") for one in wrong)


def check_trackers(ranges: Iterable[TrackerRange], known: Iterable[int]) -> None:
    """Raise NonexistentEntities, which names the ranges, for those of other trackers than the known ones."""
    known_ids = set(known)
    wrong = [one for one in ranges if one.tracker_id not in known_ids]
    if wrong:
        error = NonexistentEntities(ids=ids_text(one.tracker_id for one in wrong))
        for one in wrong:
            error = error.naming(_named(one, "tracker_id"), f"does not exist: {one.tracker_id}")
        raise error


def shown_ranges(shown: Mapping[int, Windows], ranges: Sequence[TrackerRange]) -> list[TrackerRange]:
    """Return the parts of ranges that a report shows, which is in these windows of its trackers.

    Raises NonexistentEntities for the range of another tracker, and InvalidParameters for one that begins or ends
    outside of the windows.
    """
    check_trackers(ranges, shown)
    wrong = [one for one in ranges if not _is_within(one, shown[one.tracker_id])]
    if wrong:
        raise InvalidParameters(Violation(f"ranges[{one.number}]", OUTSIDE) for one in wrong)
    return [part for one in ranges for part in _parts(one, shown[one.tracker_id])]


def _is_within(one: TrackerRange, windows: Windows) -> bool:
    """Return whether a range begins in a window, and ends in one or at its end."""
    begins, ends = windows.at(np.array([one.start_ms, one.end_ms - 1])).tolist()
    return bool(begins >= 0 and ends >= 0)


def _parts(one: TrackerRange, windows: Windows) -> Iterator[TrackerRange]:
    pieces = windows.cut(np.array([one.start_ms]), np.array([one.end_ms]))
    for start_ms, end_ms in zip(pieces.start_ms.tolist(), pieces.end_ms.tolist(), strict=True):
        yield replace(one, start_ms=start_ms, end_ms=end_ms, after_gap=start_ms > one.start_ms)


def near_ranges(ranges: Iterable[TrackerRange]) -> list[list[TrackerRange]]:
    """Return the ranges in groups of one tracker whose ranges do not lie far apart."""
    groups: list[list[TrackerRange]] = []
    behind_ms = 0
    for one in sorted(ranges, key=lambda one: (one.tracker_id, one.start_ms)):
        is_near = groups and groups[-1][-1].tracker_id == one.tracker_id and one.start_ms <= behind_ms + NEAR_MS
        behind_ms = max(behind_ms, one.end_ms) if is_near else one.end_ms
        if is_near:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _named(one: TrackerRange, field: str) -> str:
    return f"ranges[{one.number}].{field}"
