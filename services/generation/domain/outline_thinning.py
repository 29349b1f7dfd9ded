"""Thinning of outlines and lines to a number of points: those stay without which the shape would change most."""

import numpy as np

from services.generation.domain.columnar import Floats, Ints

LEAST_CLOSED, LEAST_OPEN = 3, 2


def thinned_outline(lat: Floats, lng: Floats, count: int, *, closed: bool) -> Ints:
    """Return the rows that stay of an outline, or of a line whose ends stay, when it is thinned to so many points.

    One point after the other is left out that spans the smallest triangle with its neighbours (Visvalingam and Whyatt).
    Longitudes are unrolled and may go beyond 180 degrees.
    """
    rows = np.arange(len(lat))
    shrink = np.cos(np.radians(np.mean(lat))) if len(lat) else 1.0
    x, y = lng * shrink, lat
    while len(rows) > max(count, LEAST_CLOSED if closed else LEAST_OPEN):
        before, after = np.roll(rows, 1), np.roll(rows, -1)
        areas = np.abs((x[rows] - x[before]) * (y[after] - y[before]) - (x[after] - x[before]) * (y[rows] - y[before]))
        if not closed:
            areas[[0, -1]] = np.inf
        rows = np.delete(rows, np.argmin(areas))
    return rows
