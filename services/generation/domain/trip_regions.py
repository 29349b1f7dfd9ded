"""Trips by region: trips cut at the points at which a tracker is in another region."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Columns, Floats, Ints
from services.generation.domain.findings import Findings
from services.generation.domain.route import Route
from services.generation.domain.trips import trips_of
from services.generation.domain.windows import Windows

FOREVER_MS = 2**52


@dataclass(frozen=True, slots=True)
class RegionTimes(Columns):
    """Times in one region each, without pauses, in time order: a leg belongs to the region of its first point."""

    start_ms: Ints
    end_ms: Ints
    region: Ints

    @classmethod
    def along(cls, pieces: Iterable[Route], regions: Callable[[Floats, Floats], Ints]) -> "RegionTimes":
        """Return the times of a route that comes in pieces; `regions` takes latitudes and longitudes."""
        found, last = [(np.empty(0, np.int64), np.empty(0, np.int64))], None
        for piece in pieces:
            region = regions(piece.lat, piece.lng)
            changed = np.append(True, region[1:] != region[:-1])[: len(region)]
            changed[:1] = region[:1] != last
            found.append((piece.time_ms[changed], region[changed]))
            last = region[-1] if len(region) else last
        start_ms, number = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return cls(start_ms, np.append(start_ms[1:], FOREVER_MS)[: len(start_ms)], number)

    def inside(self, windows: Windows) -> "RegionTimes":
        """Return the times cut by the windows."""
        pieces = windows.cut(self.start_ms, self.end_ms)
        return RegionTimes(pieces.start_ms, pieces.end_ms, self.region[pieces.span])


@dataclass(frozen=True, slots=True)
class RegionTrips(Columns):
    """Totals of trips in each region, in the order of the regions."""

    region: Ints
    count: Ints  # trips that were in it
    length_km: Floats
    travel_s: Floats
    max_speed_kmh: Floats  # never below the average


def trips_by_region(found: Findings, windows: Windows, times: RegionTimes) -> RegionTrips:
    """Return the trips in the windows by region; what is found has segments cut where the times begin."""
    own = times.inside(windows)
    pieces = trips_of(found, Windows(own.start_ms, own.end_ms))
    trips = trips_of(found, windows)
    place = np.searchsorted(own.start_ms, pieces.start_ms, side="right") - 1
    trip = np.searchsorted(trips.start_ms, pieces.start_ms, side="right") - 1
    regions, group = np.unique(own.region[place], return_inverse=True)
    _visited, counted = np.unique(np.column_stack([group, trip]), axis=0, return_index=True)
    length_km, travel_s, max_kmh = np.zeros((3, len(regions)))
    np.add.at(length_km, group, pieces.length_km)
    np.add.at(travel_s, group, pieces.travel_s)
    np.maximum.at(max_kmh, group, pieces.max_speed_kmh)
    return RegionTrips(
        region=regions,
        count=np.bincount(group[counted], minlength=len(regions)),
        length_km=length_km,
        travel_s=travel_s,
        max_speed_kmh=max_kmh,
    )
