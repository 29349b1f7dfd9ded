"""Real vehicles' tracks give trips that fit what is known of them."""

import csv
import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from services.generation.domain.detection import Detection, Rules
from services.generation.domain.detector import Detector
from services.generation.domain.odometer import distance_km
from services.generation.domain.outliers import Acceptance
from services.generation.domain.recordings import Recording, find, find_days, find_stops, find_trips
from services.generation.domain.silences import silences_of
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows
from tests.builders.tracks import recording

FOLDER = Path(os.environ.get("DAYBOOK_TRACKS", Path(__file__).parents[5] / "shared/data/tracks"))
ALWAYS = Windows.of([(0, 2_000_000_000_000)])

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the folder of real tracks is missing: {FOLDER}")


def real(name: str) -> Track:
    """Return a track from its file, without coordinates that no place has."""
    with (FOLDER / name).open() as file:
        rows = {datetime.fromisoformat(row["time"]): row for row in csv.DictReader(file)}
    rows = {time: row for time, row in rows.items() if abs(float(row["lng"])) <= 180 and abs(float(row["lat"])) <= 90}
    lat, lng, speed_kmh = (
        np.array([float(row[name]) for row in rows.values()]) for name in ("lat", "lng", "speed_kmh")
    )
    times = np.array([round(time.timestamp() * 1000) for time in rows])
    return Track.of(times, lat, lng, speed_kmh=speed_kmh)


@pytest.fixture(scope="module")
def omaha() -> Recording:
    """Return a car's drives over eight days, a point a second while the engine runs."""
    return recording(real("omaha_car.csv"))


@pytest.fixture(scope="module")
def bus() -> Recording:
    """Return a bus's four days of service, a point every two to five minutes."""
    return recording(real("austin_bus_2612.csv"))


@pytest.fixture(scope="module")
def twizy() -> Track:
    """Return a small car whose place changes only every 8 to 14 points of a second each."""
    return real("rabat_twizy.csv")


def test_the_car_drives_what_its_source_says(omaha: Recording) -> None:
    """It went 393 km, 385 of them in trips and the others in silences without data.

    The source counts 28 drives: shorter pauses of the engine end a drive there.
    """
    trips = find_trips(omaha, ALWAYS, Rules(filter_on=True))

    assert 393.2 == pytest.approx(distance_km(omaha, 0, 2_000_000_000_000, Detection()), abs=0.1)
    assert 385.3 == pytest.approx(trips.length_km.sum(), abs=0.1)
    assert 25 == len(trips)
    assert 136 > trips.max_speed_kmh.max() > 130


def test_the_car_has_a_row_for_each_local_day(omaha: Recording) -> None:
    """Days are those of Omaha: the evening of the 26th is the 27th in UTC. Their km are those of the trips."""
    days = find_days(omaha, ALWAYS, Rules(), ZoneInfo("America/Chicago"))
    dates = [datetime.fromtimestamp(ms / 1000, ZoneInfo("America/Chicago")).day for ms in days.start_ms.tolist()]

    assert [23, 24, 26, 27, 28, 29, 19] == dates
    assert find_trips(omaha, ALWAYS, Rules()).length_km.sum() == days.length_km.sum()


def test_the_bus_drives_all_day_and_is_lost_at_night(bus: Recording) -> None:
    """Of 1,116 km all but the 33 of its four silences without data are in trips or in the drift of its stops."""
    trips = find_trips(bus, ALWAYS, Rules(filter_on=True))
    lost = silences_of(find(bus, ALWAYS, Detector(Rules(), ALWAYS.edges_ms())), ALWAYS)

    assert 1116 == pytest.approx(distance_km(bus, 0, 2_000_000_000_000, Detection()), abs=1)
    assert 1080 == pytest.approx(trips.length_km.sum(), abs=1)
    assert (4, 33) == (len(lost), pytest.approx(lost.length_km.sum(), abs=1))
    assert (48, 44) == (len(trips), len(find_stops(bus, ALWAYS, Rules(filter_on=True))))


def test_a_place_that_changes_in_jumps_loses_no_way(twizy: Track) -> None:
    """A fix repeated for ten seconds is as old as its first row, so every point is accepted and the way is whole."""
    fixes = Acceptance(Detection().jump_kmh).add(twizy, whole=True)

    assert len(twizy) == len(fixes)
    assert 249.9 == pytest.approx(fixes.step_km.sum(), abs=0.1)
    assert 9 == len(find_trips(recording(twizy), ALWAYS, Rules(filter_on=True)))
