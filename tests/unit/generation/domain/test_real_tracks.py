"""Real vehicles' tracks give trips that fit what is known of them."""

import csv
import os
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from services.generation.domain.detection import Detection, Rules
from services.generation.domain.fixes import Fixes, accept
from services.generation.domain.recordings import find_days, find_stops, find_trips
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows, local_days
from tests.builders import recording
from zoneinfo import ZoneInfo

FOLDER = Path(os.environ.get("DAYBOOK_TRACKS", Path(__file__).parents[5] / "shared/data/tracks"))
ALWAYS = Windows.of([(0, 2_000_000_000_000)])

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the folder of real tracks is missing: {FOLDER}")


def real(name: str) -> Track:
    """Return a track from its file, without coordinates that no place has."""
    with (FOLDER / name).open() as file:
        rows = {datetime.fromisoformat(row["time"]): row for row in csv.DictReader(file)}
    rows = {time: row for time, row in rows.items() if abs(float(row["lng"])) <= 180 and abs(float(row["lat"])) <= 90}
    lat, lng, speed_kmh = (np.array([float(row[name]) for row in rows.values()]) for name in ("lat", "lng", "speed_kmh"))
    times = np.array([round(time.timestamp() * 1000) for time in rows])
    return Track.of(times, lat, lng, speed_kmh=speed_kmh)
