"""The work statuses report: how long each status lasted (reference 7.19)."""

from dataclasses import replace

import pytest
from daybook.input.v1.field_service_pb2 import StatusChange
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.windows import Daily, windows_of
from services.generation.kinds.work_status_report import WorkStatusOptions, WorkStatusReport
from tests.builders.field_service import change, place
from tests.builders.kinds import DAY, built, column, context, lines, raws, tables, texts
from tests.builders.tracks import track
from tests.fakes.entity_data import FakeInputs, FakeTracker

NOTHING = track((1, 0))[:0]
DRIVE = track((60, 60))
EVENING = 9 * 60  # midnight in Moscow


def tracker(*changes: StatusChange, known: object = NOTHING) -> FakeTracker:
    return FakeTracker(known, inputs=FakeInputs({"statuses": changes}))


def test_a_status_lasts_until_the_next_change_and_the_last_until_the_end_of_the_period() -> None:
    origin = StatusChange.ORIGIN_EMPLOYEE
    sheet = built(
        WorkStatusReport(),
        tracker(
            change(2, 90, 1, "Free"),
            change(1, 0, 2, "Busy", origin=origin, location=place(55.5, address="Main 1")),
            change(3, 120, 2, "Busy", origin=StatusChange.ORIGIN_SUPERVISOR),
        ),
    ).sheet
    (table,) = tables(sheet)

    assert ["time", "status", "duration", "origin", "address"] == [one.field for one in table.columns]
    assert ("Work statuses", ["15:00", "16:30", "17:00"]) == (table.header, texts(table, "time"))
    assert ["Busy", "Free", "Busy"] == texts(table, "status")
    assert [90 * 60, 30 * 60, (EVENING - 120) * 60] == raws(table, "duration")
    assert ["Employee", "—", "Supervisor"] == texts(table, "origin")
    assert ["Main 1", "—", "—"] == texts(table, "address")
    assert "09:00" == table.groups[0].total.cells[0].text
    assert {"Busy": "08:30", "Free": "00:30"} == lines(sheet)


def test_a_change_to_no_status_ends_one_and_has_no_row() -> None:
    """Nor has what was valid before the first change."""
    (table,) = tables(built(WorkStatusReport(), tracker(change(1, 0, 2, "Busy"), change(2, 10, 0))).sheet)

    assert (["Busy"], [600]) == (texts(table, "status"), raws(table, "duration"))


def test_changes_outside_of_the_period_or_the_daily_window_have_no_row() -> None:
    """They end what came before all the same."""
    data = tracker(*(change(number, 60 * number - 1440, 1 + number % 2, f"S{number}") for number in range(1, 40)))
    daily, base = Daily.between("15:00", "17:00", range(1, 8)), context(WorkStatusOptions())
    narrow = replace(base, windows=windows_of(*DAY, daily, base.zone), daily=daily)
    (table,) = tables(WorkStatusReport().sheet(narrow, data).sheet)

    assert (["15:00", "16:00"], [3600, 3600]) == (texts(table, "time"), raws(table, "duration"))


def test_a_status_without_place_is_where_the_tracker_was() -> None:
    """The last point at or before it."""
    (table,) = tables(built(WorkStatusReport(), tracker(change(1, 30, 2, "Busy"), known=DRIVE)).sheet)

    assert ["55.27ville"] == texts(table, "address")
    assert [pytest.approx(55.27, abs=0.01)] == list(column(table, "address").places.lat)


@given(st.lists(st.tuples(st.integers(-1000, 1000), st.integers(0, 3)), max_size=12))
def test_totals_are_the_sums_of_the_rows(moments: list[tuple[int, int]]) -> None:
    """And rows fill the time from the first to the period's end, but for the times without a status."""
    data = tracker(*(change(number, at, status, "Label") for number, (at, status) in enumerate(moments, 1)))
    sheet = built(WorkStatusReport(), data, show_seconds=True).sheet
    rows = [raw for table in tables(sheet) for raw in raws(table, "duration")]
    totals = [row.raw for section in sheet.sections for row in section.map_table.rows]

    assert sum(rows) == sum(totals) <= 24 * 3600
    assert all(duration >= 0 for duration in rows)


def test_without_changes_there_is_no_data() -> None:
    sheet = built(WorkStatusReport(), tracker()).sheet

    assert ["No data found for the selected period"] == [section.text.text for section in sheet.sections]
