"""Points in thousands of zones: the index of areas, against shapely's STRtree asking the same."""

from collections.abc import Iterator

import numpy as np
import shapely

from benchmarks.figure import Figure, in_turns
from benchmarks.van import every_second, months
from services.generation.domain.areas import Area, AreaIndex
from services.generation.domain.columnar import Floats

ZONES = 5_000
CORNERS = 8
SIZE = (0.002, 0.02)  # degrees from the middle to the corners
AROUND = 0.4  # degrees from the middle of the county in which zones lie
ROUNDS = 3
GOAL = 1.0


def measure() -> Iterator[Figure]:
    """Yield the figure: both find all pairs of a point and a polygon around it, from finished indexes."""
    points = every_second(months(1))
    lat, lng = (np.asarray(points.column(name), np.float64) for name in ("lat", "lng"))
    outlines = list(_outlines(float(lat.mean()), float(lng.mean())))
    index = AreaIndex([Area.of(outline[:, 1].tolist(), outline[:, 0].tolist()) for outline in outlines])
    tree = shapely.STRtree([shapely.Polygon(outline) for outline in outlines])

    def theirs() -> int:
        return len(tree.query(shapely.points(lng, lat), predicate="within")[0])

    found = len(index.containing(lat, lng)[0])
    costs = in_turns(lambda: index.containing(lat, lng), theirs, ROUNDS)
    what = f"points of 30 days at a point a second in {ZONES:,} zones"
    pairs = f"{found:,} pairs, {theirs():,} of theirs"
    yield Figure(what, "shapely's STRtree", GOAL, *costs, len(lat), "points", pairs)


def _outlines(lat: float, lng: float) -> Iterator[Floats]:
    """Yield polygons of random size and place as corners of longitude and latitude."""
    random = np.random.default_rng(1)
    turns = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    for _zone in range(ZONES):
        middle = np.array([lng, lat]) + random.uniform(-AROUND, AROUND, 2)
        away = random.uniform(*SIZE) * random.uniform(0.5, 1, CORNERS)
        yield middle + np.column_stack([away * np.cos(turns), away * np.sin(turns)])
