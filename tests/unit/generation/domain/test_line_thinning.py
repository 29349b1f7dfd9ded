"""Thinning of lines: what stays, how far what is left out lies from it, and that pieces do not matter."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.generation.domain.line_thinning import COARSEST_ZOOM, FINEST_ZOOM, LineThinner, cells
from services.generation.domain.track_lines import TrackLine

NO_LIMIT = 10**9
ZOOMS = st.integers(0, FINEST_ZOOM)


def line_of(lat: np.ndarray, lng: np.ndarray, speed_kmh: np.ndarray | None = None) -> TrackLine:
    count = len(lat)
    speeds = np.zeros(count) if speed_kmh is None else speed_kmh
    return TrackLine(np.arange(count) * 1000, lat, lng, speeds, np.arange(count) * 0.01, np.zeros(count, np.bool_))


@st.composite
def lines(draw: st.DrawFn) -> TrackLine:
    """Return wandering lines, also over the date line, near a pole and with gaps."""
    seed, count = draw(st.integers(0, 2**32 - 1)), draw(st.integers(1, 400))
    rng = np.random.default_rng(seed)
    step = draw(st.sampled_from([1e-6, 1e-4, 0.01, 3.0]))
    lat0, lng0 = draw(st.sampled_from([(52.0, 13.0), (-17.0, 179.9999), (89.9, 0.0), (0.0, 0.0)]))
    lat = np.clip(lat0 + np.cumsum(rng.normal(0, step, count)), -90, 90)
    lng = (lng0 + np.cumsum(rng.normal(0, step, count)) + 180) % 360 - 180
    found = line_of(lat, lng, rng.integers(0, 90, count).astype(np.float64))
    found.after_gap[1:] = rng.random(count - 1) < 0.02
    return found


def thinned(line: TrackLine, zoom: int | None, limit: int = NO_LIMIT, size: int = 10**9) -> tuple[TrackLine, int]:
    thinner = LineThinner(zoom, limit)
    for first in range(0, len(line), size):
        thinner.add(0, line[first : first + size])
    [(_, kept)] = thinner.lines()
    return kept, thinner.zoom


def pixels(line: TrackLine, zoom: int) -> tuple[np.ndarray, np.ndarray]:
    """Return places on the map in pixels at a zoom."""
    size = 256 * 2.0**zoom
    lat = np.radians(np.clip(line.lat, -89.99, 89.99))
    return (line.lng + 180) / 360 * size, (0.5 - np.log(np.tan(np.pi / 4 + lat / 2)) / (2 * np.pi)) * size


@given(lines(), ZOOMS)
def test_a_point_that_is_left_out_lies_less_than_half_a_pixel_from_the_one_that_stays_before_it(
    line: TrackLine, zoom: int
) -> None:
    kept, _ = thinned(line, zoom)
    before = np.searchsorted(kept.time_ms, line.time_ms, side="right") - 1
    tolerance = 1e-9 * 2.0**zoom

    for own, of_kept in zip(pixels(line, zoom), pixels(kept, zoom), strict=True):
        assert (np.abs(own - of_kept[before]) <= 0.5 + tolerance).all()


@given(lines(), ZOOMS, st.integers(2, 60))
def test_ends_the_fastest_point_and_points_behind_gaps_stay(line: TrackLine, zoom: int, limit: int) -> None:
    kept, _ = thinned(line, zoom, limit)

    assert kept.time_ms[[0, -1]].tolist() == line.time_ms[[0, -1]].tolist()
    assert line.speed_kmh.max() == kept.speed_kmh.max()
    assert set(line.time_ms[line.after_gap]) <= set(kept.time_ms)


@given(lines(), ZOOMS, st.integers(2, 300), st.integers(1, 90))
def test_pieces_come_to_the_same_as_the_whole(line: TrackLine, zoom: int, limit: int, size: int) -> None:
    whole, pieces = thinned(line, zoom, limit), thinned(line, zoom, limit, size)

    assert whole[1] == pieces[1]
    assert whole[0].time_ms.tolist() == pieces[0].time_ms.tolist()


@given(lines(), st.integers(3, 300))
def test_the_zoom_is_the_finest_at_which_the_limit_is_kept(line: TrackLine, limit: int) -> None:
    kept, zoom = thinned(line, None, limit)
    assume(zoom > COARSEST_ZOOM)

    assert len(kept) <= limit
    assert zoom == FINEST_ZOOM or len(thinned(line, zoom + 1)[0]) > limit


@given(lines(), lines(), st.integers(2, 60))
def test_lines_share_the_limit_and_the_zoom(one: TrackLine, other: TrackLine, limit: int) -> None:
    thinner = LineThinner(None, limit)
    thinner.add(7, one)
    thinner.add(3, other)
    found = dict(thinner.lines())

    assert [3, 7] == list(found)
    assert thinned(one, thinner.zoom)[0].time_ms.tolist() == found[7].time_ms.tolist()
    assert sum(map(len, found.values())) <= limit or thinner.zoom == COARSEST_ZOOM


@given(lines(), st.integers(0, FINEST_ZOOM - 1))
def test_a_cell_consists_of_whole_cells_of_the_next_zoom(line: TrackLine, zoom: int) -> None:
    """So that a line that is thinned twice is as if it were thinned once."""
    for coarse, fine in zip(cells(line.lat, line.lng, zoom), cells(line.lat, line.lng, zoom + 1), strict=True):
        assert coarse.tolist() == (fine // 2).tolist()


def test_a_tracker_that_stands_still_is_two_points() -> None:
    still = np.zeros(1000)

    assert [0, 999_000] == thinned(line_of(still + 52, still + 13), 18)[0].time_ms.tolist()


def test_an_empty_line_is_none_and_a_single_point_stays() -> None:
    thinner = LineThinner(5, 10)
    thinner.add(0, TrackLine.empty())

    assert [] == list(thinner.lines())
    assert 1 == len(thinned(line_of(np.array([90.0]), np.array([180.0])), 22)[0])


@pytest.mark.parametrize(("zoom", "least"), [(10, 0.99), (12, 0.998)])
def test_a_drive_through_a_town_keeps_its_length(zoom: int, least: float) -> None:
    """A point a second through streets with a bend each 100 m, which at zoom 10 is less than a pixel."""
    seconds = np.arange(7200)
    heading = np.radians(45 + 40 * np.sin(seconds / 30))
    lat = 52 + np.cumsum(np.cos(heading)) * 12 / 111_000
    lng = 13 + np.cumsum(np.sin(heading)) * 12 / 68_000
    line = line_of(lat, lng)

    def length(of: TrackLine) -> float:
        return float(np.hypot(np.diff(of.lat) * 111, np.diff(of.lng) * 68).sum())

    kept, _ = thinned(line, zoom)
    assert least <= length(kept) / length(line) <= 1
    assert len(kept) < len(line)
