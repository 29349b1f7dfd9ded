"""Line of time, way and place through the ends of segments, on which trips and stops are cut."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Columns, Floats, Ints
from services.generation.domain.fixes import HALF_TURN, exact_km
from services.generation.domain.runs import Stretches
from services.generation.domain.segments import Segments


@dataclass(frozen=True, slots=True)
class Line(Columns):
    """Knots in time order, with the way from the first of them; between two of them time and way pass evenly."""

    ms: Ints
    km: Floats
    lat: Floats
    lng: Floats

    @classmethod
    def through(cls, segments: Segments, stretches: Stretches) -> "Line":
        """Return the line through the ends of segments and the moments at which travel begins."""
        km = np.cumsum(np.column_stack([segments.step_km, segments.inner_km]).ravel())
        ends = (
            np.column_stack([getattr(segments, f"{end}_{name}") for end in ("first", "last")]).ravel()
            for name in ("ms", "lat", "lng")
        )
        ms, lat, lng = ends
        leaving = stretches[stretches.from_rest]
        at = 2 * leaving.begin
        return cls(
            np.insert(ms, at, leaving.start_ms),
            np.insert(km, at, km[at - 1]),
            np.insert(lat, at, lat[at - 1]),
            np.insert(lng, at, lng[at - 1]),
        )

    def km_at(self, ms: Ints) -> Floats:
        """Return the way up to each moment, in the whole multiples of which the way between knots consists."""
        knot, following = self._knots(ms)
        way_km: Floats = self.km[knot] + exact_km(
            (self.km[following] - self.km[knot]) * self._part(ms, knot, following)
        )
        return way_km

    def places_at(self, ms: Ints) -> tuple[Floats, Floats]:
        """Return latitudes and longitudes at some moments."""
        knot, following = self._knots(ms)
        part = self._part(ms, knot, following)
        east = (self.lng[following] - self.lng[knot] + 180) % 360 - 180
        lng = self.lng[knot] + part * east
        lat = self.lat[knot] + part * (self.lat[following] - self.lat[knot])
        return lat, np.where(np.abs(lng) > HALF_TURN, (lng + 180) % 360 - 180, lng)

    def last_places_before(self, ms: Ints) -> tuple[Floats, Floats]:
        """Return latitudes and longitudes of the last knots up to some moments."""
        knot, _ = self._knots(ms)
        return self.lat[knot], self.lng[knot]

    def _part(self, ms: Ints, knot: Ints, following: Ints) -> Floats:
        """Return the share of the time between two knots that has passed at each moment."""
        lasted_ms = np.maximum(self.ms[following] - self.ms[knot], 1)
        part: Floats = np.clip((ms - self.ms[knot]) / lasted_ms, 0.0, 1.0)
        return part

    def _knots(self, ms: Ints) -> tuple[Ints, Ints]:
        knot = np.maximum(np.searchsorted(self.ms, ms, side="right") - 1, 0)
        return knot, np.minimum(knot + 1, len(self) - 1)
