"""Short ways to make points as trackers send them."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from services.generation.domain.samples import Samples, merged
from services.generation.domain.tracks import Track
from services.generation.inputs.points import POINTS

DAY_MS = 86_400_000
MONDAY_MS = 1_709_510_400_000  # 2024-03-04T00:00:00Z


def drive(count: int, *, start_ms: int = MONDAY_MS, step_ms: int = 10_000, **columns: object) -> Samples:
    """Make points in time order with every column; `columns` replaces some, None leaving one unknown."""
    steps = np.arange(count)
    values = {
        "lat": 48 + steps * 1e-5,
        "lng": 11 + steps * 1e-5,
        "speed_kmh": steps % 90.0,
        "altitude_m": 500 + steps % 7,
        "heading": steps % 360,
        "satellites": 4 + steps % 9,
        "ignition": steps % 2,
        "odometer_km": 1000 + steps * 0.1,
    }
    known: dict[str, Any] = {name: value for name, value in (values | columns).items() if value is not None}
    return POINTS.samples(start_ms + steps * step_ms, **known)


def points_of(track: Track) -> Samples:
    """Return a track as points, with the speeds and the ignition that it knows."""
    known = {name: getattr(track, name) for name in ("lat", "lng", "speed_kmh", "ignition")}
    return POINTS.samples(track.time_ms, **known)


def assert_same(expected: Samples, found: Samples) -> None:
    """Compare points in time order, unknown values being equal to each other."""
    wanted = merged(expected)
    np.testing.assert_array_equal(wanted.time_ms, found.time_ms)
    for row, name in enumerate(POINTS.names):
        np.testing.assert_array_equal(wanted.values[row], found.column(name), err_msg=name)


def cut(points: Samples, sizes: Iterable[int]) -> list[Samples]:
    """Cut points into parts of these sizes, the last one being what is left."""
    parts = np.split(np.arange(len(points)), np.cumsum(list(sizes)))
    return [points.take(part) for part in parts if len(part)]
