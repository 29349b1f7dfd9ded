"""Thinning: what stays of a long series."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.thinning import COLUMNS, MOST_POINTS, Thinner, thinned


def series(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 50, count).astype(np.float64)
    y[rng.random(count) < 0.01] = np.nan
    return np.sort(rng.uniform(0, 1e6, count)), y


@given(st.integers(0, 2**32 - 1), st.integers(0, 30_000))
def test_no_peak_is_lost_and_few_points_stay(seed: int, count: int) -> None:
    """The smallest and the largest value of each column stay, and its first and last."""
    x, y = series(count, seed)
    rows = thinned(x, y, (0, 1e6))
    column = np.floor(x / 1e6 * COLUMNS)
    for own in np.unique(column)[::500]:
        whole, kept = y[column == own], y[rows[column[rows] == own]]
        known = whole[~np.isnan(whole)]
        if len(known):
            assert (known.min(), known.max()) == (np.nanmin(kept), np.nanmax(kept))

    assert (np.diff(rows) > 0).all()
    assert len(rows) <= MOST_POINTS + 3 * np.isnan(y).sum()
    assert rows[[0, -1]].tolist() == [0, count - 1] if count and not np.isnan(y[-1]) else True


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
