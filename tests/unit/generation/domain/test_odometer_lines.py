"""Odometer with values that were entered: the later of one entered and one reported counts, then the way since."""

from dataclasses import replace

import numpy as np
import pytest

from services.generation.domain.detection import Detection
from services.generation.domain.odometer import odometer_km
from services.generation.domain.odometer_lines import OdometerLine, odometer_with_lines
from services.generation.domain.tracks import Track
from tests.builders.tracks import recording, track

DRIVE = track((60, 60))  # 60 km
START_MS = int(DRIVE.time_ms[0])
END_MS = int(DRIVE.time_ms[-1]) + 1
QUARTER_MS = 15 * 60_000


def found(lines: list[OdometerLine], whole: Track = DRIVE, end_ms: int = END_MS, given_km: float | None = 5.0) -> float:
    value = odometer_with_lines(recording(whole), end_ms, given_km, lines, Detection())
    assert value is not None
    return value


def test_the_way_since_a_line_counts_as_often_as_it_says() -> None:
    """From the line on; only lines before the end of the period count, of them the last one."""
    first, last = OdometerLine(START_MS, 500.0), OdometerLine(START_MS + QUARTER_MS, 1000.0, 2.0)

    assert 1000 + 2 * 45 == pytest.approx(found([first, last]), abs=0.2)
    assert 500 + 15 == pytest.approx(found([first, last], end_ms=START_MS + QUARTER_MS), abs=0.2)
    assert 5 + 60 == pytest.approx(found([replace(last, time_ms=END_MS)]), abs=0.2)


def test_a_line_after_all_points_is_the_odometer() -> None:
    """So is one of a tracker without points."""
    late = OdometerLine(END_MS + 5, 1000.0, 2.0)

    assert 1000.0 == found([late], end_ms=END_MS + 10)
    assert 1000.0 == found([late], DRIVE[:0], end_ms=END_MS + 10)


@pytest.mark.parametrize(("minute", "expected_km"), [(40, 1000 + 20), (20, 300 + 30)])
def test_the_later_of_a_line_and_a_reported_value_counts(minute: int, expected_km: float) -> None:
    """A point brings one after half an hour; a line before it counts no more."""
    reported = np.full(len(DRIVE), np.nan)
    reported[len(DRIVE) // 2] = 300.0
    line = OdometerLine(START_MS + minute * 60_000, 1000.0)

    assert expected_km == pytest.approx(found([line], replace(DRIVE, odometer_km=reported)), abs=0.2)


def test_without_lines_the_odometer_is_as_before() -> None:
    """Unknown where nothing is known."""
    whole = recording(DRIVE)

    assert odometer_km(whole, END_MS, 5.0, Detection()) == found([])
    assert odometer_with_lines(whole, END_MS, None, [], Detection()) is None
