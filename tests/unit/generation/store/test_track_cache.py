"""Points that were read before come from memory, as long as they are few."""

from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.tracks import Track
from services.generation.store.track_cache import TrackCache
from tests.builders.tracks import NOON_MS, track

DRIVE = track((60, 60), every_s=60)
MINUTE_MS = 60_000


class Reads:
    """Source of points that counts those it gives, and how often it is asked."""

    def __init__(self) -> None:
        self.count = self.questions = 0

    def __call__(self, start_ms: int, end_ms: int) -> Track:
        found = DRIVE.between(start_ms, end_ms)
        self.count += len(found)
        self.questions += 1
        return found


def read(cache: TrackCache, first_minute: int, end_minute: int) -> list[int]:
    found = cache.read(NOON_MS + first_minute * MINUTE_MS, NOON_MS + end_minute * MINUTE_MS)
    return ((found.time_ms - NOON_MS) // MINUTE_MS).tolist()


@given(st.lists(st.tuples(st.integers(-5, 65), st.integers(0, 70)), max_size=6), st.integers(0, 80))
def test_what_is_read_does_not_depend_on_what_was_read(spans: list[tuple[int, int]], most_points: int) -> None:
    """Intervals that lie apart, overlap, touch or hold each other, in any order."""
    cache = TrackCache(Reads(), most_points)

    for first, length in spans:
        assert [minute for minute in range(61) if first <= minute < first + length] == read(
            cache, first, first + length
        )


def test_points_are_read_once() -> None:
    """Around what is kept only the rest is read."""
    reads = Reads()
    cache = TrackCache(reads, 1000)
    for first, end in ((20, 40), (-400, 30), (40, 500), (10, 20), (5, 61)):
        read(cache, first, end)

    assert (61, 3) == (reads.count, reads.questions)


def test_hours_side_by_side_are_read_at_once() -> None:
    """Who looks back from a moment, and then farther, asks the store a single time."""
    reads = Reads()
    cache = TrackCache(reads, 1000)
    for first, end in ((50, 60), (40, 50), (10, 40), (60, 180)):
        read(cache, first, end)

    assert 1 == reads.questions


def test_many_points_are_not_kept() -> None:
    """They are read again."""
    reads = Reads()
    cache = TrackCache(reads, 10)
    for _ in range(2):
        read(cache, 0, 20)

    assert (122, 2) == (reads.count, reads.questions)
