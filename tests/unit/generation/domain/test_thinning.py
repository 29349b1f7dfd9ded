"""Thinning: what stays of a long series."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.thinning import COLUMNS, MOST_POINTS, OF_COLUMN, Thinner, seen_between, thinned


def series(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 50, count).astype(np.float64)
    y[rng.random(count) < 0.01] = np.nan
    return np.sort(rng.uniform(0, 1e6, count)), y


@given(st.integers(0, 2**32 - 1), st.integers(0, 30_000), st.sampled_from([1, 7, 300, COLUMNS]))
def test_no_peak_is_lost_and_few_points_stay(seed: int, count: int, columns: int) -> None:
    """The smallest and the largest value of each column stay, and its first and last, whatever is unknown."""
    x, y = series(count, seed)
    rows = thinned(x, y, (0, 1e6), columns)
    column = np.floor(x / 1e6 * columns)
    own = column[rows]
    for one in np.unique(column)[:: max(columns // 20, 1)]:
        whole, kept = y[column == one], y[rows[own == one]]
        known = whole[~np.isnan(whole)]
        if len(known):
            assert (known.min(), known.max()) == (np.nanmin(kept), np.nanmax(kept))

    assert (np.diff(rows) > 0).all()
    assert len(rows) <= OF_COLUMN * columns
    assert not np.isnan(y[rows[1:]])[np.isnan(y[rows[:-1]])].any()
    assert rows[[0, -1]].tolist() == [0, count - 1] if count and not np.isnan(y[-1]) else True


@given(st.lists(st.tuples(st.integers(0, 400), st.one_of(st.none(), st.integers(-9, 9))), max_size=200))
def test_a_gap_that_is_wider_than_a_column_stays(points: list[tuple[int, int | None]]) -> None:
    """As one unknown value between the known ones around it."""
    x = np.sort(np.array([one for one, _ in points], np.float64))
    y = np.array([np.nan if value is None else value for _, value in points], np.float64)
    rows = thinned(x, y, (0, 400), 20)
    for start, end in gaps(y):
        if start and end < len(y) and np.floor(x[start] / 20) < np.floor(x[end - 1] / 20):
            assert np.isnan(y[rows[(rows >= start) & (rows < end)]]).sum() >= 1


def gaps(y: np.ndarray) -> list[tuple[int, int]]:
    """Return the runs of unknown values, each with the row behind it."""
    edges = np.flatnonzero(np.diff(np.isnan(y).astype(int), prepend=0, append=0))
    return [*zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)]


@given(
    st.lists(st.floats(0, 100), max_size=30).map(sorted),
    st.floats(-10, 110),
    st.floats(0.1, 50),
)
def test_a_part_of_a_line_goes_on_to_its_edges(x: list[float], low: float, width: float) -> None:
    """All points inside are seen, and one on either side."""
    places, high = np.array(x, np.float64), low + width
    seen = places[seen_between(places, (low, high))].tolist()
    inside = [one for one in x if low < one < high]

    assert set(inside) <= set(seen)
    assert [one for one in x if one <= low][-1:] == [one for one in seen if one <= low]
    assert [one for one in x if one >= high][:1] == [one for one in seen if one >= high]


@given(st.integers(0, 2**32 - 1), st.integers(0, 100_000), st.integers(5_000, 60_000))
def test_pieces_come_to_the_same_as_the_whole(seed: int, count: int, size: int) -> None:
    """However they are cut; a short series stays as it is."""
    x, y = series(count, seed)
    y = np.nan_to_num(y)
    thinner = Thinner((0, 1e6))
    for start in range(0, count, size):
        thinner.add(x[start : start + size], y[start : start + size])
    own_x, own_y = thinner.points()
    rows = thinned(x, y, (0, 1e6)) if count > MOST_POINTS else np.arange(count)

    assert own_x.tolist() == x[rows].tolist()
    assert own_y.tolist() == y[rows].tolist()
