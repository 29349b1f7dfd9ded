"""The form statistics report: values by template, and how often options were chosen (reference 7.18)."""

from typing import Any

from daybook.input.v1.field_service_pb2 import Form, FormValue
from daybook.input.v1.fleet_pb2 import Assignment, Employee

from services.generation.accounts.user import Locale
from services.generation.kinds.form_report import FormReport
from tests.builders.field_service import TRACKER_ID, answer, checkin, form, form_field, moment, place, task
from tests.builders.kinds import built, column, raws, tables, texts
from tests.builders.tracks import track
from tests.fakes.entity_data import FakeInputs, FakeTracker

NOTHING = track((1, 0))[:0]
STATE = form_field("dropdown", "State", "whole", "damaged", "lost")
BOXES = form_field("checkbox_group", "Boxes", "small", "large")


def tracker(*forms: Form, **more: Any) -> FakeTracker:
    return FakeTracker(NOTHING, inputs=FakeInputs({"forms": forms, **more}))


def filled(form_id: int, minutes: float, fields: list[Any], values: dict[str, FormValue], **more: Any) -> Form:
    made = form(form_id, minutes, fields, **{"tracker_id": TRACKER_ID, "template_id": 2, **more})
    for name, value in values.items():
        made.values[name].CopyFrom(value)
    return made


def test_every_template_has_a_table_with_a_row_for_each_submission() -> None:
    """By label; a form without template is its own; all types of fields but separators have a column."""
    kinds = ["text", "date", "rating", "checkbox_group", "radio_group", "photo", "signature", "separator"]
    fields = [form_field(kind, kind, "a", "b", "c") for kind in kinds]
    values = {
        "text": answer(value="hello"),
        "date": answer(value="2020-10-05"),
        "rating": answer(value=4),
        "checkbox_group": answer(values=[True, False, True]),
        "radio_group": answer(value_index=1),
        "photo": answer(file_ids=[5, 6]),
        "signature": answer(file_id=7),
    }
    full = filled(1, 10, fields, values, submit_location=place(55.5))
    data = tracker(
        full,
        filled(2, 5, fields, {}),
        filled(3, 0, [form_field("text", "Note")], {}, template_id=0, label="Alone"),
        employees=[Employee(id=9, first_name="Samantha")],
        assignments=[Assignment(tracker_id=TRACKER_ID, employee_id=9, start_time=moment(7))],
    )
    alone, table, *_ = tables(built(FormReport(), data).sheet)

    assert ["Alone", "Receipt"] == [alone.header, table.header]
    names = ["submitted", "employee", "place", *(f"field_{number}" for number in range(1, 8))]
    assert names == [one.field for one in table.columns]
    assert kinds[:7] == [one.title for one in table.columns][3:]
    assert ["Oct 6, 2020 15:05", "Oct 6, 2020 15:10"] == texts(table, "submitted")
    assert (["—", "Samantha"], ["—", "55.50ville"]) == (texts(table, "employee"), texts(table, "place"))
    shown = [column(table, name).text[1] for name in names[3:]]
    assert ["hello", "Oct 5, 2020", "4", "a, c", "b", "2", "1"] == shown
    assert {"—"} == {column(table, name).text[0] for name in names[3:]}
    assert [4, 2, 1] == [raws(table, f"field_{number}")[1] for number in (3, 6, 7)]


def test_choices_are_counted_of_those_who_answered() -> None:
    """An all-false group of boxes is an answer; options nobody chose are shown only where asked for."""
    forms = [
        filled(1, 0, [STATE, BOXES], {"state": answer(value_index=1), "boxes": answer(values=[True, True])}),
        filled(2, 1, [STATE, BOXES], {"state": answer(value_index=0), "boxes": answer(values=[False, False])}),
        filled(3, 2, [STATE, BOXES], {"state": answer(value_index=1), "boxes": answer(values=[True, False])}),
        filled(4, 3, [STATE, BOXES], {}),
    ]
    _values, state, boxes = tables(built(FormReport(), tracker(*forms)).sheet)

    assert (["option", "count", "percent"], "Receipt: State") == ([one.field for one in state.columns], state.header)
    assert (["whole", "damaged"], [1, 2]) == (texts(state, "option"), raws(state, "count"))
    assert (["33.3%", "66.7%"], [33.3, 66.7]) == (texts(state, "percent"), raws(state, "percent"))
    assert (["small", "large"], [66.7, 33.3]) == (texts(boxes, "option"), raws(boxes, "percent"))
    _values, state, _boxes = tables(built(FormReport(), tracker(*forms), show_nonselected=True).sheet)
    assert (["whole", "damaged", "lost"], [1, 2, 0]) == (texts(state, "option"), raws(state, "count"))


def test_a_form_belongs_to_the_first_of_what_it_names_that_exists() -> None:
    """Its task, its check-in, its tracker; a form that was not submitted, or outside of the period, is left out."""
    note = [form_field("text", "Note")]
    elsewhere = task(5, 0, 5)
    elsewhere.tracker_id = 1
    forms = [
        filled(1, 0, note, {}, tracker_id=0, task_id=1),
        filled(2, 1, note, {}, tracker_id=0, checkin_id=1),
        filled(3, 2, note, {}, task_id=99),
        filled(4, 3, note, {}, task_id=5),
        filled(5, 5000, note, {}),
        form(6, None, note, tracker_id=TRACKER_ID, template_id=2),
    ]
    inner = form(7, 4, note, template_id=2)
    data = tracker(*forms, tasks=[task(1, 0, 5), task(2, 0, 5, form=inner), elsewhere], checkins=[checkin(1, 0)])
    (table,) = tables(built(FormReport(), data).sheet)

    assert ["15:00", "15:01", "15:02", "15:04"] == [text[-5:] for text in texts(table, "submitted")]


def test_names_of_the_owner_are_never_translated() -> None:
    """A field called as a word of reports stays as it is."""
    sheet = built(
        FormReport(), tracker(filled(1, 0, [form_field("text", "Trips")], {})), Locale(locale="ru", time_zone="UTC")
    ).sheet
    (table,) = tables(sheet)

    assert ("Trips", "Receipt") == (table.columns[3].title, table.header)


def test_without_submissions_there_is_no_data() -> None:
    sheet = built(FormReport(), tracker()).sheet

    assert ["No data found for the selected period"] == [section.text.text for section in sheet.sections]
