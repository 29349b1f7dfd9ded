"""The speed violation report: chart, tables, drivers and filter (reference 6.4, 7.13)."""

import numpy as np
import pytest
from pydantic import ValidationError

from services.generation.accounts.user import Locale
from services.generation.domain.tracks import Track
from services.generation.kinds.speed_violation_report import SpeedViolationOptions, SpeedViolationReport
from tests.builders.kinds import MOSCOW, at, built, column, raws, tables, texts
from tests.builders.tracks import NOON_MS, track
from tests.fakes.entity_data import FakeTracker

# 15:00 in Moscow: above 60 km/h from 15:10 to 15:20 and from 15:30 to 15:36
FAST = track((10, 30), (10, 90), (10, 30), (6, 72), (10, 30))


def test_a_row_says_when_for_how_long_how_fast_and_where() -> None:
    """A day has the sum of the times, the average of all of them and the highest maximum."""
    sheet = built(SpeedViolationReport(), FakeTracker(FAST)).sheet
    (table,) = tables(sheet)

    assert "Speed violations (above 60 km/h with duration of 5+ min.)" == table.header
    assert ["start_time", "duration", "avg_speed", "max_speed", "max_speed_address"] == [
        one.field for one in table.columns
    ]
    assert ["15:10", "15:30"] == texts(table, "start_time")
    assert [[600, 360], [90, 72], [90, 72]] == [raws(table, name) for name in ("duration", "avg_speed", "max_speed")]
    assert ["55.04ville", "55.22ville"] == texts(table, "max_speed_address")
    assert len(column(table, "max_speed_address").places.lat) == 2
    assert ["00:16", "83", "90"] == [cell.text for cell in table.groups[0].total.cells]
    assert "Oct 6, 2020 (Tue) : 2" == table.groups[0].header


def test_the_chart_shows_speed_mileage_and_the_limit() -> None:
    """It is the first section; lines break where there is no point for more than 30 minutes."""
    first, second = track((10, 90), (1, None)), track((10, 90), start_ms=NOON_MS + 3 * 3_600_000, at=(55.2, 37))
    sheet = built(SpeedViolationReport(), FakeTracker(Track.join([first, second]))).sheet
    chart = sheet.sections[0].line_chart

    assert ["Speed", "Mileage"] == [line.name for line in chart.series]
    assert ["km/h", "km"] == [axis.quantity.unit for axis in chart.y_axes]
    assert [60] == [line.y for line in chart.thresholds]
    assert [(at(10), at(180))] == [(gap.start, gap.end) for gap in chart.gaps]
    assert (0, 15) == (chart.series[1].y[0], chart.series[1].y[60])
    assert 90 == max(chart.series[0].y)


def test_a_long_period_has_few_points_and_no_lost_peak() -> None:
    """Above 20,000 points a line is thinned."""
    long = track((900, 50), every_s=1)
    speed_kmh = long.speed_kmh.copy()
    speed_kmh[12_345], speed_kmh[30_000:30_400] = 140, 80
    sheet = built(SpeedViolationReport(), FakeTracker(Track.of(long.time_ms, long.lat, long.lng, speed_kmh=speed_kmh)))
    line = sheet.sheet.sections[0].line_chart.series[0]

    assert (140, True) == (max(line.y), len(line.y) <= 20_000)


def test_each_driver_has_a_table_and_a_handover_cuts_an_episode() -> None:
    """The unidentified one comes last."""
    drivers = [(at(15), "Samantha")]
    sheet = built(
        SpeedViolationReport(), FakeTracker(FAST, drivers_by_ms=drivers), group_by_driver=True, min_duration_minutes=1
    ).sheet
    samantha, unidentified = tables(sheet)

    assert ["Samantha", "Unidentified driver"] == [samantha.header, unidentified.header]
    assert (["15:15", "15:30"], [300, 360]) == (texts(samantha, "start_time"), raws(samantha, "duration"))
    assert (["15:10"], [300]) == (texts(unidentified, "start_time"), raws(unidentified, "duration"))


def test_an_episode_in_a_trip_that_the_filter_drops_is_dropped() -> None:
    """A tracker that drifts around its place is not driving."""
    still, drift = track((30, 0), every_s=30), np.arange(61)
    known = Track.of(
        still.time_ms,
        still.lat + np.where((20 < drift) & (drift < 40), 5e-4 * (drift % 2), 0),
        still.lng,
        speed_kmh=np.where((20 < drift) & (drift < 40), 70, 0),
    )
    found = [
        built(SpeedViolationReport(), FakeTracker(known), filter=on, hide_empty_tabs=True).sheet for on in (True, False)
    ]

    assert [None, 1] == [sheet and len(tables(sheet)) for sheet in found]


def test_the_limit_is_in_km_h_and_shown_in_the_readers_unit() -> None:
    """Only what is shown converts."""
    reader = Locale(time_zone=MOSCOW.time_zone, measurement_system="us")
    (table,) = tables(built(SpeedViolationReport(), FakeTracker(FAST), reader).sheet)

    assert "Speed violations (above 37 mph with duration of 5+ min.)" == table.header
    assert ["56", "45"] == texts(table, "avg_speed")


def test_options_have_bounds() -> None:
    """A limit of 1 to 400 km/h, 0 to 1440 minutes."""
    assert (60, 5) == (SpeedViolationOptions().max_speed, SpeedViolationOptions().min_duration_minutes)
    for wrong in ({"max_speed": 0}, {"max_speed": 401}, {"min_duration_minutes": 1441}, {"max_speed": 60.5}):
        with pytest.raises(ValidationError):
            SpeedViolationOptions(**wrong)


def test_without_violations_there_is_no_data() -> None:
    """Whatever the chart would show."""
    sheet = built(SpeedViolationReport(), FakeTracker(track((30, 50)))).sheet

    assert ["No data found for the selected period"] == [section.text.text for section in sheet.sections]
