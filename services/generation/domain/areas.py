"""Areas: circles, polygons and corridors on the globe, with an index that finds those that contain points."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from services.generation.domain.columnar import Flags, Floats, Ints
from services.generation.domain.tracks import EARTH_RADIUS_KM, haversine_km

MAX_CELLS = 64  # of the grid that an area is entered in; a larger one is tried for every point
CELLS = (0.001, 10.0)  # smallest and largest height and width of a cell in degrees
BLOCK = 2_000_000  # pairs of a point and an edge that are held at once
POINTS = 200_000  # that are looked up at once
FULL_TURN, HALF_TURN, POLE = 360.0, 180.0, 90.0  # degrees
SLACK = 1e-9  # degrees by which boxes are larger than what they hold


@dataclass(frozen=True, slots=True)
class Area:
    """Area on the globe by the points of its outline or its line; a circle has one point.

    `radius_km` is that of a circle or half the width of a corridor; a polygon has none. Edges are straight in latitude
    and longitude, each the shorter way round the globe; longitudes may go beyond 180 degrees.
    """

    lat: Floats
    lng: Floats
    radius_km: float | None = None

    @classmethod
    def of(cls, lat: Sequence[float], lng: Sequence[float], radius_m: float | None = None) -> "Area":
        """Return the area of points in degrees, with a radius in metres unless it is a polygon."""
        steps = (np.diff(np.asarray(lng, np.float64)) + HALF_TURN) % FULL_TURN - HALF_TURN
        unrolled = lng[0] + np.concatenate([[0.0], np.cumsum(steps)])
        return cls(np.asarray(lat, np.float64), unrolled, None if radius_m is None else radius_m / 1000)

    def box(self) -> tuple[float, float, float, float]:
        """Return south, north, west and east edges of what may be inside; the east may be beyond 180 degrees."""
        south, north, west, east = self.lat.min(), self.lat.max(), self.lng.min(), self.lng.max()
        reach = SLACK + np.degrees((self.radius_km or 0.0) / EARTH_RADIUS_KM)
        south, north = south - reach, north + reach
        widest = max(abs(south), abs(north))
        sideways = HALF_TURN
        if widest < POLE:
            sine = np.sin(np.radians(min(reach, POLE))) / np.cos(np.radians(widest))
            sideways = np.degrees(np.arcsin(sine)) if sine < 1 else HALF_TURN
        return float(south), float(north), float(west - sideways - SLACK), float(east + sideways + SLACK)

    def contains(self, lat: Floats, lng: Floats) -> Flags:
        """Return of points whether they are inside; those on the edge of a circle or a corridor are."""
        if self.radius_km is None:
            return self._within_outline(lat, _near(lng, self.lng.min()))
        if len(self.lat) == 1:
            inside: Flags = haversine_km(lat, lng, self.lat, self.lng) <= self.radius_km
            return inside
        return self._near_line(lat, lng, self.radius_km)

    def _within_outline(self, lat: Floats, lng: Floats) -> Flags:
        """Apply the even-odd rule: each edge is tried with the points of the latitudes that it spans."""
        order = np.argsort(lat)
        y, x = lat[order], lng[order]
        step_lat, step_lng = np.roll(self.lat, -1) - self.lat, np.roll(self.lng, -1) - self.lng
        first = np.searchsorted(y, np.minimum(self.lat, np.roll(self.lat, -1)))
        counts = np.searchsorted(y, np.maximum(self.lat, np.roll(self.lat, -1))) - first
        crossings = np.zeros(len(y), np.int64)
        for edges in _edges_of_blocks(counts):
            edge = np.repeat(edges, counts[edges])
            row = np.arange(len(edge)) + np.repeat(
                first[edges] - np.cumsum(counts[edges]) + counts[edges], counts[edges]
            )
            crossing = self.lng[edge] + step_lng[edge] * (y[row] - self.lat[edge]) / step_lat[edge]
            crossings += np.bincount(row[x[row] < crossing], minlength=len(y))
        inside = np.empty(len(y), np.bool_)
        inside[order] = crossings % 2 == 1
        return inside

    def _near_line(self, lat: Floats, lng: Floats, radius_km: float) -> Flags:
        """Compare the distance to the nearest segment, found on the plane that touches the globe at each point."""
        near = np.zeros(len(lat), np.bool_)
        for rows in _blocks(len(lat), len(self.lat)):
            y, x = lat[rows, np.newaxis], lng[rows, np.newaxis]
            shrink = np.cos(np.radians(y))
            away = self.lng[:-1] - x
            from_x, from_y = (away - FULL_TURN * np.round(away / FULL_TURN)) * shrink, self.lat[:-1] - y
            step_x, step_y = np.diff(self.lng) * shrink, np.diff(self.lat)
            length = step_x**2 + step_y**2
            with np.errstate(divide="ignore", invalid="ignore"):  # a segment without length
                part = np.clip(-(from_x * step_x + from_y * step_y) / length, 0, 1)
            part = np.where(length > 0, part, 0.0)
            found_lat, found_lng = self.lat[:-1] + part * np.diff(self.lat), self.lng[:-1] + part * np.diff(self.lng)
            near[rows] = (haversine_km(y, x, found_lat, found_lng) <= radius_km).any(axis=1)
        return near


class AreaIndex:
    """Index of areas by the cells of a grid: a point is tried with the areas of its cell only."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._areas = areas
        self._boxes = np.array([area.box() for area in areas]).reshape(-1, 4)
        sizes = (self._boxes[:, [1, 3]] - self._boxes[:, [0, 2]]).max(axis=1)
        self._height = float(np.clip(np.median(sizes), *CELLS)) if len(areas) else CELLS[1]
        self._columns = int(FULL_TURN / self._height)
        self._everywhere: list[int] = []
        cells, members = self._entries()
        order = np.lexsort((members, cells))
        self._cells, starts = np.unique(cells[order], return_index=True)
        self._starts, self._counts = starts, np.diff(np.append(starts, len(members)))
        self._members = members[order].astype(np.min_scalar_type(len(areas)))  # small numbers are sorted at once

    def containing(self, lat: Floats, lng: Floats) -> tuple[Ints, Ints]:
        """Return all pairs of a point and an area that contains it by their numbers, in this order.

        Points with NaN are in no area.
        """
        points, areas = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for first in range(0, len(lat), POINTS):
            part = slice(first, first + POINTS)
            found = self._found(lat[part], lng[part])
            points.append(found[0] + first)
            areas.append(found[1])
        return np.concatenate(points), np.concatenate(areas)

    def _found(self, lat: Floats, lng: Floats) -> tuple[Ints, Ints]:
        points, areas = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for area, some in self._candidates(lat, lng):
            south, north, west, east = self._boxes[area]
            within = some[(lat[some] >= south) & (lat[some] <= north)]
            within = within[(lng[within] - west) % FULL_TURN <= east - west]
            inside = within[self._areas[area].contains(lat[within], lng[within])] if len(within) else within
            points.append(inside)
            areas.append(np.full(len(inside), area))
        all_points, all_areas = np.concatenate(points), np.concatenate(areas)
        order = np.lexsort((all_areas, all_points))
        return all_points[order], all_areas[order]

    def _candidates(self, lat: Floats, lng: Floats) -> Iterator[tuple[int, Ints]]:
        """Yield areas with the points that may be inside."""
        rows = np.flatnonzero(~(np.isnan(lat) | np.isnan(lng)))
        for area in self._everywhere:
            yield area, rows
        if not len(self._cells):
            return
        cells = self._cells_of(lat[rows], lng[rows])
        place = np.searchsorted(self._cells, cells).clip(max=len(self._cells) - 1)
        met = self._cells[place] == cells
        place, rows = place[met], rows[met]
        counts = self._counts[place]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        members, points = self._members[np.repeat(self._starts[place], counts) + within], np.repeat(rows, counts)
        order = np.argsort(members, kind="stable")
        members, points = members[order], points[order]
        starts = np.flatnonzero(members[1:] != members[:-1]) + 1
        if len(members):
            found = members[np.append(0, starts)]
            yield from zip(found.tolist(), np.split(points, starts), strict=True)

    def _cells_of(self, lat: Floats, lng: Floats) -> Ints:
        columns = np.floor(lng % FULL_TURN * (self._columns / FULL_TURN)).astype(np.int64) % self._columns
        return np.floor(lat / self._height).astype(np.int64) * self._columns + columns

    def _entries(self) -> tuple[Ints, Ints]:
        """Return cells with the areas whose boxes meet them; areas of very many cells are kept aside."""
        cells, members = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        width = FULL_TURN / self._columns
        for number, (south, north, west, east) in enumerate(self._boxes.tolist()):
            if (north - south) * (east - west) > MAX_CELLS * self._height * width or east - west >= FULL_TURN - width:
                self._everywhere.append(number)
                continue
            lat = np.append(np.arange(south, north, self._height), north)
            lng = np.append(np.arange(west, east, width), east)
            cells.append(np.unique(self._cells_of(np.repeat(lat, len(lng)), np.tile(lng, len(lat)))))
            members.append(np.full(len(cells[-1]), number))
        return np.concatenate(cells), np.concatenate(members)


def _near(lng: Floats, west: float) -> Floats:
    """Return longitudes from a western edge on."""
    return west + (lng - west) % FULL_TURN


def _edges_of_blocks(counts: Ints) -> list[Ints]:
    """Return the numbers of edges that have points, in parts of not many more points than a block."""
    edges = np.flatnonzero(counts)
    return np.split(edges, np.flatnonzero(np.diff(np.cumsum(counts[edges]) // BLOCK)) + 1)


def _blocks(points: int, edges: int) -> Iterator[slice]:
    step = max(BLOCK // max(edges, 1), 1)
    return (slice(first, first + step) for first in range(0, points, step))
