"""Objects of JSON as records: what a key may hold, and which key is named when it holds something else."""

import math
from typing import Any

import pytest
from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.input.v1.fleet_pb2 import Assignment, Employee, Parking, Tracker
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from services.cli.json_records import fill
from services.cli.json_values import BadValue, enum_words


def filled(message: Message, found: Any) -> Message:
    fill(message, found)
    return message


def test_keys_are_the_fields_of_the_message() -> None:
    """Unknown keys are ignored, null is the default, whole numbers may have a zero fraction."""
    found = {
        "id": 71.0, "label": "Van", "odometer_km": 12, "model": None, "parking": {"min_idle_minutes": 3}, "x": [1],
    }  # fmt: skip
    parking = Parking(min_idle_minutes=3)

    assert Tracker(id=71, label="Van", odometer_km=12.0, parking=parking) == filled(Tracker(), found)


def test_a_tag_may_be_a_number() -> None:
    """It is shown as text."""
    assert ["north", "7"] == filled(Employee(), {"tags": ["north", 7]}).tags


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-09T05:30:00Z",
        "2026-03-09 05:30:00",
        "2026-03-09T05:30",
        "2026-03-09T06:30:00+01:00",
        "2026-03-09T05:30:00.000",
    ],
)
def test_a_time_is_utc_unless_it_has_an_offset(text: str) -> None:
    """With T or a space."""
    assert (
        Timestamp(seconds=1_773_034_200) == filled(Assignment(), {"employee_id": None, "start_time": text}).start_time
    )


def test_a_value_of_an_enum_is_its_word() -> None:
    """Without the prefix that all share, in lower case; the unset one has none."""
    words = enum_words(Assignment.Source.DESCRIPTOR)

    assert ["hardware_key", "mobile_app", "manual"] == list(words)
    assert Assignment.SOURCE_MANUAL == filled(Assignment(), {"employee_id": 9, "source": "manual"}).source


@pytest.mark.parametrize(
    ("message", "found", "key"),
    [
        (Tracker(), [], ""),
        (Tracker(), {"id": "7"}, "id"),
        (Tracker(), {"id": True}, "id"),
        (Tracker(), {"id": 7.5}, "id"),
        (Tracker(), {"id": 2**63}, "id"),
        (Tracker(), {"id": math.inf}, "id"),
        (Tracker(), {"label": 7}, "label"),
        (Tracker(), {"label": "\ud800"}, "label"),
        (Tracker(), {"no_reports": 1}, "no_reports"),
        (Tracker(), {"odometer_km": "12"}, "odometer_km"),
        (Tracker(), {"odometer_km": True}, "odometer_km"),
        (Tracker(), {"odometer_km": math.inf}, "odometer_km"),
        (Tracker(), {"odometer_km": 10**400}, "odometer_km"),
        (Tracker(), {"parking": 3}, "parking"),
        (Tracker(), {"parking": {"min_idle_minutes": 2**31}}, "parking.min_idle_minutes"),
        (Employee(), {"tags": "north"}, "tags"),
        (Employee(), {"tags": ["north", None]}, "tags[1]"),
        (Assignment(), {"employee_id": 9, "start_time": 5}, "start_time"),
        (Assignment(), {"employee_id": 9, "start_time": "2026-03-09"}, "start_time"),
        (Assignment(), {"employee_id": 9, "start_time": "2026-03-32T00:00:00"}, "start_time"),
        (Assignment(), {"employee_id": 9, "source": "SOURCE_UNSPECIFIED"}, "source"),
        (Assignment(), {"employee_id": 9, "source": "unspecified"}, "source"),
        (GenerateReportRequest(), {"plugin": {"options": []}}, "plugin.options"),
    ],
)
def test_what_a_key_cannot_hold_is_named(message: Message, found: Any, key: str) -> None:
    """Of wrong types, out of bounds or unknown words."""
    with pytest.raises(BadValue) as caught:
        fill(message, found)

    assert key == caught.value.key
    assert caught.value.wanted.startswith("must be ")
