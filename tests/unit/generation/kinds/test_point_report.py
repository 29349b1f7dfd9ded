"""The point report: every stored point, moving or parked (reference 7.20)."""

import numpy as np

from services.generation.domain.tracks import Track
from services.generation.inputs.points import POINTS
from services.generation.kinds.point_report import PointReport
from tests.builders.kinds import built, column, raws, tables, texts
from tests.builders.tracks import track, without_speeds
from tests.fakes.entity_data import FakeInputs, FakeTracker

DRIVE = track((10, 0), (10, 60), (10, 0), every_s=300)


def test_a_row_is_a_point_with_when_where_and_how_fast() -> None:
    """Moving means inside a trip: from its start to before its end."""
    (table,) = tables(built(PointReport(), FakeTracker(DRIVE)).sheet)

    assert ["time", "lat", "lng", "speed", "heading", "address", "status"] == [one.field for one in table.columns]
    assert ["15:00", "15:05", "15:10", "15:15", "15:20", "15:25", "15:30"] == texts(table, "time")
    assert ["0", "0", "60", "60", "0", "0", "0"] == texts(table, "speed")
    assert ["Parked", "Parked", "Moving", "Moving", "Parked", "Parked", "Parked"] == texts(table, "status")
    assert ["—"] * 7 == texts(table, "heading")
    assert [37.0] * 7 == raws(table, "lng")
    assert not column(table, "status").raw
    assert "Oct 6, 2020 (Tue) : 7" == table.groups[0].header
    assert not table.groups[0].HasField("total")


def test_headings_are_those_of_the_points_that_know_theirs() -> None:
    """A point without a heading has none in its row."""
    known = POINTS.samples(DRIVE.time_ms[2:4], lat=DRIVE.lat[2:4], lng=DRIVE.lng[2:4], heading=[270, 90])
    tracker = FakeTracker(DRIVE, inputs=FakeInputs(sampled={("points", 311852): known}))
    (table,) = tables(built(PointReport(), tracker).sheet)

    assert ["—", "—", "270", "90", "—", "—", "—"] == texts(table, "heading")


def test_an_outlier_is_shown_without_a_speed_of_its_own() -> None:
    """Nothing is known of it but where it was; the other points have the speed derived between them."""
    silent = without_speeds(track((10, 60), every_s=60))
    wild = Track.of(silent.time_ms, np.where(np.arange(11) == 5, 12.0, silent.lat), silent.lng)
    (table,) = tables(built(PointReport(), FakeTracker(wild)).sheet)

    assert ["0", "60", "60", "60", "60", "—", "60", "60", "60", "60", "60"] == texts(table, "speed")
    assert 12.0 == raws(table, "lat")[5]


def test_a_window_has_the_points_from_its_start_to_before_its_end() -> None:
    """Movement is decided on the whole recording, and trips that are too short to be real count too."""
    (table,) = tables(built(PointReport(), FakeTracker(track((10, 0), (1, 6), (10, 0), every_s=30))).sheet)

    assert 2 == texts(table, "status").count("Moving")


def test_no_points_are_no_data() -> None:
    """The sheet says so."""
    sheet = built(PointReport(), FakeTracker(Track.empty())).sheet

    assert ["No data found for the selected period"] == [section.text.text for section in sheet.sections]
