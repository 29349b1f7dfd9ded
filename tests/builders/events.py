"""Short ways to make events and assignments; moments are minutes after noon UTC on 2020-10-06."""

from typing import Any

from daybook.input.v1.events_pb2 import Event, EventExtra
from daybook.input.v1.fleet_pb2 import Assignment, Employee

from tests.builders.field_service import TRACKER_ID, moment

ANN = Employee(id=9, first_name="Ann", last_name="Lee")
BOB = Employee(id=7, first_name="Bob", last_name="Ray")


def event(event_id: int, minutes: float, event_type: str, **more: Any) -> Event:
    """Return an event of the tracker."""
    extra = EventExtra(**more.pop("extra", {}))
    return Event(id=event_id, tracker_id=TRACKER_ID, time=moment(minutes), event=event_type, extra=extra, **more)


def assignment(minutes: float, employee_id: int, source: int = Assignment.SOURCE_UNSPECIFIED) -> Assignment:
    """Return the assignment of an employee to the tracker, of 0 for nobody."""
    start = moment(minutes)
    return Assignment(tracker_id=TRACKER_ID, employee_id=employee_id, start_time=start, source=source)
