"""Points of delivery vans: months of one, the simulator's days again and again."""

from datetime import UTC, datetime
from functools import cache

import numpy as np

from services.cli.simulator import STEP_S, simulate
from services.generation.domain.samples import Samples
from services.generation.inputs.points import POINTS

FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
MONTH_MS = 30 * 86_400_000
WHOLE = ("satellites", "ignition")  # what has no values between two


@cache
def month(seed: int = 1, days: int = 30) -> Samples:
    """Return some days of a van from FIRST_DAY: a point every 5 s on the road, every 5 minutes at rest."""
    samples = simulate(seed, FIRST_DAY, days)
    columns = {name: [getattr(one, name, np.nan) for one in samples] for name in POINTS.names}
    return POINTS.samples([one.time_ms for one in samples], **columns)


def months(count: int) -> Samples:
    """Return so many of these months, one after another."""
    one = month()
    return Samples.join(Samples(one.names, one.time_ms + number * MONTH_MS, one.values) for number in range(count))


def every_second(points: Samples) -> Samples:
    """Return the points with others between those on the road, so that there is one a second."""
    step_ms = np.diff(points.time_ms, append=points.time_ms[-1:])
    on_road = np.flatnonzero((step_ms > 0) & (step_ms <= STEP_S * 1000))
    seconds = step_ms[on_road] // 1000
    since = np.arange(seconds.sum()) - np.repeat(np.cumsum(seconds) - seconds, seconds)
    time_ms = np.union1d(points.time_ms, np.repeat(points.time_ms[on_road], seconds) + since * 1000)
    columns = {name: np.interp(time_ms, points.time_ms, points.column(name)).round(7) for name in POINTS.names}
    whole = points.take(np.searchsorted(points.time_ms, time_ms, "right") - 1)
    return POINTS.samples(time_ms, **columns | {name: whole.column(name) for name in WHOLE})


def every_minute(points: Samples) -> Samples:
    """Return at most one point a minute."""
    minute = points.time_ms // 60_000
    return points.take(np.append(True, minute[1:] != minute[:-1]))
