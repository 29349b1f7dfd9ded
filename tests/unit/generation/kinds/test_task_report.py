"""The tasks report: which tasks, in which order, forms, places, counts and summary (reference 7.17)."""

from dataclasses import replace
from typing import Any

import pytest
from daybook.input.v1.fleet_pb2 import Assignment, Employee
from daybook.input.v1.landmarks_pb2 import Place, Zone
from pydantic import ValidationError

from services.generation.domain.windows import Daily, windows_of
from services.generation.kinds.task_report import TaskOptions, TaskReport
from tests.builders.field_service import TRACKER_ID, answer, form, form_field, moment, place, task
from tests.builders.kinds import DAY, built, column, context, lines, raws, summary, tables, texts
from tests.builders.tracks import track
from tests.fakes.entity_data import FakeInputs, FakeTracker

NOTHING = track((1, 0))[:0]
HOUR = 60
DAY_LENGTH = 24 * HOUR
SAMANTHA = Employee(id=9, first_name="Samantha", last_name="Reed")


def tracker(*tasks: Any, **more: Any) -> FakeTracker:
    return FakeTracker(NOTHING, inputs=FakeInputs({"tasks": tasks, **more}))


def ids(data: FakeTracker, **options: Any) -> list[float]:
    sheet = built(TaskReport(), data, **options).sheet
    return [number for table in tables(sheet) for number in raws(table, "id")]


def test_a_row_has_everything_that_is_known_and_a_dash_for_the_rest() -> None:
    done = task(7, 0, 60, "done", location=place(55.5, address="Main 1"), stay_duration=900, arrival_date=moment(41))
    assigned = Assignment(tracker_id=TRACKER_ID, employee_id=9, start_time=moment(-30))
    data = tracker(done, task(8, 30, 90), employees=[SAMANTHA], assignments=[assigned])
    table = tables(built(TaskReport(), data).sheet)[0]

    names = ["id", "label", "status", "from", "to", "arrival_date", "stay_duration", "address", "employee"]
    assert ("Tasks", names) == (table.header, [one.field for one in table.columns])
    assert ["Task 7", "Task 8"] == texts(table, "label")
    assert [7, 8] == raws(table, "id")
    assert ["Done", "Assigned"] == texts(table, "status")
    assert ["Oct 6, 2020 15:00", "Oct 6, 2020 15:30"] == texts(table, "from")
    assert ["Oct 6, 2020 15:41", "—"] == texts(table, "arrival_date")
    assert ["00:15", "—"] == texts(table, "stay_duration")
    assert ["Main 1", "—"] == texts(table, "address")
    assert ["Samantha Reed", "Samantha Reed"] == texts(table, "employee")
    assert "00:15" == table.groups[0].total.cells[0].text


def test_a_task_belongs_to_the_report_when_its_planned_time_meets_the_period() -> None:
    """From the day before into the period, and over its end; not what ends or begins at an edge outside."""
    morning, evening = -15 * HOUR, 9 * HOUR  # of the day in Moscow
    inside = [
        task(1, morning - 60, morning + 1),
        task(2, morning, morning),
        task(3, 0, DAY_LENGTH),
        task(4, evening - 1, evening + 60),
    ]
    outside = [task(5, morning - 60, morning), task(6, evening, evening + 60)]

    assert [1, 2, 3, 4] == ids(tracker(*outside, *reversed(inside)))


def test_a_task_stands_under_the_day_of_its_planned_beginning() -> None:
    table = tables(built(TaskReport(), tracker(task(1, -16 * HOUR, 0), task(2, 0, 60))).sheet)[0]

    assert ["Oct 5, 2020 (Mon) : 1", "Oct 6, 2020 (Tue) : 1"] == [group.header for group in table.groups]


def test_the_time_filter_looks_at_the_planned_beginning() -> None:
    daily, base = Daily.between("15:00", "16:00", range(1, 8)), context(TaskOptions())
    windows = windows_of(*DAY, daily, base.zone)
    data = tracker(task(1, -30, 30), task(2, 0, 200), task(3, 60, 90), task(4, -DAY_LENGTH + 5, 0))
    sheet = TaskReport().sheet(replace(base, windows=windows, daily=daily), data).sheet

    assert [4, 2] == raws(tables(sheet)[0], "id")


def test_statuses_choose_tasks_and_are_counted() -> None:
    """Every status has a line; none without tasks has a dash."""
    data = tracker(task(1, 0, 60, "done"), task(2, 5, 60, "failed"), task(3, 9, 60, "done"), task(4, 10, 60, "faulty"))

    assert [1, 2, 3] == ids(data, statuses=["done", "failed"])
    assert [1, 2, 3, 4] == ids(data, statuses=[])
    counts = {"Unassigned": "—", "Assigned": "—", "Done": "2", "Failed": "1", "Delayed": "—", "Arrived": "—"}
    assert counts | {"Faulty": "1"} == lines(built(TaskReport(), data).sheet)
    with pytest.raises(ValidationError):
        TaskOptions(statuses=["lost"])


def test_options_add_columns_in_their_order() -> None:
    yard = Zone(id=1, label="Yard", type=Zone.TYPE_CIRCLE, center={"lat": 55, "lng": 37}, radius=500)
    known = {
        "places": [Place(id=2, label="Client", location=place(55.0, radius=100))],
        "zones": [yard, Zone(id=3, label="Street", type=Zone.TYPE_CIRCLE, center={"lat": 55, "lng": 37}, radius=90)],
    }
    one = task(1, 0, 60, external_id="A-17", description="Ring twice", location=place(55.0))
    names = ["show_external_id", "show_description", "show_forms", "show_places_and_zones"]
    table = tables(built(TaskReport(), tracker(one, task(2, 5, 60), **known), **dict.fromkeys(names, True)).sheet)[0]

    assert ["external_id", "description", "places", "zones"] == [column.field for column in table.columns][9:]
    assert (["A-17", "—"], ["Ring twice", "—"]) == (texts(table, "external_id"), texts(table, "description"))
    assert (["Client", "—"], ["Yard, Street", "—"]) == (texts(table, "places"), texts(table, "zones"))


def test_forms_have_a_column_for_each_label() -> None:
    """Of submitted forms only, inside of the task or imported by themselves, in the order of first appearance."""
    who, ok = form_field("text", "Who"), form_field("dropdown", "State", "whole", "damaged")
    first = form(7, 10, [form_field("separator", "Part"), who, ok], task_id=1)
    first.values["who"].CopyFrom(answer(value="J. Doe"))
    first.values["state"].CopyFrom(answer(value_index=1))
    inner = form(8, 20, [form_field("rating", "Stars"), form_field("text", "Who", field_id="w2")])
    inner.values["stars"].CopyFrom(answer(value=4))
    inner.values["w2"].CopyFrom(answer(value="K. Roe"))
    data = tracker(
        task(1, 0, 60), task(2, 5, 60, form=inner), forms=[first, form(9, None, [form_field("text", "No")], task_id=1)]
    )
    table = tables(built(TaskReport(), data, show_forms=True).sheet)[0]

    titles = [("form_1", "Who"), ("form_2", "State"), ("form_3", "Stars")]
    assert titles == [(one.field, one.title) for one in table.columns][9:]
    assert ["J. Doe", "K. Roe"] == texts(table, "form_1")
    assert ["damaged", "—"] == texts(table, "form_2")
    assert (["—", "4"], 4) == (texts(table, "form_3"), raws(table, "form_3")[1])


def test_without_tasks_there_is_no_data() -> None:
    sheet = built(TaskReport(), tracker()).sheet

    assert ["No data found for the selected period"] == [section.text.text for section in sheet.sections]
    assert built(TaskReport(), tracker(), hide_empty_tabs=True).sheet is None


def test_the_summary_counts_tasks_by_status_for_each_tracker() -> None:
    """It is there with two trackers or more; one without tasks has zeros."""
    sheet = summary(TaskReport(), [tracker(task(1, 0, 60, "done"), task(2, 0, 60)), tracker()])
    (table,) = tables(sheet)
    fields = ["object", "count", "unassigned", "assigned", "done", "failed", "delayed", "arrived", "faulty"]

    assert fields == [one.field for one in table.columns]
    assert ([2, 0], [1, 0]) == (raws(table, "count"), raws(table, "done"))
    assert (1, False, True) == (
        len(sheet.sections),
        TaskOptions().has_summary(1),
        TaskOptions().has_summary(2),
    )
    assert list(column(table, "object").text) == ["Ford Focus", "Ford Focus"]
