"""Short ways to make tasks, forms, check-ins and changes of status; moments are minutes after noon UTC."""

from typing import Any

from daybook.input.v1.field_service_pb2 import (
    Checkin,
    CheckinFile,
    Form,
    FormChoice,
    FormField,
    FormValue,
    StatusChange,
    Task,
)
from daybook.input.v1.location_pb2 import Location
from google.protobuf.struct_pb2 import Value
from google.protobuf.timestamp_pb2 import Timestamp

from tests.builders.kinds import at

TRACKER_ID = 311852


def moment(minutes: float) -> Timestamp:
    """Return a moment so many minutes after noon UTC on 2020-10-06, 15:00 in Moscow."""
    stamp = Timestamp()
    stamp.FromMilliseconds(at(minutes))
    return stamp


def place(lat: float, lng: float = 37.0, **more: Any) -> Location:
    """Return a location."""
    return Location(lat=lat, lng=lng, **more)


def task(task_id: int, start: float, end: float, status: str = "assigned", **more: Any) -> Task:
    """Return a task that is planned between two moments."""
    word = Task.Status.Value(f"STATUS_{status.upper()}")
    planned = {"start_time": moment(start), "end_time": moment(end)}
    return Task(id=task_id, tracker_id=TRACKER_ID, label=f"Task {task_id}", status=word, **planned, **more)


def checkin(checkin_id: int, minutes: float, **more: Any) -> Checkin:
    """Return a check-in at a moment."""
    known = {"location": place(55.0), **more}
    names = [CheckinFile(name=name) for name in known.pop("names", ())]
    return Checkin(id=checkin_id, tracker_id=TRACKER_ID, marker_time=moment(minutes), files=names, **known)


def change(change_id: int, minutes: float, status_id: int, label: str = "", **more: Any) -> StatusChange:
    """Return a change to a status; 0 for none."""
    stamp = moment(minutes)
    return StatusChange(
        id=change_id, tracker_id=TRACKER_ID, changed=stamp, new_status_id=status_id, label=label, **more
    )


def form_field(kind: str, label: str, *choices: str, field_id: str = "") -> FormField:
    """Return a field of a form; its id is its label in small letters."""
    known = [FormChoice(label=one) for one in choices]
    named = {"group" if kind == "checkbox_group" else "options": known}
    return FormField(id=field_id or label.lower(), label=label, type=f"TYPE_{kind.upper()}", **named)


def answer(**members: Any) -> FormValue:
    """Return a value of a form; `value` is a text or a number."""
    plain = members.pop("value", None)
    kept = {} if plain is None else {"value": _plain(plain)}
    return FormValue(**kept, **members)


def _plain(value: str | float) -> Value:
    return Value(string_value=value) if isinstance(value, str) else Value(number_value=value)


def form(form_id: int, submitted: float | None, fields: list[FormField], **more: Any) -> Form:
    """Return a form; without a moment it was not submitted."""
    stamp = {} if submitted is None else {"submitted": moment(submitted)}
    return Form(id=form_id, fields=fields, **{"label": "Receipt", **stamp, **more})
