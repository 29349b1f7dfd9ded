"""Reader of tracks: lines come whole however they are cut into units, and share a zoom where they share a limit."""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from services.generation.domain.detection import Detection, Parking
from services.generation.domain.line_thinning import COARSEST_ZOOM, LineThinner
from services.generation.domain.track_lines import TrackLine
from services.generation.domain.tracks import Track
from services.generation.executors import track_worker
from services.generation.tracks.track_ranges import TrackerRange
from services.generation.tracks.track_reader import TrackReader
from services.generation.tracks.track_units import AccountScope, NumberedLine, Thinning, TripsChoice
from services.generation.words.language import Locale
from tests.builders.tracks import NOON_MS, recording, track
from tests.fakes.executor import FakeExecutor

SCOPE = AccountScope(1, Locale(), "account 1")
HOUR_MS = 3_600_000
WAIT_S = 5.0
WHOLE = TrackerRange(0, 1, NOON_MS, NOON_MS + HOUR_MS)
SETTINGS: Any = SimpleNamespace(detection=Detection())
Tracks = Mapping[int, Track]


@pytest.fixture
def tracks(monkeypatch: pytest.MonkeyPatch) -> dict[int, Track]:
    """Give the tracks that workers read, by tracker; their altitudes are their seconds."""
    known = {1: track((20, 40), (10, 0), (30, 50)), 2: track((60, 90), at=(10.0, 179.9))}

    def data(unit: Any) -> Any:
        return SimpleNamespace(recording=recording(known[unit.tracker_id]), parking=Parking())

    def values_at(_: int, time_ms: np.ndarray, names: tuple[str, ...]) -> list[np.ndarray]:
        return [(time_ms - NOON_MS) / 1000 for _ in names]

    monkeypatch.setattr(track_worker, "_data", data)
    monkeypatch.setattr(track_worker, "_stores", lambda _: SimpleNamespace(points=SimpleNamespace(values_at=values_at)))
    return known


async def read(*ranges: TrackerRange, thinning: Thinning | None = None, details: bool = False) -> list[NumberedLine]:
    executor = FakeExecutor()
    reader = TrackReader(executor, track_worker.WORK, SETTINGS, WAIT_S)
    return [one async for one in reader.lines(SCOPE, ranges, thinning, details=details)]


async def test_a_long_line_comes_in_pieces_that_join_without_a_seam(
    tracks: Tracks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each unit returns a few points, the next goes on behind the last; details and ways go on, too."""
    [whole] = await read(WHOLE, details=True)
    monkeypatch.setattr(track_worker, "MOST_POINTS", 50)
    pieces = await read(WHOLE, details=True)

    assert len(pieces) > 5
    joined = TrackLine.join(one.line for one in pieces)
    assert whole.line.time_ms.tolist() == joined.time_ms.tolist() == tracks[1].time_ms.tolist()
    assert np.allclose(np.diff(whole.line.way_km), np.diff(joined.way_km))
    assert not joined.after_gap.any()
    assert whole.details is not None
    altitudes = [one.details.altitude_m for one in pieces if one.details is not None]
    assert whole.details.altitude_m.tolist() == np.concatenate(altitudes).tolist()


async def test_points_outside_of_trips_are_marked(tracks: Tracks) -> None:
    [whole] = await read(WHOLE, details=True)

    assert whole.details is not None
    parked = whole.line.time_ms[whole.details.parked]
    assert (20 * 60, 30 * 60) == ((parked[0] - NOON_MS) / 1000, (parked[-2] - NOON_MS) / 1000 + 10)
    assert len(tracks[1]) == len(whole.line)


async def test_lines_of_several_trackers_share_a_limit_and_come_in_the_order_of_their_numbers(tracks: Tracks) -> None:
    ranges = [TrackerRange(0, 2, NOON_MS, NOON_MS + HOUR_MS), TrackerRange(1, 1, NOON_MS, NOON_MS + HOUR_MS)]

    found = await read(*ranges, thinning=Thinning(None, 60))
    thinner = LineThinner(None, 60)
    for one in await read(*ranges):
        thinner.add(one.number, one.line)

    assert [0, 1] == [one.number for one in found]
    assert [line.time_ms.tolist() for _, line in thinner.lines()] == [one.line.time_ms.tolist() for one in found]
    assert sum(len(one.line) for one in found) <= 60
    assert {1, 2} == set(tracks)


async def test_each_line_has_a_limit_of_its_own_where_it_is_of_each(tracks: Tracks) -> None:
    ranges = [TrackerRange(n, 1, NOON_MS + n * 60_000, NOON_MS + (n + 10) * 60_000) for n in range(4)]

    found = await read(*ranges, thinning=Thinning(18, 20, of_each=True))

    assert [0, 1, 2, 3] == [one.number for one in found]
    assert all(3 <= len(one.line) <= 20 for one in found)
    assert len(tracks) > 1


async def test_a_part_behind_a_window_begins_with_a_gap(tracks: Tracks) -> None:
    """And another does not, whatever lies before it."""
    parts = [
        TrackerRange(0, 1, NOON_MS, NOON_MS + 300_000),
        TrackerRange(0, 1, NOON_MS + 600_000, NOON_MS + 900_000, after_gap=True),
    ]

    [thin] = await read(*parts, thinning=Thinning(22, 1000))
    pieces = await read(*parts)

    assert [600_000] == (thin.line.time_ms[thin.line.after_gap] - NOON_MS).tolist()
    assert [[], [0]] == [np.flatnonzero(one.line.after_gap).tolist() for one in pieces]
    assert len(tracks) > 1


async def test_a_tracker_without_points_has_no_line(tracks: dict[int, Track]) -> None:
    tracks[3] = Track.empty()
    tracks[4] = track((1, 30))[:1]
    empty, single = (TrackerRange(0, one, NOON_MS - HOUR_MS, NOON_MS + HOUR_MS) for one in (3, 4))

    assert [] == await read(empty)
    assert [] == await read(empty, thinning=Thinning(5, 10))
    [one] = await read(single, thinning=Thinning(COARSEST_ZOOM, 2))
    assert 1 == len(one.line)


@pytest.mark.parametrize(
    "start_ms", [-62_135_596_800_000, 0, NOON_MS - 400 * 24 * HOUR_MS, NOON_MS + HOUR_MS + 1, 253_402_300_000_000]
)
async def test_a_range_away_from_all_points_has_no_line(tracks: Tracks, start_ms: int) -> None:
    """From the first year of the calendar to its last."""
    away = TrackerRange(0, 1, start_ms, start_ms + HOUR_MS)

    assert [] == await read(away, details=True)
    assert [] == await read(away, thinning=Thinning(3, 100))
    assert len(tracks) > 1


async def test_equal_ranges_have_equal_lines(tracks: Tracks) -> None:
    one, other = await read(WHOLE, TrackerRange(1, 1, WHOLE.start_ms, WHOLE.end_ms), thinning=Thinning(15, 20_000))

    assert one.line.time_ms.tolist() == other.line.time_ms.tolist()
    assert len(tracks) > 1


async def test_the_long_tracks_of_one_account_leave_a_process_to_others() -> None:
    others_read = threading.Event()

    def trips(unit: Any) -> Any:
        return others_read.wait(WAIT_S * 6) if unit.scope == SCOPE else "read"

    reader = TrackReader(FakeExecutor(), replace(track_worker.WORK, trips=trips), SETTINGS, WAIT_S)
    wanted = 1, WHOLE.time_range, TripsChoice()
    long = [asyncio.create_task(reader.trips(SCOPE, *wanted)) for _ in range(FakeExecutor.at_once)]
    try:
        await asyncio.sleep(0)
        assert "read" == await reader.trips(AccountScope(2, Locale(), "account 2"), *wanted)
    finally:
        others_read.set()
        await asyncio.gather(*long)
