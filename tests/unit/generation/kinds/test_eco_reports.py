"""Eco-driving reports: violations, penalties, ratings, by trackers and by drivers (reference 6.5, 7.14)."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from daybook.input.v1.events_pb2 import Event, EventExtra
from daybook.input.v1.fleet_pb2 import Assignment, Vehicle
from daybook.report.v1.sheet_pb2 import Table
from pydantic import ValidationError

from services.errors import Violation
from services.generation.accounts.user import Locale
from services.generation.domain.tracks import Track
from services.generation.domain.windows import Windows
from services.generation.kinds.eco_options import EcoOptions
from services.generation.kinds.eco_reports import EcoDriversReport, EcoTrackersReport
from services.generation.kit.option_violations import violations
from tests.builders.field_service import TRACKER_ID, moment, place
from tests.builders.kinds import MOSCOW, at, built, column, context, lines, raws, summary, tables, texts
from tests.builders.tracks import track
from tests.fakes.entity_data import FakeEmployee, FakeInputs, FakeTracker

# From 15:00 in Moscow: 81 km/h from 15:10 for 1:37, at rest with the ignition on from 15:31:37 for 8:14
EXAMPLE = track((10, 60, 1), (97 / 60, 81, 1), (20, 60, 1), (494 / 60, 0, 1), (20, 60, 1), every_s=1)
LIMIT = {"speed_limit": 60}
HARSH_AT = 5


def harsh(event_id: int, minutes: float, kind: str = "harshBraking", **more: Any) -> Event:
    extra = EventExtra(harsh_type=kind)
    return Event(id=event_id, event="harsh_driving", tracker_id=TRACKER_ID, time=moment(minutes), extra=extra, **more)


def tracker(known: Track = EXAMPLE, *events: Event, **more: Any) -> FakeTracker:
    return FakeTracker(known, inputs=FakeInputs({"events": events}), **more)


def by_header(sheet: Any) -> dict[str, Table]:
    return {table.header.partition(" (")[0]: table for table in tables(sheet)}


def test_the_published_examples() -> None:
    """A penalty of 6.2 for speeding and one of 16.2 for idling, in the units of the reference."""
    sheet = built(EcoTrackersReport(), tracker(), show_seconds=True, **LIMIT).sheet
    found = by_header(sheet)
    speeding, idling = found["Speed violations"], found["Idling"]

    assert ["Speed violations (with duration of 1+ min.)", "Idling (with duration of 5+ min.)"] == [
        table.header for table in tables(sheet)
    ]
    fields = ["start_time", "speed_limit", "max_speed", "overspeed", "duration", "max_speed_address", "penalty"]
    assert fields == [one.field for one in speeding.columns]
    assert (["15:10:00"], ["00:01:37"]) == (texts(speeding, "start_time"), texts(speeding, "duration"))
    assert ([60], [81], [21]) == tuple(raws(speeding, name) for name in ("speed_limit", "max_speed", "overspeed"))
    assert (["6.2"], [6.1667]) == (texts(speeding, "penalty"), raws(speeding, "penalty"))
    assert ["start_time", "event_address", "duration", "penalty"] == [one.field for one in idling.columns]
    assert (["15:31:37"], ["00:08:14"]) == (texts(idling, "start_time"), texts(idling, "duration"))
    assert (["16.2"], [16.1667]) == (texts(idling, "penalty"), raws(idling, "penalty"))


def test_the_sheet_sums_up_the_penalties() -> None:
    """A chart by day, then always the same six lines."""
    sheet = built(EcoTrackersReport(), tracker(EXAMPLE, harsh(1, HARSH_AT)), **LIMIT).sheet
    chart, named = sheet.sections[0].chart, sheet.sections[1].map_table

    assert ["speeding", "harsh_driving", "idling"] == [series.field for series in chart.series]
    assert [[6.1667], [5], [16.1667]] == [list(series.values) for series in chart.series]
    assert ["Oct 6, 2020"] == list(chart.categories)
    assert {
        "Rating": "★★★ (47.6)",
        "Total penalty": "27.3",
        "Number of penalties": "3",
        "Mileage, km": "52.18",
        "Average penalty": "9.1",
        "Penalty per 100 km": "52.4",
    } == lines(sheet)
    assert ([47.62, 27.3334, 3, 52.18], 9.1111) == (
        [round(row.raw, 4) for row in named.rows][:4],
        round(named.rows[4].raw, 4),
    )


def test_a_tracker_below_a_kilometre_has_no_rating() -> None:
    """The sentence is the only section of its sheet, and the summary leaves it out."""
    short = tracker(track((10, 0, 1), (1, 59), (10, 0)))
    sheet = built(EcoTrackersReport(), short).sheet
    total = summary(EcoTrackersReport(), [tracker(), short])

    assert ["No movements found for the specified period"] == [section.text.text for section in sheet.sections]
    assert built(EcoTrackersReport(), short, hide_empty_tabs=True).sheet is None
    assert 1 == len(tables(total)[0].columns[0].text)
    alone = summary(EcoTrackersReport(), [short])
    assert ["No movements found for the specified period"] == [section.text.text for section in alone.sections]
    assert summary(EcoTrackersReport(), [short], hide_empty_tabs=True) is None


def test_the_summary_compares_the_trackers() -> None:
    """Charts of penalties and ratings, and a table."""
    sheet = summary(EcoTrackersReport(), [tracker(label="Ford"), tracker(label="Seat")], **LIMIT)
    penalties, rating, table = (sheet.sections[0].chart, sheet.sections[1].chart, sheet.sections[2].table)

    assert ["Ford", "Seat"] == list(penalties.categories) == list(rating.categories) == texts(table, "name")
    assert [[6.1667] * 2, [0, 0], [16.1667] * 2] == [list(series.values) for series in penalties.series]
    assert ["★★★ (57.2)"] * 2 == list(rating.labels) == texts(table, "rating")
    assert ["name", "rating", "mileage", "penalties_number", "avg_penalty"] == [one.field for one in table.columns]
    total = raws(table, "avg_penalty")[0] * raws(table, "penalties_number")[0]
    assert total == pytest.approx(22.3334)
    assert EcoOptions().has_summary(1)


@pytest.mark.parametrize("edges", [(10.5, 33), (10.8, 36), (11, 39.9)])
def test_pieces_of_a_cut_period_add_up(edges: tuple[float, float]) -> None:
    """A violation cut by the period keeps the share of its penalty that the piece has of its duration."""
    kind, base = EcoTrackersReport(), context(EcoOptions(**LIMIT))
    bounds = [base.start_ms, *map(at, edges), base.end_ms]

    def penalties(start_ms: int, end_ms: int) -> list[float]:
        part = replace(base, windows=Windows.of([(start_ms, end_ms)]), start_ms=start_ms, end_ms=end_ms)
        found = kind.rows(part, tracker()).found
        return [found.speeding.penalty.sum(), found.idling.penalty.sum(), found.mileage_km]

    parts = [penalties(*span) for span in pairwise(bounds)]
    assert np.sum(parts, axis=0) == pytest.approx(penalties(base.start_ms, base.end_ms))


def test_idling_over_the_period_is_found_on_the_whole_recording() -> None:
    """Its minimum is judged on the uncut thing, however far it goes beyond the period."""
    hours = track((10, 60, 1), (14 * 60, 0, 1), (20, 60, 1), every_s=30)
    found = EcoTrackersReport().rows(context(EcoOptions()), tracker(hours)).found.idling
    period_end = 9 * 60

    assert [at(10), at(period_end)] == [found.start_ms.item(), found.end_ms.item()]
    assert found.penalty.item() == pytest.approx((14 * 60 - 5) * 5 * (period_end - 10) / (14 * 60), abs=0.1)


def test_idling_lasts_from_the_switching_on_to_the_switching_off() -> None:
    """Nothing idles without ignition data."""
    parts = track((10, 60, 1), (10, 0, 0), (6, 0, 1), (10, 0, 0), (20, 60, 1), every_s=10)
    unknown = track((10, 60), (30, 0), (20, 60))
    (table,) = tables(built(EcoTrackersReport(), tracker(parts)).sheet)

    assert (["15:20"], [360], [5]) == (texts(table, "start_time"), raws(table, "duration"), raws(table, "penalty"))
    assert [] == tables(built(EcoTrackersReport(), tracker(unknown)).sheet)


def test_harsh_events_of_one_type_are_a_row_with_the_sum() -> None:
    """An unknown type has no penalty and the event's name; an event of a standing tracker is ignored."""
    events = [
        harsh(1, 2),
        harsh(2, 5),
        harsh(3, 5.5, "harshTurn"),
        harsh(4, 9, location=place(54.0, precision=300), address="Main 1"),
        harsh(5, 20, "harshQuickLaneChange"),
        harsh(6, 25, "somersault"),
        harsh(7, 26, ""),
        harsh(8, 35, "harshTurn"),
        harsh(9, 5000),
    ]
    sheet = built(EcoTrackersReport(), tracker(EXAMPLE, *events), speed_limit=200).sheet
    table = by_header(sheet)["Harsh driving"]

    assert ["start_time", "event_address", "event", "penalty"] == [one.field for one in table.columns]
    assert ["15:02", "15:05", "15:09", "15:20", "15:25", "15:26"] == texts(table, "start_time")
    names = ["Harsh braking", "Harsh turn", "Harsh braking", "Quick lane change", "Harsh driving", "Harsh driving"]
    assert names == texts(table, "event")
    assert ["10", "5", "5", "12", "0", "0"] == texts(table, "penalty")
    assert ["55.02ville", "Main 1 (within 300 m)"] == [texts(table, "event_address")[row] for row in (0, 2)]
    assert "5" == lines(sheet)["Number of penalties"]  # four harsh ones and the idling


def test_the_type_of_an_event_may_stand_in_its_other_key() -> None:
    event = harsh(1, 5, "")
    event.extra.type = "harshTurn"

    assert ["Harsh turn"] == texts(
        by_header(built(EcoTrackersReport(), tracker(EXAMPLE, event)).sheet)["Harsh driving"], "event"
    )


def test_penalties_are_those_of_the_options() -> None:
    """An object replaces the default whole; the keys of tiers are texts."""
    options = EcoOptions(
        harsh_driving_penalties={"harshTurn": 3, "somersault": 9}, speeding_penalties={"5": 1, "40": 2.5}
    )

    assert (3, 0) == (options.harsh_driving_penalties.harshTurn, options.harsh_driving_penalties.harshBraking)
    assert {5: 1, 40: 2.5} == options.speeding_penalties
    assert {"5": 1, "40": 2.5} == options.model_dump(mode="json")["speeding_penalties"]
    assert {10: 2, 20: 10, 30: 25, 50: 75} == EcoOptions().speeding_penalties
    assert [5, 12] == [
        EcoOptions().harsh_driving_penalties.points_of(name) for name in ("harshTurn", "harshBrakingNTurn")
    ]
    for wrong in (
        {"speeding_penalties": {}},
        {"speeding_penalties": {"0": 1}},
        {"speeding_penalties": {"10": -1}},
        {"speeding_penalties": {"10.5": 1}},
        {"harsh_driving_penalties": {"harshTurn": 10_001}},
        {"harsh_driving_penalties": [5]},
        {"speed_limit": 401},
        {"idling_penalty": -1},
        {"min_idling_duration": 1441},
    ):
        with pytest.raises(ValidationError):
            EcoOptions(**wrong)


@pytest.mark.parametrize(
    ("penalties", "field", "description"),
    [
        ({"fast": 1}, ".fast", "is not a key of this option: keys are like 10, 20, 30, 50"),
        ({"0": 1}, ".0", "is not a key of this option: keys are like 10, 20, 30, 50"),
        ({"10": -1}, ".10", "must be a number from 0 to 10000, not -1"),
        ({}, "", "must be an object of at least 1 members, not {}"),
    ],
)
def test_a_wrong_penalty_is_told_in_plain_words(penalties: dict[str, float], field: str, description: str) -> None:
    """The speed above the limit that is the key, or its points, with what would be right."""
    with pytest.raises(ValidationError) as caught:
        EcoOptions.model_validate({"speeding_penalties": penalties})

    expected = Violation(f"plugin.speeding_penalties{field}", description)
    assert [expected] == list(violations(caught.value, EcoOptions))


def test_the_vehicles_own_limit_counts_where_it_is_known() -> None:
    """Unless the option says otherwise; only what is shown converts."""
    data = tracker(vehicle=Vehicle(id=1, max_speed=60))
    reader = Locale(time_zone=MOSCOW.time_zone, measurement_system="us")
    table = by_header(built(EcoTrackersReport(), data, reader).sheet)["Speed violations"]

    assert ([37], [50], [13]) == tuple(raws(table, name) for name in ("speed_limit", "max_speed", "overspeed"))
    assert [6.1667] == raws(table, "penalty")
    assert "Speed violations" not in by_header(built(EcoTrackersReport(), data, use_vehicle_speed_limit=False).sheet)


def driver(*spans: tuple[int, float, float], events: tuple[Event, ...] = ()) -> FakeEmployee:
    """Return an employee with a tracker, of some employees, between some moments."""
    assignments = [
        Assignment(tracker_id=TRACKER_ID, employee_id=employee, start_time=moment(start))
        for employee, start, _end in spans
    ]
    data = FakeTracker(EXAMPLE, inputs=FakeInputs({"assignments": assignments, "events": events}))
    return FakeEmployee([(data, (at(start), at(end))) for employee, start, end in spans if employee == 9])


def test_a_violation_belongs_whole_to_the_driver_at_its_start() -> None:
    """Mileage is that of the driver's own time."""
    first = driver((9, -10, 11), (8, 11, 200), events=(harsh(1, 4), harsh(2, 12)))
    second = driver((8, -10, 11), (9, 11, 200))
    found = built(EcoDriversReport(), first, **LIMIT).sheet
    mine = by_header(found)

    assert ("Samantha", [9]) == (found.header, list(found.entity_ids))
    assert ["Speed violations", "Harsh driving"] == list(mine)
    assert ["Ford Focus"] == texts(mine["Speed violations"], "object") == texts(mine["Harsh driving"], "object")
    assert "object" == mine["Speed violations"].columns[-1].field
    assert [6.1667] == raws(mine["Speed violations"], "penalty")
    assert ("11.35", "40.83") == (
        lines(found)["Mileage, km"],
        lines(built(EcoDriversReport(), second, **LIMIT).sheet)["Mileage, km"],
    )
    assert ["Idling"] == list(by_header(built(EcoDriversReport(), second, **LIMIT).sheet))
    assert "Employee" == tables(summary(EcoDriversReport(), [first]))[0].columns[0].title


def test_a_driver_without_a_tracker_has_no_movements() -> None:
    sheet = built(EcoDriversReport(), FakeEmployee([])).sheet

    assert ["No movements found for the specified period"] == [section.text.text for section in sheet.sections]


def test_addresses_are_those_of_the_fastest_point_and_of_the_stop() -> None:
    found = by_header(built(EcoTrackersReport(), tracker(), **LIMIT).sheet)

    assert ["55.09ville"] == texts(found["Speed violations"], "max_speed_address")
    assert ["55.29ville"] == texts(found["Idling"], "event_address")
    assert 1 == len(column(found["Idling"], "event_address").places.lat)


@pytest.mark.parametrize("kind", [EcoTrackersReport(), EcoDriversReport()], ids=lambda kind: kind.module)
def test_windows_that_cover_nothing_have_no_movements(kind: Any) -> None:
    """A time filter may leave nothing of a period."""
    nothing = replace(context(EcoOptions()), windows=Windows.empty())
    data = driver((9, -10, 200)) if kind.id == EcoDriversReport.id else tracker(EXAMPLE, harsh(1, 5))
    sheet = kind.sheet(nothing, data).sheet

    assert ["No movements found for the specified period"] == [section.text.text for section in sheet.sections]


def test_days_follow_the_clock_of_the_reader() -> None:
    """A row stands whole under the day of its start, and the chart has every day of the period."""
    two_days = replace(context(EcoOptions(idling_penalty=1)), end_ms=at(33 * 60))
    late = track((8.5 * 60, 60, 1), (60, 0, 1), (20, 60, 1), every_s=30)
    period = Windows.of([(two_days.start_ms, two_days.end_ms)])
    sheet = EcoTrackersReport().sheet(replace(two_days, windows=period), tracker(late)).sheet
    (idling,) = tables(sheet)

    assert (["23:30"], [3600]) == (texts(idling, "start_time"), raws(idling, "duration"))
    assert [[0, 0], [0, 0], [55, 0]] == [list(series.values) for series in sheet.sections[0].chart.series]


def test_a_daily_window_cuts_penalties_and_mileage() -> None:
    """They are those of the pieces inside."""
    base = context(EcoOptions(**LIMIT))
    inside = replace(base, windows=Windows.of([(at(10.5), at(35))]))
    found = EcoTrackersReport().rows(inside, tracker()).found

    assert found.speeding.penalty.item() == pytest.approx(37 / 60 * 10 * 67 / 97)
    assert found.idling.penalty.item() == pytest.approx(194 / 60 * 5 * 203 / 494)
    assert found.mileage_km == pytest.approx(67 / 3600 * 81 + 20, abs=0.02)
