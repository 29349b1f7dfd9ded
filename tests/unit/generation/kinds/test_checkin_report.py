"""The check-ins report: who, where, forms and files (reference 7.20)."""

from daybook.input.v1.fleet_pb2 import Assignment, Employee
from daybook.input.v1.landmarks_pb2 import Place

from services.generation.kinds.checkin_report import CheckinReport
from tests.builders.field_service import TRACKER_ID, answer, checkin, form, form_field, moment, place, task
from tests.builders.kinds import built, column, raws, tables, texts
from tests.builders.tracks import track
from tests.fakes.entity_data import FakeInputs, FakeTracker

NOTHING = track((1, 0))[:0]
DAY = 24 * 60


def tracker(*checkins: object, **more: object) -> FakeTracker:
    return FakeTracker(NOTHING, inputs=FakeInputs({"checkins": checkins, **more}))


def test_a_row_says_who_was_where() -> None:
    """The check-in's own employee, else the driver then; one who does not exist is unknown."""
    people = [Employee(id=9, first_name="Samantha"), Employee(id=10, first_name="John", last_name="Doe")]
    drives = [Assignment(tracker_id=TRACKER_ID, employee_id=9, start_time=moment(5))]
    data = tracker(
        checkin(3, 20, employee_id=10, comment="here", names=["a.png", "b.png"]),
        checkin(1, 0),
        checkin(2, 10, location=place(55.5, address="Main 1", precision=500)),
        checkin(4, 30, employee_id=77),
        checkin(5, DAY),
        employees=people,
        assignments=drives,
    )
    (table,) = tables(built(CheckinReport(), data).sheet)

    assert ("Check-ins", ["time", "employee", "address", "comment", "files"]) == (
        table.header,
        [one.field for one in table.columns],
    )
    assert ["15:00", "15:10", "15:20", "15:30"] == texts(table, "time")
    assert ["—", "Samantha", "John Doe", "—"] == texts(table, "employee")
    assert ["55.00ville", "Main 1 (within 500 m)", "55.00ville", "55.00ville"] == texts(table, "address")
    assert [55, 55.5, 55, 55] == list(column(table, "address").places.lat)
    assert (["—", "—", "here", "—"], ["—", "—", "a.png, b.png", "—"]) == (
        texts(table, "comment"),
        texts(table, "files"),
    )
    assert not table.groups[0].HasField("total")


def test_options_add_columns_in_their_order() -> None:
    """A form that the check-in names comes before one that names the check-in; one of a task belongs to that."""
    own, other = (form(number, 1, [form_field("text", "Note")], tracker_id=TRACKER_ID) for number in (5, 6))
    own.values["note"].CopyFrom(answer(value="mine"))
    other.checkin_id = 2
    other.values["note"].CopyFrom(answer(value="of the second"))
    of_task = form(7, 1, [form_field("text", "Lost")], task_id=1, checkin_id=2)
    data = tracker(
        checkin(1, 0, form_id=5),
        checkin(2, 10),
        forms=[own, other, of_task],
        tasks=[task(1, 0, 5)],
        places=[Place(id=2, label="Client", location=place(55.0, radius=100))],
    )
    names = ["show_coordinates", "show_places_and_zones", "show_forms"]
    (table,) = tables(built(CheckinReport(), data, **dict.fromkeys(names, True)).sheet)

    fields = ["time", "employee", "address", "lat", "lng", "comment", "places", "zones", "form_1", "files"]
    assert fields == [one.field for one in table.columns]
    assert ([55, 55], ["Client", "Client"]) == (raws(table, "lat"), texts(table, "places"))
    assert ("Note", ["mine", "of the second"]) == (column(table, "form_1").title, texts(table, "form_1"))


def test_without_check_ins_there_is_no_data() -> None:
    sheet = built(CheckinReport(), tracker()).sheet

    assert ["No data found for the selected period"] == [section.text.text for section in sheet.sections]
