"""Surroundings of moments: the accepted points before and after each, seen in one pass over a route."""

import numpy as np

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.route import Route

NEVER_MS = 2**62


class Surroundings:
    """Points around moments of a route that comes in pieces."""

    def __init__(self, moments: Ints) -> None:
        self._moments = moments
        self._before_ms = np.full(len(moments), -NEVER_MS)
        self._after_ms = np.full(len(moments), NEVER_MS)
        self._before_kmh, self._after_kmh = (np.full(len(moments), np.nan) for _ in range(2))
        self.lat, self.lng = (np.full(len(moments), np.nan) for _ in range(2))  # of the last point at or before

    def add(self, piece: Route) -> None:
        """Process the next points."""
        if not len(piece) or not len(self._moments):
            return
        reached = self._moments >= piece.time_ms[0]
        last = np.searchsorted(piece.time_ms, self._moments[reached], side="right") - 1
        self._before_ms[reached], self._before_kmh[reached] = piece.time_ms[last], piece.speed_kmh[last]
        self.lat[reached], self.lng[reached] = piece.lat[last], piece.lng[last]
        following = np.searchsorted(piece.time_ms, self._moments)
        found = (self._after_ms == NEVER_MS) & (following < len(piece))
        self._after_ms[found] = piece.time_ms[following[found]]
        self._after_kmh[found] = piece.speed_kmh[following[found]]

    def nearest_kmh(self, within_ms: int) -> Floats:
        """Return the speed at the point nearest in time, the earlier of two; NaN where none is that near."""
        since_ms, until_ms = self._moments - self._before_ms, self._after_ms - self._moments
        is_before = since_ms <= until_ms
        near = np.minimum(since_ms, until_ms) <= within_ms
        return np.where(near, np.where(is_before, self._before_kmh, self._after_kmh), np.nan)
