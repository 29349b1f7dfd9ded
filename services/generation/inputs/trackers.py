"""Trackers: the tracked units of an account."""

from daybook.input.v1.fleet_pb2 import Tracker

from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.limits import identifier, number, reference, text

TRACKERS = InputKind(
    name="trackers",
    noun="tracker",
    message=Tracker,
    is_global=True,  # tracks belong to a tracker of any owner
    limits={
        "id": identifier(new=True),
        "label": text(1),
        "odometer_km": number(0, 10_000_000, " km"),
        "parking.min_idle_minutes": number(1, 1440),  # reference 6.1
        "parking.idle_speed_kmh": number(0, 200),
        "parking.gap_minutes": number(1, 1440),
        "group_id": reference(),
        "device_id": text(),
        "model": text(),
        "phone": text(),
        "avatar_file_name": text(),
    },
    defaults={"parking.min_idle_minutes": 5, "parking.idle_speed_kmh": 3.0},
    text_fields=("label",),
    output_only=("create_time", "owner_id", "owner_login"),
)
