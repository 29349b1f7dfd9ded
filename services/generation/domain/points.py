"""Points as trackers send them, in any order: columns of values, and which of two points of one moment stays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from services.generation.domain.columns import Flags, Floats, Ints, Rows
from services.generation.domain.tracks import Track

VALUES = ("lat", "lng", "speed_kmh", "altitude_m", "heading", "satellites", "ignition", "odometer_km")


@dataclass(frozen=True, slots=True)
class Points:
    """Points of one tracker; moments may repeat and come in any order.

    `time_ms` holds milliseconds since 1970 UTC, shape (n,); `values` one row for each name in VALUES, shape (8, n), NaN
    where unknown. Zero is never negative and NaN has one form, so that equal points have equal bytes.
    """

    time_ms: Ints
    values: Floats

    @classmethod
    def of(cls, time_ms: ArrayLike, columns: Mapping[str, ArrayLike]) -> "Points":
        """Return points from columns by name, each as long as `time_ms`; what is not among them is unknown."""
        times = np.array(time_ms, np.int64)
        values = np.full((len(VALUES), len(times)), np.nan)
        for row, name in enumerate(VALUES):
            if name in columns:
                values[row] = columns[name]
        values += 0.0  # turns -0.0 into 0.0
        values[np.isnan(values)] = np.nan
        return cls(times, values)

    @classmethod
    def join(cls, parts: Iterable["Points"]) -> "Points":
        """Return the points of all parts, one part after another."""
        parts = [cls.of([], {}), *parts]
        return cls(np.concatenate([one.time_ms for one in parts]), np.hstack([one.values for one in parts]))

    def __len__(self) -> int:
        return len(self.time_ms)

    def column(self, name: str) -> Floats | Ints:
        """Return a column of VALUES, or `time_ms`."""
        return self.time_ms if name == "time_ms" else self.values[VALUES.index(name)]

    def take(self, which: Rows) -> "Points":
        """Return the points that a slice, an index array or a mask selects."""
        return Points(self.time_ms[which], self.values[:, which])

    def track(self) -> Track:
        """Return the track of points that are in time order, one a moment."""
        return Track(self.time_ms, *self.values)


def merged(points: Points) -> Points:
    """Return the points in time order, one a moment: the one with more known values, else with the larger ones.

    Values are compared in the order of VALUES, an unknown one being the smallest. What stays is the largest in a total
    order, so merging is commutative, associative and idempotent: neither order nor repetition matters.
    """
    if (points.time_ms[1:] > points.time_ms[:-1]).all():
        return points
    order = np.argsort(points.time_ms, kind="stable")
    time_ms = points.time_ms[order]
    again = time_ms[1:] == time_ms[:-1]
    shared = np.append(again, False) | np.insert(again, 0, False)
    rivals = order[shared]
    order[shared] = rivals[np.lexsort((*_rank(points.values[:, rivals])[::-1], points.time_ms[rivals]))]
    return points.take(order[np.append(~again, True)])


def supersedes(points: Points, others: Points) -> Flags:
    """Say of each point whether it would stay and the other of the same place would go; equal points do not beat."""
    mine, theirs = _rank(points.values), _rank(others.values)
    decides = (mine != theirs).argmax(axis=0)[np.newaxis]
    above: Flags = np.take_along_axis(mine, decides, 0) > np.take_along_axis(theirs, decides, 0)
    return above.ravel()


def _rank(values: Floats) -> Floats:
    """Return what points are compared by, the weightiest row first: known values counted, then the values."""
    unknown = np.isnan(values)
    return np.vstack([-unknown.sum(axis=0, keepdims=True), np.where(unknown, -np.inf, values)])
