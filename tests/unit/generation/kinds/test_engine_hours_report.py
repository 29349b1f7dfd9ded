"""The engine hours report: charts, tables, lines and summary (reference 6.3, 7.8)."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from daybook.report.v1.sheet_pb2 import Sheet

from services.generation.accounts.user import Locale
from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Daily, Windows, windows_of
from services.generation.kinds.engine_hours_report import EngineHoursReport
from tests.builders.kinds import at, built, column, context, lines, raws, summary, tables, texts
from tests.builders.tracks import NOON_MS, track
from tests.fakes.entity_data import FakeTracker

# 15:00 in Moscow: on from 15:10 to 15:50, of which 15:15 to 15:35 in movement
RUNNING = track((10, 0, 0), (5, 0, 1), (20, 60, 1), (15, 0, 1), (10, 0, 0))
DAILY = ["duration", "in_movement", "in_movement_percent", "idle", "idle_percent", "avg_interval", "mileage"]
LINES = ["Engine hours", "In movement", "Idle", "Average interval", "Mileage, km", "Average speed, km/h", "Intervals"]


def build(known: Track, **options: Any) -> Sheet:
    sheet = built(EngineHoursReport(), FakeTracker(known, **options.pop("tracker", {})), **options).sheet
    assert sheet is not None
    return sheet


def test_a_day_has_its_time_in_movement_and_idle() -> None:
    """The two add up to the whole, and their shares to 100."""
    daily = tables(build(RUNNING))[0]

    assert "Engine hours" == daily.header
    assert ["date", *DAILY, "avg_speed", "intervals"] == [one.field for one in daily.columns]
    assert ["Oct 6, 2020"] == texts(daily, "date")
    shown = [texts(daily, field)[0] for field in (*DAILY, "avg_speed", "intervals")]
    assert ["00:40", "00:20", "50%", "00:20", "50%", "00:40", "20", "60", "1"] == shown
    assert ([2400], [1200], [50]) == tuple(raws(daily, name) for name in ("duration", "idle", "idle_percent"))
    assert shown == [cell.text for cell in daily.groups[0].total.cells]
    assert [("In movement", ["in_movement", "in_movement_percent"]), ("Idle", ["idle", "idle_percent"])] == [
        (group.title, [*group.fields]) for group in daily.column_groups
    ]
    assert ["Hours", "%"] == [column(daily, name).title for name in ("in_movement", "in_movement_percent")]


def test_shares_add_up_to_100_where_both_would_be_rounded_up() -> None:
    """50.05 and 49.95 are 50.1 and 49.9."""
    known = track((5, 0, 1), (1001 / 60, 60, 1), ((2000 - 1001 - 300) / 60, 0, 1), (10, 0, 0), every_s=1)
    daily = tables(build(known))[0]

    assert [50.1, 49.9] == [raws(daily, name)[0] for name in ("in_movement_percent", "idle_percent")]


def test_charts_show_the_whole_period_and_each_day() -> None:
    """An engine that is not on is off."""
    sheet = build(RUNNING)
    pie, days = sheet.sections[0].chart, sheet.sections[1].chart

    assert ["Overall activity diagram for the period", "Daily activity histogram"] == [pie.header, days.header]
    assert ["Off", "In movement", "Idle"] == [*pie.categories]
    assert [86_400 - 2400, 1200, 1200] == [*pie.series[0].values]
    assert (["in_movement", "idle"], [1200, 1200]) == (
        [one.field for one in days.series],
        [value for one in days.series for value in one.values],
    )
    assert ["Oct 6, 2020"] == [*days.categories]


def test_details_are_a_row_for_each_interval() -> None:
    """They stand before the last section, the summary."""
    sheet = build(RUNNING, show_detailed=True)
    _, details = tables(sheet)

    assert "Engine hours (details)" == details.header
    assert ["duration", "in_movement", "idle", "start_time", "end_time", "start", "end"] == [
        one.field for one in details.columns
    ]
    assert (["15:10"], ["15:50"]) == (texts(details, "start_time"), texts(details, "end_time"))
    assert (["55.00ville"], ["55.18ville"]) == (texts(details, "start"), texts(details, "end"))
    assert sheet.sections[-1].HasField("map_table")


def test_the_summary_of_a_sheet_has_seven_lines_in_a_fixed_order() -> None:
    """Clients read the second and the sixth by their place."""
    found = lines(build(RUNNING))

    assert LINES == [*found]
    assert ["00:40", "00:20", "00:20", "00:40", "20", "60", "1"] == [*found.values()]


def test_the_summary_sheet_has_a_row_for_each_tracker_and_the_same_lines() -> None:
    """A tracker without data has unknown values, and no intervals."""
    sheet = summary(EngineHoursReport(), [FakeTracker(RUNNING), FakeTracker(Track.empty()), FakeTracker(RUNNING)])
    (table,) = tables(sheet)

    assert ["object", *DAILY, "avg_speed", "intervals"] == [one.field for one in table.columns]
    assert ["00:40", "—", "00:40"] == texts(table, "duration")
    assert ["1", "0", "1"] == texts(table, "intervals")
    assert ["01:20", "00:40", "00:40", "00:40", "40", "60", "2"] == [*lines(sheet).values()]


def test_a_time_before_midnight_and_one_after_are_of_their_days() -> None:
    """The interval is whole in the details, and begins on the day of its start."""
    late = track((10, 0, 0), (240, 0, 1), (10, 0, 0), every_s=60, start_ms=NOON_MS + 7 * 3_600_000)
    daily, details = tables(build(late, show_detailed=True))

    assert (["01:50"], ["1"]) == (texts(daily, "duration"), texts(daily, "intervals"))
    assert ["01:50"] == texts(details, "duration")


class WithSensor(FakeTracker):
    """Tracker whose ignition is told by a sensor, between its points."""

    def ignition(self, start_ms: int, end_ms: int) -> tuple[Ints, Floats]:
        moments, states = np.array([at(10.5), at(22.5)]), np.array([1.0, 0.0])
        within = (start_ms <= moments) & (moments < end_ms)
        return moments[within], states[within]


def test_the_way_of_a_leg_is_shared_by_time_where_the_ignition_changes() -> None:
    """12 minutes at a kilometre a minute, from the middle of one leg to the middle of another."""
    daily = tables(built(EngineHoursReport(), WithSensor(track((40, 60), every_s=60))).sheet)[0]

    assert (["00:12"], ["12"]) == (texts(daily, "duration"), texts(daily, "mileage"))


def test_without_ignition_there_is_no_data() -> None:
    """Nor where it is never on."""
    for known in (track((30, 60)), track((30, 60, 0))):
        assert ["No data found for the selected period"] == [one.text.text for one in build(known).sections]


def test_a_period_in_the_future_has_no_data() -> None:
    """It ends at the moment of creation, before it begins."""
    kind = EngineHoursReport()
    future = replace(context(kind.Options()), windows=Windows.empty(), end_ms=0)

    assert ["No data found for the selected period"] == [
        section.text.text for section in kind.sheet(future, FakeTracker(RUNNING)).sheet.sections
    ]


def test_a_day_on_which_the_clock_is_changed_is_one_day() -> None:
    """It lasts 25 hours, and all of them are on."""
    start_ms = 1_603_576_800_000  # 2020-10-25 in Berlin, to the midnight after
    known = track((25 * 60, 0, 1), (60, 0, 1), every_s=600, start_ms=start_ms)
    kind, zone = EngineHoursReport(), ZoneInfo("Europe/Berlin")
    end_ms = start_ms + 25 * 3_600_000
    berlin = context(kind.Options(), Locale(time_zone="Europe/Berlin"))
    whole = replace(
        berlin, windows=windows_of(start_ms, end_ms - 1000, Daily(), zone), start_ms=start_ms, end_ms=end_ms
    )
    daily = tables(kind.sheet(whole, FakeTracker(known)).sheet)[0]

    assert (["Oct 25, 2020"], ["25:00"]) == (texts(daily, "date"), texts(daily, "duration"))
