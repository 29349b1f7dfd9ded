"""Reports that list events: texts, tables, numbers, states (reference 7.7, 7.15, 7.21)."""

from dataclasses import replace
from typing import Any

import pytest
from daybook.input.v1.events_pb2 import Event
from daybook.input.v1.fleet_pb2 import Assignment
from daybook.report.v1.sheet_pb2 import IntervalChart
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.generation.accounts.user import Locale
from services.generation.domain.windows import Daily, windows_of
from services.generation.kinds import event_lists
from services.generation.kinds import event_reports as reports
from services.generation.kinds.driver_change_report import DriverChangeReport
from services.generation.kit.event_types import EVENT_TYPES, worded
from services.generation.kit.option_violations import violations
from services.generation.kit.options import Options
from services.generation.words.catalogue import languages, translator
from tests.builders.events import ANN, BOB, assignment, event
from tests.builders.field_service import place
from tests.builders.kinds import DAY, at, built, context, lines, summary, tables, texts
from tests.builders.tracks import track
from tests.fakes.entity_data import FakeInputs, FakeTracker

NOTHING = track((1, 0))[:0]
DRIVE = track((60, 60))
ENGLISH = Options().language(Locale(locale="en"))
RUSSIAN = Options().language(Locale(locale="ru"))
LISTS = (
    reports.CarSecurityReport(),
    reports.SosReport(),
    reports.FallReport(),
    reports.DetachReport(),
    reports.SafetyReport(),
    reports.LocationRequestReport(),
)


def tracker(*events: Event, assignments: Any = (), known: Any = NOTHING) -> FakeTracker:
    stored = {"events": events, "assignments": assignments, "employees": [ANN, BOB]}
    return FakeTracker(known, inputs=FakeInputs(stored))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("", "Speeding"),
        ("speedup", "Speeding"),
        ("Speeding", "Speeding"),
        ("Speeding - 91 km/h", "Speeding - 91 km/h"),
        ("speeding: 91 km/h", "Speeding - 91 km/h"),
        ("Speedings galore", "Speeding - Speedings galore"),
        ("91 km/h", "Speeding - 91 km/h"),
    ],
)
def test_the_text_of_an_event_says_its_name_once(message: str, expected: str) -> None:
    assert expected == worded(ENGLISH, "speedup", message)


@pytest.mark.parametrize(
    "message", ["-12.5 °C", "Low battery: -12.5 °C", "lowpower -12.5 °C", "Low battery - -12.5 °C"]
)
def test_a_number_in_a_message_keeps_its_sign(message: str) -> None:
    assert "Low battery - -12.5 °C" == worded(ENGLISH, "lowpower", message)


def test_the_english_name_in_a_message_is_taken_off_in_every_language() -> None:
    name = "Превышение скорости (по данным устройства)"
    message = "Speeding (by hardware speed) - 91 km/h"
    assert f"{name} - 91 km/h" == worded(RUSSIAN, "over_speed_reported", message)
    assert f"{name} - 91 km/h" == worded(RUSSIAN, "over_speed_reported", f"{name} - 91 km/h")
    assert "moon_landing - Eagle" == worded(RUSSIAN, "moon_landing", "Eagle")


def test_all_types_have_names_in_every_language() -> None:
    """There are 75 that are published, and 21 later ones."""
    assert 96 == len(EVENT_TYPES) == len(set(EVENT_TYPES.values()))
    for language in languages():
        translate = translator(language)
        assert [] == [name for name in EVENT_TYPES.values() if translate(name) == name]


def test_events_stand_by_day_with_their_places() -> None:
    """In time order, then by id; an address of their own comes first, then their location, then the last point."""
    sheet = built(
        reports.SosReport(),
        tracker(
            event(3, 30, "sos", location=place(55.5), address="Main 1"),
            event(2, 10, "sos", location=place(55.5, precision=250.0)),
            event(1, 10, "sos"),
            event(4, 20, "g_sensor"),
            known=DRIVE,
        ),
    ).sheet
    (table,) = tables(sheet)

    assert ("Events", ["time", "event", "address"]) == (table.header, [one.field for one in table.columns])
    assert ["Oct 6, 2020 15:10", "Oct 6, 2020 15:10", "Oct 6, 2020 15:30"] == [
        text.replace(":00", "") if text.count(":") > 1 else text for text in texts(table, "time")
    ]
    first, second, third = texts(table, "address")
    assert "Main 1" == third
    assert second.endswith("(within 250 m)")
    assert first != "—"
    assert ["Oct 6, 2020 (Tue) : 3"] == [group.header for group in table.groups]
    assert not table.groups[0].HasField("total")
    assert {"SOS button": "3"} == lines(sheet)


def test_employees_are_shown_where_an_event_has_one() -> None:
    """The one that the event names, else the driver of the moment."""
    named, driven = event(1, 10, "sos", extra={"employee_id": 7}), event(2, 40, "sos")
    sheet = built(reports.SosReport(), tracker(named, driven, assignments=[assignment(30, 9)])).sheet
    assert ["Bob Ray", "Ann Lee"] == texts(tables(sheet)[0], "employee")
    alone = built(reports.SosReport(), tracker(event(1, 10, "sos"), assignments=[assignment(30, 9)])).sheet
    assert "employee" not in [one.field for one in tables(alone)[0].columns]


@pytest.mark.parametrize("kind", LISTS, ids=lambda kind: str(kind.id))
def test_a_list_counts_every_type_of_its_own(kind: Any) -> None:
    """Those without events have a dash and the number 0, and other types are none of it."""
    first = kind.types[0]
    other = "track_start"
    sheet = built(kind, tracker(event(1, 1, first), event(2, 2, first), event(3, 3, other))).sheet
    assert sheet is not None
    (numbers,) = (section.map_table for section in sheet.sections if section.HasField("map_table"))

    assert [EVENT_TYPES[one] for one in kind.types] == [row.name for row in numbers.rows]
    assert ["2", *["—"] * (len(kind.types) - 1)] == [row.text for row in numbers.rows]
    assert [2.0, *[0.0] * (len(kind.types) - 1)] == [row.raw for row in numbers.rows]
    assert 2 == len(texts(tables(sheet)[0], "event"))


def test_groups_by_type_stand_in_the_order_of_lists() -> None:
    """A table for each type that occurs, unknown ones last."""
    mixed = [event(1, 1, "moon_landing"), event(2, 2, "driver_changed"), event(3, 3, "inzone"), event(4, 4, "inzone")]
    sheet = built(reports.AllEventsReport(), tracker(*mixed), group_by_type=True).sheet
    assert ["Geofence entry", "Driver changed", "moon_landing"] == [table.header for table in tables(sheet)]
    assert {"Geofence entry": "2", "Driver changed": "1", "moon_landing": "1"} == lines(sheet)


def test_chosen_types_are_counted_in_the_order_asked() -> None:
    """Their lanes too, with and without events."""
    found = tracker(event(1, 1, "inzone"), event(2, 2, "sos"), event(3, 3, "speedup"))
    sheet = built(reports.AllEventsReport(), found, event_types=["sos", "drain", "inzone", "sos"]).sheet
    assert sheet is not None
    assert {"SOS button": "1", "Fuel drain": "—", "Geofence entry": "1"} == lines(sheet)
    chart = sheet.sections[1].interval_chart
    assert IntervalChart.KIND_EVENTS == chart.kind
    assert ["sos", "drain", "inzone"] == [lane.id for lane in chart.lanes]
    assert [(2, at(1)), (0, at(2))] == list(zip(chart.lane, chart.start, strict=True))


def test_an_unknown_type_that_is_asked_for_is_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        reports.AllEventsOptions(event_types=["sos", "moon_landing"])
    (fault,) = violations(caught.value, reports.AllEventsOptions)
    assert "plugin.event_types[1]" == fault.field
    assert "'moon_landing' is not a known type of events, such as speedup" == fault.description


@pytest.mark.parametrize(
    ("kind", "types"),
    [
        (reports.ConnectionLostReport(), ("offline", "online")),
        (reports.DeviceSwitchingReport(), ("poweroff", "poweron")),
    ],
)
def test_a_state_lasts_until_the_next_event_and_the_last_until_the_end(kind: Any, types: tuple[str, str]) -> None:
    """Before the first event there is none. With two trackers there is a summary."""
    data = tracker(event(1, 10, types[0]), event(2, 25, types[1]), event(3, 40, types[0]))
    sheet = built(kind, data).sheet
    assert sheet is not None
    chart = sheet.sections[0].interval_chart
    end_ms = at(9 * 60)  # midnight in Moscow

    assert list(types) == [lane.id for lane in chart.lanes]
    assert [(0, at(10), at(25)), (1, at(25), at(40)), (0, at(40), end_ms)] == [
        *zip(chart.lane, chart.start, chart.end, strict=True)
    ]
    assert ["table", "map_table"] == [section.WhichOneof("content") for section in sheet.sections[1:]]
    total = summary(kind, [data, tracker()])
    assert ["object", *types] == [one.field for one in tables(total)[0].columns]
    assert (["2", "0"], ["1", "0"]) == tuple(texts(tables(total)[0], one) for one in types)
    assert {EVENT_TYPES[types[0]]: "2", EVENT_TYPES[types[1]]: "1"} == lines(total)


def test_windows_cut_states_and_do_not_decide_them() -> None:
    """Events between two windows end a state and begin the next one; only the events inside are listed."""
    turns = {-200: "offline", -90: "online", 30: "offline", 100: "online"}
    data = tracker(*(event(number, minutes, turns[minutes]) for number, minutes in enumerate(turns, 1)))
    kind = reports.ConnectionLostReport()
    all_day = context(kind.Options())
    windows = windows_of(*DAY, Daily.between("14:00", "16:00", range(1, 8)), all_day.zone)
    sheet = kind.sheet(replace(all_day, windows=windows), data).sheet
    assert sheet is not None
    chart = sheet.sections[0].interval_chart

    assert [(1, at(-60), at(30)), (0, at(30), at(60))] == [*zip(chart.lane, chart.start, chart.end, strict=True)]
    assert ["Connection lost"] == texts(tables(sheet)[0], "event")
    assert {"Connection lost": "1", "Connection restored": "—"} == lines(sheet)


def test_only_the_first_events_of_a_day_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number left out of each day is told; numbers are those of shown events."""
    monkeypatch.setattr(event_lists, "MOST_A_DAY", 3)
    sheet = built(reports.SosReport(), tracker(*(event(number, number, "sos") for number in range(1, 8)))).sheet
    assert sheet is not None
    note = sheet.sections[-1].text.text
    assert "Only the first 10,000 events of a day are shown; left out: Oct 6, 2020 (4)" == note
    assert {"SOS button": "3"} == lines(sheet)
    assert 3 == len(texts(tables(sheet)[0], "time"))


@given(st.lists(st.tuples(st.sampled_from(["sos", "drain", "moon", "inzone"]), st.integers(-2000, 2000)), max_size=30))
def test_counts_by_type_equal_the_rows(drawn: list[tuple[str, int]]) -> None:
    """Whether they stand in one table or in one for each type."""
    data = tracker(*(event(number, minutes, one) for number, (one, minutes) in enumerate(drawn, 1)))
    for grouped in (False, True):
        sheet = built(reports.AllEventsReport(), data, group_by_type=grouped).sheet
        rows = sum(len(texts(table, "time")) for table in tables(sheet))
        counted = lines(sheet) if rows else {}
        assert rows == sum(map(int, counted.values()))


def test_a_driver_change_is_a_row_of_an_assignment_that_changes_something() -> None:
    """An event of the same minute tells of the same change, one without an assignment is a row of its own."""
    data = tracker(
        event(1, 30.5, "driver_changed", extra={"employee_id": 9}),
        event(2, 90, "driver_changed", extra={"employee_id": 7}, location=place(55.5, address="Yard")),
        assignments=[
            assignment(-2000, 7),
            assignment(30, 9, Assignment.SOURCE_HARDWARE_KEY),
            assignment(40, 9, Assignment.SOURCE_MANUAL),
            assignment(60, 0, Assignment.SOURCE_MANUAL),
        ],
    )
    (table,) = tables(built(DriverChangeReport(), data).sheet)

    assert ["time", "previous_driver", "new_driver", "source", "address"] == [one.field for one in table.columns]
    assert ["Bob Ray", "Ann Lee", "—"] == texts(table, "previous_driver")
    assert ["Ann Lee", "—", "Bob Ray"] == texts(table, "new_driver")
    assert ["Device key", "—", "—"] == texts(table, "source")
    assert "Yard" == texts(table, "address")[-1]
    assert ["Oct 6, 2020 (Tue) : 3"] == [group.header for group in table.groups]


def test_without_changes_the_sheet_says_that_there_is_no_data() -> None:
    sheet = built(DriverChangeReport(), tracker()).sheet
    assert sheet is not None
    assert ["No data found for the selected period"] == [section.text.text for section in sheet.sections]
