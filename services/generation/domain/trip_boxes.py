"""Boxes of trips: the smallest areas between two meridians and two parallels that hold them."""

from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Columns, Floats
from services.generation.domain.findings import Findings
from services.generation.domain.trips import Trips

SIDES = {
    "south": (np.minimum, np.inf),
    "north": (np.maximum, -np.inf),
    "west": (np.minimum, np.inf),
    "east": (np.maximum, -np.inf),
    "west_far": (np.minimum, np.inf),
    "east_far": (np.maximum, -np.inf),
}


@dataclass(frozen=True, slots=True)
class Boxes(Columns):
    """Boxes in degrees. One that lies on the 180th meridian has its west above its east."""

    south: Floats
    west: Floats
    north: Floats
    east: Floats


def boxes_of(found: Findings, trips: Trips) -> Boxes:
    """Return the box of each trip, or of each row of several, with the places at which it begins and ends."""
    if not len(trips):
        return Boxes.empty()
    sides = {name: _extreme(found, trips, name) for name in SIDES}
    is_far = sides["east_far"] - sides["west_far"] < sides["east"] - sides["west"]
    west, east = (np.where(is_far, (sides[f"{name}_far"] + 180) % 360 - 180, sides[name]) for name in ("west", "east"))
    return Boxes(sides["south"], west, sides["north"], east)


def _extreme(found: Findings, trips: Trips, name: str) -> Floats:
    """Return the lowest or the highest of the segments and the ends of each trip."""
    reduced, nothing = SIDES[name]
    first = np.searchsorted(found.segments.first_ms, trips.start_ms)
    behind = np.maximum(np.searchsorted(found.segments.first_ms, trips.end_ms), first)
    bounds = np.column_stack([first, behind]).ravel()
    values = reduced.reduceat(np.append(getattr(found.segments, name), nothing), bounds)[::2]
    side: Floats = np.where(first < behind, values, nothing)
    for end in ("start", "end"):
        at = getattr(trips, f"{end}_{'lat' if name in ('south', 'north') else 'lng'}")
        side = reduced(side, at % 360 if name.endswith("far") else at)
    return side
