"""Tracks, rules and windows of every kind for Hypothesis."""

import numpy as np
from hypothesis import strategies as st

from services.generation.domain.detection import Detection, Parking, Rules
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows
from tests.builders.tracks import NOON_MS

PAUSES_S = (0.5, 1, 1, 10, 10, 10, 60, 60, 120, 200, 299, 301, 599, 600, 600.5, 700, 1200, 3000, 4000)
STEPS = (0, 0, 0, 0, 0, 1e-5, 1e-4, 0.001, -0.001, 0.002, 0.01, 0.03, 0.3, 3)  # degrees
SPEEDS = (0, 0, 0, 2, 2.9, 3, 3.1, 30, 30, 30, 30, 240, np.nan, np.nan)
CORNERS = ((55, 37), (0, 0), (-17, 179.9995), (69, -179.9999), (41, -96))


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    """Return tracks of up to 60 points with pauses, gaps, jumps and unknown values, here and at the date line."""
    size = draw(st.integers(0, 60))
    columns = [
        np.array(draw(st.lists(st.sampled_from(values), min_size=size, max_size=size)), np.float64)
        for values in (PAUSES_S, STEPS, STEPS, SPEEDS, (np.nan, np.nan, 0, 1, 1))
    ]
    lat, lng = draw(st.sampled_from(CORNERS))
    pauses_s, north, east, speed_kmh, ignition = columns
    if draw(st.booleans()):
        north, east, speed_kmh = (values * draw(st.sampled_from([0, 1])) for values in (north, east, speed_kmh))
    away = np.cumsum(east) if draw(st.booleans()) else east  # else each point starts from the same place
    return Track.of(
        NOON_MS + (np.cumsum(pauses_s) * 1000).astype(np.int64),
        lat + np.cumsum(north) / 10,
        (lng + away + 180) % 360 - 180,
        speed_kmh=speed_kmh if draw(st.booleans()) else np.full(size, np.nan),
        ignition=ignition if draw(st.booleans()) else np.full(size, np.nan),
    )


RULES = st.builds(
    Rules,
    st.builds(Parking, st.sampled_from([3.0, 3.0, 3.1, 0.0]), st.sampled_from([60, 180, 300, 600]), st.booleans()),
    st.builds(
        Detection, filter_min_length_m=st.sampled_from([300, 1000]), filter_max_windings=st.sampled_from([2.1, 40])
    ),
    st.booleans(),
)

MOMENTS = st.integers(-100, 20_000).map(lambda second: NOON_MS + 1000 * second)
WINDOWS = st.lists(st.tuples(MOMENTS, MOMENTS), min_size=1, max_size=4).map(Windows.of)
