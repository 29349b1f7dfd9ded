"""Smart filter: trips that are dropped because they are too short, too poor or only drift around a place."""

from dataclasses import replace

import numpy as np

from services.generation.domain.columnar import Flags, Floats, Ints
from services.generation.domain.detection import Rules
from services.generation.domain.runs import Runs, Stretches, stretches_of
from services.generation.domain.segments import Segments
from services.generation.domain.tracks import EARTH_RADIUS_KM


def filtered(segments: Segments, runs: Runs, rules: Rules, *, whole: bool = True) -> Runs:
    """Return the runs with those of dropped trips at rest; unless they are the `whole` the last trip stays."""
    if not rules.filter_on or not len(runs):
        return runs
    stretches = stretches_of(segments, runs, rules)
    dropped = stretches.on_way & ~_passes(segments, stretches, rules)
    if not whole:
        dropped[-1] = False
    of_runs = np.searchsorted(stretches.begin, runs.begin, side="right") - 1
    return replace(runs, on_way=runs.on_way & ~dropped[of_runs])


def _passes(segments: Segments, stretches: Stretches, rules: Rules) -> Flags:
    """Return of each stretch whether it passes as a trip (reference section 6.2)."""
    limits = rules.detection
    trips = Totals(segments, stretches)
    length_m, diagonal_m = trips.km * 1000, trips.diagonal_km() * 1000
    is_long: Flags = length_m >= limits.filter_min_length_m
    is_rich: Flags = (trips.count >= limits.filter_min_points) | (length_m >= limits.filter_long_length_m)
    is_wide: Flags = diagonal_m >= limits.filter_min_diagonal_m
    is_wound = length_m > limits.filter_max_windings * diagonal_m
    return is_long & is_rich & is_wide & ~(is_wound & trips.is_implausible())


class Totals:
    """Totals of stretches with the points at their ends: length, number of points, extent, turns, speeds."""

    def __init__(self, segments: Segments, stretches: Stretches) -> None:
        self._segments = segments
        self._stretches = stretches
        self._before = np.maximum(stretches.begin - 1, 0)  # rows
        self._behind = np.minimum(stretches.end, len(segments) - 1)
        self.km = self._sum(segments.step_km, segments.inner_km)
        self.count = np.add.reduceat(segments.count, stretches.begin) + stretches.from_rest + stretches.to_rest

    def _sum(self, steps: Floats | Ints, inner: Floats | Ints) -> Floats:
        """Return the sum over the legs of each stretch, given for the legs into segments and within them."""
        begin, end = self._stretches.begin, np.minimum(self._stretches.end, len(steps) - 1)
        total: Floats = np.add.reduceat(steps + inner, begin) - np.where(self._stretches.from_rest, 0, steps[begin])
        return total + np.where(self._stretches.to_rest, steps[end], 0)

    def diagonal_km(self) -> Floats:
        """Return the diagonal of the bounding box of each stretch."""
        box = {
            name: self._extreme(getattr(self._segments, name), reduced, name)
            for name, reduced in (
                ("south", np.minimum),
                ("north", np.maximum),
                ("west", np.minimum),
                ("east", np.maximum),
                ("west_far", np.minimum),
                ("east_far", np.maximum),
            )
        }
        south, north = box["south"], box["north"]
        width = np.radians(np.minimum(box["east"] - box["west"], box["east_far"] - box["west_far"]))
        nearest_equator = np.where(south * north < 0, 0.0, np.minimum(abs(south), abs(north)))
        across_km = 2 * EARTH_RADIUS_KM * np.arcsin(np.cos(np.radians(nearest_equator)) * np.sin(width / 2))
        diagonal_km: Floats = np.hypot(across_km, EARTH_RADIUS_KM * np.radians(north - south))
        return diagonal_km

    def _extreme(self, values: Floats, reduced: np.ufunc, name: str) -> Floats:
        found: Floats = reduced.reduceat(values, self._stretches.begin)
        axis = "lat" if name in ("south", "north") else "lng"
        for taken, side, place in (
            (self._stretches.from_rest, self._before, f"last_{axis}"),
            (self._stretches.to_rest, self._behind, f"first_{axis}"),
        ):
            at = getattr(self._segments, place)[side]
            at = at % 360 if name.endswith("far") else at
            found = np.where(taken, reduced(found, at), found)
        return found

    def is_implausible(self) -> Flags:
        """Return whether the average exceeds all reported speeds or, where none is, most legs turn back."""
        stretches, segments = self._stretches, self._segments
        reported_kmh = np.fmax.reduceat(segments.reported_kmh, stretches.begin)
        for taken, kmh in (
            (stretches.from_rest, segments.last_reported_kmh[self._before]),
            (stretches.to_rest, segments.first_reported_kmh[self._behind]),
        ):
            reported_kmh = np.where(taken, np.fmax(reported_kmh, kmh), reported_kmh)
        average_kmh = self.km / np.maximum(stretches.end_ms - stretches.start_ms, 1) * 3_600_000
        legs = self._sum((segments.step_km > 0).astype(np.int64), segments.inner_legs)
        turns = self._sum(segments.step_turns.astype(np.int64), segments.inner_turns) - (
            stretches.from_rest & segments.step_turns[stretches.begin]
        )
        return np.where(np.isnan(reported_kmh), 2 * turns > legs, average_kmh > reported_kmh)
