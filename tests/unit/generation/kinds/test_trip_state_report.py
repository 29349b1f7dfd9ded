"""Trips by state: a row for each region (reference 7.20)."""

from daybook.report.v1.sheet_pb2 import Table

from services.generation.domain.tracks import Track
from services.generation.kinds.trip_state_report import TripStateReport
from services.generation.kinds.trips_report import TripsReport
from tests.builders.kinds import built, lines, summary, tables, texts
from tests.builders.tracks import track
from tests.fakes.entity_data import FakeTracker

NORTHWARDS = track((10, 0), (30, 90), (10, 0), (30, 90), (10, 0), at=(54.8, 37))


def total(table: Table) -> dict[str, str]:
    return {cell.field: cell.text for cell in table.groups[0].total.cells}


def test_a_row_is_a_region_and_the_total_is_that_of_the_trips_report() -> None:
    """A trip over a border counts in both regions."""
    (table,) = tables(built(TripStateReport(), FakeTracker(NORTHWARDS)).sheet)

    assert "Trips by state" == table.header
    assert ["region", "count", "length", "time", "avg_speed", "max_speed"] == [one.field for one in table.columns]
    assert ["Province 54", "Province 55"] == texts(table, "region")
    assert ["1", "2"] == texts(table, "count")
    assert ["22.25", "67.75"] == texts(table, "length")
    assert ["00:14", "00:45"] == texts(table, "time")
    assert {"count": "3", "length": "90", "time": "01:00", "avg_speed": "90", "max_speed": "90"} == total(table)
    trips = lines(built(TripsReport(), FakeTracker(NORTHWARDS)).sheet)
    assert total(table)["length"] == trips["Total trips length, km"]


def test_regions_may_be_countries() -> None:
    """Both provinces lie in one."""
    (table,) = tables(built(TripStateReport(), FakeTracker(NORTHWARDS), group_type="country").sheet)

    assert (["Country 5"], ["2"]) == (texts(table, "region"), texts(table, "count"))


def test_a_place_in_no_region_comes_last() -> None:
    """It has a name of its own."""
    known = track((10, 0), (40, 90), (10, 0), at=(-0.3, 37))
    (table,) = tables(built(TripStateReport(), FakeTracker(known)).sheet)

    assert ["Province 0", "Unknown region"] == texts(table, "region")


def test_the_summary_has_the_regions_of_all_trackers() -> None:
    """Those of a tracker without trips are none."""
    entities = [FakeTracker(NORTHWARDS), FakeTracker(Track.empty()), FakeTracker(NORTHWARDS)]
    (table,) = tables(summary(TripStateReport(), entities))

    assert ["Province 54", "Province 55"] == texts(table, "region")
    assert ["2", "4"] == texts(table, "count")
    assert ["44.5", "135.5"] == texts(table, "length")
    assert "180" == total(table)["length"]


def test_lengths_of_the_summary_have_the_digits_of_totals() -> None:
    """Rows of a sheet have two, rows of the summary one (decisions 2.3)."""
    short = FakeTracker(track((10, 0), (2, 40), (10, 0)))
    (rows,), (sums,) = tables(built(TripStateReport(), short).sheet), tables(summary(TripStateReport(), [short, short]))

    assert (["1.33"], ["2.7"]) == (texts(rows, "length"), texts(sums, "length"))


def test_without_trips_there_are_no_movements() -> None:
    """Neither in a sheet nor in the summary."""
    standing = FakeTracker(track((30, 0)))

    assert summary(TripStateReport(), [standing, standing], hide_empty_tabs=True) is None
    for sheet in (built(TripStateReport(), standing).sheet, summary(TripStateReport(), [standing, standing])):
        assert ["No movements found for the specified period"] == [section.text.text for section in sheet.sections]
    assert built(TripStateReport(), standing, hide_empty_tabs=True).sheet is None
